"""How every simulated record is written: as JSON, amounts being numbers with all their decimals."""

from typing import Final

import msgspec

encode: Final = msgspec.json.Encoder(decimal_format="number").encode
