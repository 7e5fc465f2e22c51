"""Read each vendor's dialect into canonical events. Pure; one module or package per dialect."""

from typing import Final

from loyalty_stream.sources import capillary, open_loyalty, talon_one, voucherify
from loyalty_stream.sources.reading import Dialect

DIALECTS: Final[dict[str, Dialect]] = {
    dialect.name: dialect
    for dialect in (
        capillary.DIALECT,
        voucherify.DIALECT,
        talon_one.DIALECT,
        open_loyalty.DIALECT,
    )
}
