"""Whose traffic can be made."""

from collections.abc import Callable, Mapping
from typing import Final

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.capillary import CapillarySimulation
from loyalty_stream.simulate.options import Dialect, SimulationOptions
from loyalty_stream.simulate.simulation import Simulation
from loyalty_stream.simulate.voucherify import VoucherifySimulation

SIMULATIONS: Final[Mapping[Dialect, Callable[[SimulationOptions, Answer], Simulation]]] = {
    "capillary": CapillarySimulation,
    "voucherify": VoucherifySimulation,
}


def make_simulation(options: SimulationOptions, answer: Answer | None = None) -> Simulation:
    """Return the simulation of the dialect that the options name; it adds to `answer` where one is given."""
    return SIMULATIONS[options.dialect](options, Answer() if answer is None else answer)
