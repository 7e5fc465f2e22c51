"""Customer activities and campaign objects as Voucherify writes them, and what must come of them."""

from loyalty_stream.simulate.voucherify.simulation import VoucherifySimulation

__all__ = ["VoucherifySimulation"]
