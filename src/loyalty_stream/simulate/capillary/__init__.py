"""Capillary's events: every name that the dialect reads, in every envelope."""

from loyalty_stream.simulate.capillary.simulation import CapillarySimulation

__all__ = ["CapillarySimulation"]
