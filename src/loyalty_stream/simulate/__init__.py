"""Make realistic traffic of a loyalty programme and know the right answer, by a model of its own.

Nothing here imports sources, domains or pipeline: the answer would prove nothing if it came from the code under test.
"""

from loyalty_stream.simulate.account import Account, Move, Totals
from loyalty_stream.simulate.answer import Answer, Coupon
from loyalty_stream.simulate.options import OptionsError, SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation

__all__ = [
    "Account",
    "Answer",
    "Coupon",
    "Move",
    "OptionsError",
    "SimulatedRecord",
    "Simulation",
    "SimulationOptions",
    "Totals",
]
