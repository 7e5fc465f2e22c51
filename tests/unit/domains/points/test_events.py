"""Encode the points events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.events import (
    AccountDebit,
    BalanceStated,
    PointsExpiryAnnounced,
    PointsExpiryNeared,
    PointsTransferredIn,
    PointsTransferredOut,
)
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.transfer import TransferSettled, TransferUnmatched
from tests.unit.domains.helpers import recoded
from tests.unit.domains.points.facts import (
    LATER,
    SOON,
    adjust,
    convert,
    expire,
    issue,
    move,
    redeem,
    reverse,
    take_back,
    totals,
)

BODIES: tuple[EventBody, ...] = (
    issue((60, SOON), ("0.000000001", None), promised=3, of=totals(-5, 665), bill="70021"),
    redeem("12.5", "R1", "summary:9", of=totals(0)),
    convert("0.269"),
    expire(1000),
    PointsExpiryAnnounced("41", "points", Decimal(300), None),
    PointsExpiryNeared("41", SOON, 7),
    reverse(45, "R1"),
    take_back(40, 5, "70021"),
    move(25, SOON, LATER, "regular"),
    adjust(taken=12, given="2.5"),
    PointsTransferredOut("points", (AccountDebit("41", Decimal(10), totals(90)),), "T-1"),
    PointsTransferredIn("41", "points", Decimal(10), None),
    BalanceStated("41", "points", totals(-5, "665.5")),
    TransferSettled("T-1", "5001", "5002", Decimal(10)),
    TransferUnmatched("T-1", "5001", None, Decimal(10)),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_body_survives_its_encoding_beside_the_others(body: EventBody) -> None:
    assert recoded(DOMAIN, body) == body


def test_every_event_has_a_reducer() -> None:
    assert {type(body) for body in BODIES} == set(DOMAIN.reducers)
