from datetime import date
from decimal import Decimal

import pytest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.coupons.state import Coupon, CouponsState
from loyalty_stream.domains.points.state import Account, Lot, PointsState
from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion, PromotionsState
from loyalty_stream.domains.streaks.state import Streak, StreaksState, streak_key
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline.table import encode_row
from loyalty_stream.serving.customer import (
    CustomerKey,
    MalformedKeyError,
    render_customer,
    render_row,
    row_keys,
)


def row(state: object, seq: int = 3) -> Row[object]:
    return Row(ROW_VERSION, seq, b"", state)


def test_a_key_has_three_parts_and_the_last_may_hold_colons() -> None:
    assert CustomerKey.parse("capillary:71:a:b") == CustomerKey("capillary", "71", "a:b")
    assert str(CustomerKey.parse("capillary:71:a:b")) == "capillary:71:a:b"


@pytest.mark.parametrize("text", ["", "capillary", "capillary:71", "capillary::1", "capillary:71:", ":71:1"])
def test_a_key_without_one_of_its_parts_is_malformed(text: str) -> None:
    with pytest.raises(MalformedKeyError, match="vendor:org_id:customer_id"):
        CustomerKey.parse(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("60.0", "60"),
        ("0.2690", "0.269"),
        ("1E+3", "1000"),
        ("1E-9", "0.000000001"),
        ("-0.0", "0"),
        ("-12.50", "-12.5"),
    ],
)
def test_amounts_are_in_plain_notation(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_every_domain_can_be_rendered(domain: object) -> None:
    name, initial = domain.name, domain.initial  # type: ignore[attr-defined]  # a domain of any state
    assert render_row(name, row(initial, 0))["seq"] == 0


def test_an_account_shows_balances_lots_and_drift() -> None:
    lot = Lot("a.0", "regular", Decimal("60.50"), date(2027, 1, 31), 1, "bill 7")
    account = Account("8100", "points", Decimal(60), Decimal(5), Decimal(100), (lot,), active_drift=Decimal("-1.0"))
    assert render_row("points", row(PointsState({"8100|points": account}))) == {
        "seq": 3,
        "accounts": [
            {
                "program_id": "8100",
                "currency": "points",
                "active": "60",
                "pending": "5",
                "lifetime": "100",
                "drift": {"active": "-1", "lifetime": "0"},
                "lots": [{"lot_id": "a.0", "kind": "regular", "remaining": "60.5", "expires_on": "2027-01-31"}],
            }
        ],
    }


def test_a_tier_may_be_none_and_without_end() -> None:
    memberships = render_row("tiers", row(TiersState({"8100": Membership(None)})))["memberships"]
    assert memberships == [{"program_id": "8100", "tier": None, "expires_on": None}]


def test_a_coupon_shows_the_hash_of_its_code_only() -> None:
    [coupon] = render_row("coupons", row(CouponsState({"9": Coupon("hash", "redeemed", 2)})))["coupons"]
    assert coupon["coupon_id"] == "9"
    assert coupon["code_hash"] == "hash"
    assert (coupon["state"], coupon["uses"], coupon["discount_value"]) == ("redeemed", 2, None)


def test_the_ids_of_a_streak_come_back_as_they_were() -> None:
    key = streak_key("a|b%7C", None, "five|in a row")
    streak = Streak("running", Decimal("3.0"), ("L1",))
    [shown] = render_row("streaks", row(StreaksState({key: streak})))["streaks"]
    assert (shown["target_group_id"], shown["target_period_id"]) == ("a|b%7C", None)
    assert (shown["streak_name"], shown["value"], shown["levels"]) == ("five|in a row", "3", ["L1"])


def test_a_promotion_shows_its_issuals_and_earns() -> None:
    promotion = Promotion({"1": Issual("issued", date(2027, 1, 1))}, {"2": Earn("revoked", "1")})
    assert render_row("promotions", row(PromotionsState({"22": promotion})))["promotions"] == [
        {
            "promotion_id": "22",
            "issuals": [{"issual_id": "1", "state": "issued", "expires_on": "2027-01-01"}],
            "earns": [{"earned_id": "2", "issual_id": "1", "state": "revoked", "expires_on": None}],
        }
    ]


def test_a_picture_holds_the_domains_that_have_a_row() -> None:
    key = CustomerKey("capillary", "71", "5")
    rows = {"tiers": encode_row(row(TiersState({"8100": Membership("2")}), 7))}
    picture = render_customer(key, 3, rows)
    assert (picture["key"], picture["customer_id"], picture["partition"]) == ("capillary:71:5", "5", 3)
    assert picture["tiers"]["seq"] == 7
    assert "points" not in picture


def test_each_domain_has_a_row_key_of_its_own() -> None:
    assert dict(row_keys(CustomerKey("v", "o", "c"))) == {
        domain.name: f"{domain.name}|v:o:c".encode() for domain in DOMAINS
    }
