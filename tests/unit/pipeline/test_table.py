from typing import Any

import msgspec
import pytest
from msgspec import Struct

from loyalty_stream.model.row import Row
from loyalty_stream.pipeline import table
from loyalty_stream.pipeline.table import RowVersionError, decode_row, decode_state, encode_row

KEY = b"tiers|capillary:710001:4100000"


class Later(Struct, frozen=True, array_like=True):
    """A state whose first version had a name only, the second also a number, as a text."""

    name: str
    number: int
    note: str


@pytest.fixture(autouse=True)
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrades: dict[int, Any] = {1: lambda state: [*state, "7"], 2: lambda state: [state[0], int(state[1]), "upgraded"]}
    monkeypatch.setitem(table._KINDS, b"tiers", table._kind(Later, 3, upgrades))


def written(version: int, *state: object) -> bytes:
    return msgspec.msgpack.encode([version, 5, b"window", state, "6:1", True])


def test_a_row_of_an_earlier_version_is_upgraded_a_version_at_a_time() -> None:
    upgraded = Row(3, 5, b"window", Later("gold", 7, "upgraded"), "6:1", waits=True)
    assert decode_row(KEY, written(1, "gold")) == upgraded
    assert decode_row(KEY, written(2, "gold", "7")) == upgraded


def test_an_upgraded_row_is_written_in_this_version() -> None:
    again = encode_row(decode_row(KEY, written(1, "gold")))
    assert again == written(3, "gold", 7, "upgraded")
    assert decode_row(KEY, again).version == 3


def test_a_row_of_a_later_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(RowVersionError, match=r"tiers in version 4, .* up to 3\. Start the newer version, or rebuild"):
        decode_row(KEY, written(4, "gold", 7, "now", "more"))


def test_the_state_of_a_merged_customer_is_upgraded_likewise() -> None:
    assert decode_state("tiers", 2, msgspec.msgpack.encode(["gold", "7"])) == Later("gold", 7, "upgraded")
    with pytest.raises(RowVersionError):
        decode_state("tiers", 4, msgspec.msgpack.encode(["gold", 7, "now", "more"]))


def test_a_row_of_an_unknown_domain_is_refused() -> None:
    with pytest.raises(RowVersionError, match="'parking', which this version lacks"):
        decode_row(b"parking|x", written(1))
