"""Make traffic as Talon.One sends it."""

from loyalty_stream.simulate.talon_one.simulation import TalonOneSimulation

__all__ = ["TalonOneSimulation"]
