"""Whose traffic can be made."""

from collections.abc import Callable, Mapping
from typing import Final

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.capillary import CapillarySimulation
from loyalty_stream.simulate.open_loyalty import OpenLoyaltySimulation
from loyalty_stream.simulate.options import Dialect, OptionsError, SimulationOptions
from loyalty_stream.simulate.simulation import Simulation
from loyalty_stream.simulate.talon_one import TalonOneSimulation
from loyalty_stream.simulate.voucherify import VoucherifySimulation

SIMULATIONS: Final[Mapping[Dialect, Callable[[SimulationOptions, Answer], Simulation]]] = {
    "capillary": CapillarySimulation,
    "voucherify": VoucherifySimulation,
    "talon_one": TalonOneSimulation,
    "open_loyalty": OpenLoyaltySimulation,
}


def make_simulation(options: SimulationOptions, answer: Answer | None = None) -> Simulation:
    """Return the simulation of the dialect that the options name; it adds to `answer` where one is given.

    Raises OptionsError where no traffic of that dialect can be made.
    """
    if options.dialect not in SIMULATIONS:
        raise OptionsError(f"dialect is {options.dialect!r}: traffic is made of {', '.join(SIMULATIONS)}")
    return SIMULATIONS[options.dialect](options, Answer() if answer is None else answer)
