"""Make traffic as Open Loyalty exports it."""

from loyalty_stream.simulate.open_loyalty.simulation import OpenLoyaltySimulation

__all__ = ["OpenLoyaltySimulation"]
