"""Make realistic traffic of loyalty programmes and know the right answer, by a model of its own.

Nothing here imports sources, domains or pipeline: the answer would prove nothing if it came from the code under test.
Each dialect has a package; what they share stands beside these.
"""

from loyalty_stream.simulate.account import Account, Move, Totals
from loyalty_stream.simulate.answer import Answer, Coupon
from loyalty_stream.simulate.dialects import SIMULATIONS, make_simulation
from loyalty_stream.simulate.options import OptionsError, SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation
from loyalty_stream.simulate.traffic import Traffic, mixed

__all__ = [
    "SIMULATIONS",
    "Account",
    "Answer",
    "Coupon",
    "Move",
    "OptionsError",
    "SimulatedRecord",
    "Simulation",
    "SimulationOptions",
    "Totals",
    "Traffic",
    "make_simulation",
    "mixed",
]
