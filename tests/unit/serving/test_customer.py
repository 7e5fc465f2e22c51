from datetime import date
from decimal import Decimal

import pytest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.domains.clearing.state import ClearingState, Leg
from loyalty_stream.domains.coupons.state import Coupon, CouponsState
from loyalty_stream.domains.customers.state import CustomersState, Standing, Transaction
from loyalty_stream.domains.executions.state import ExecutionState
from loyalty_stream.domains.partners.state import Membership as PartnerMembership
from loyalty_stream.domains.partners.state import PartnersState
from loyalty_stream.domains.points.state import Account, Lot, PointsState
from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion, PromotionsState
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.domains.rewards.state import Grant, Offer, RewardsState
from loyalty_stream.domains.streaks.events import EarnConstraint
from loyalty_stream.domains.streaks.state import Badge, Streak, StreaksState, Target, streak_key, target_key
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.events import Cause
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
                "drift": {"active": "-1", "pending": "0", "lifetime": "0"},
                "lots": [{"lot_id": "a.0", "kind": "regular", "remaining": "60.5", "expires_on": "2027-01-31"}],
            }
        ],
    }


def test_a_tier_may_be_none_and_without_end() -> None:
    memberships = render_row("tiers", row(TiersState({"8100": Membership(None)})))["memberships"]
    assert memberships == [{"program_id": "8100", "tier": None, "expires_on": None, "computed_expires_on": None}]


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


def test_a_target_shows_its_progress_and_what_the_vendor_says_of_it() -> None:
    target = Target("62", Decimal("60.50"), Decimal(100), met=True, closed=True)
    state = StreaksState(targets={target_key("6|3", "61"): target, target_key(None, "64"): Target()})
    assert render_row("streaks", row(state))["targets"] == [
        {
            "target_id": "61",
            "target_group_id": "62",
            "target_period_id": "6|3",
            "achieved": "60.5",
            "defined": "100",
            "met": True,
            "closed": True,
        },
        {
            "target_id": "64",
            "target_group_id": None,
            "target_period_id": None,
            "achieved": None,
            "defined": None,
            "met": None,
            "closed": False,
        },
    ]


def test_a_badge_shows_how_often_it_was_earned_and_its_limits() -> None:
    badge = Badge(2, ("e-1", "e-2"), 5, (EarnConstraint("CUSTOMER", "NONE"),))
    [shown] = render_row("streaks", row(StreaksState(badges={"b-1": badge})))["badges"]
    assert (shown["badge_id"], shown["earns"], shown["earned_on"]) == ("b-1", 2, 5)
    [limit] = shown["constraints"]
    assert (limit["constraint_level"], limit["max_earn_limit"]) == ("CUSTOMER", None)


def test_a_promotion_shows_its_issuals_and_earns() -> None:
    promotion = Promotion({"1": Issual("issued", date(2027, 1, 1))}, {"2": Earn("revoked", "1")})
    assert render_row("promotions", row(PromotionsState({"22": promotion})))["promotions"] == [
        {
            "promotion_id": "22",
            "issuals": [{"issual_id": "1", "state": "issued", "expires_on": "2027-01-01"}],
            "earns": [{"earned_id": "2", "issual_id": "1", "state": "revoked", "expires_on": None}],
        }
    ]


def test_a_customer_shows_what_is_kept_of_them_and_who_was_merged_into_them() -> None:
    bill = {"65001": Transaction("shipped", recorded=True)}
    standings = {"a": Standing(holds=True, at=1), "b": Standing(holds=False, at=2)}
    state = CustomersState(1_767_225_600_000, bill, ("4100007",), standings, standings, {"sms|sent": 2})
    assert render_row("customers", row(state)) == {
        "seq": 3,
        "added_at": 1_767_225_600_000,
        "transactions": [{"transaction_id": "65001", "status": "shipped", "recorded": True}],
        "merged_customer_ids": ["4100007"],
        "segments": ["a"],
        "consents": ["a"],
        "messages": [{"channel": "sms", "outcome": "sent", "count": 2}],
    }


def test_a_partner_membership_shows_its_end_and_tier() -> None:
    membership = PartnerMembership("linked", 1, "external", None, "2", date(2027, 1, 1))
    assert render_row("partners", row(PartnersState({"45": membership})))["memberships"] == [
        {
            "partner_program_id": "45",
            "state": "linked",
            "kind": "external",
            "expires_on": None,
            "partner_tier": "2",
            "partner_tier_expires_on": "2027-01-01",
        }
    ]


def test_a_customers_rewards_are_those_that_were_given() -> None:
    grant = Grant(2, 1_767_225_600_000, Decimal("1.50"), "hash", 1_767_312_000_000)
    assert render_row("rewards", row(RewardsState(None, {"55881": grant}))) == {
        "seq": 3,
        "grants": [
            {
                "reward_id": "55881",
                "times": 2,
                "issued_at": 1_767_225_600_000,
                "points_price": "1.5",
                "coupon_code_hash": "hash",
                "code_expires_at": 1_767_312_000_000,
            }
        ],
    }


def test_a_rewards_own_key_shows_its_offer() -> None:
    offer = render_row("rewards", row(RewardsState(Offer(7, Decimal("1.0"), "POINTS", enabled=False))))
    assert (offer["price"], offer["enabled"], offer["valid_to"], offer["changed_at"]) == ("1", False, None, 7)
    assert "grants" not in offer


def test_an_execution_shows_its_status_and_its_version() -> None:
    shown = render_row("executions", row(ExecutionState("skipped", 7, "0f")))
    assert shown == {"seq": 3, "status": "skipped", "updated_at": 7}


def test_a_card_and_a_request_show_their_state() -> None:
    assert render_row("cards", row(CardState("ACTIVE", 7))) == {"seq": 3, "status": "ACTIVE", "changed_at": 7}
    shown = render_row("requests", row(RequestState("CUSTOMER", "DELETE", "APPROVED", 7)))
    assert (shown["request_type"], shown["base_type"], shown["state"]) == ("CUSTOMER", "DELETE", "APPROVED")


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


def test_a_merged_customers_picture_names_whoever_has_all_of_it() -> None:
    left = Row(ROW_VERSION, 2, b"", TiersState(), "6:1")
    picture = render_customer(CustomerKey("capillary", "71", "5"), 3, {"tiers": encode_row(left)})
    assert picture["merged_into"] == "capillary:71:6:1"
    assert picture["tiers"] == {"seq": 2, "memberships": []}


@pytest.mark.parametrize("waits", [False, True])
def test_a_customer_who_was_merged_into_nobody_has_no_such_name(*, waits: bool) -> None:
    held = Row(ROW_VERSION, 2, b"", TiersState(), None, waits)
    picture = render_customer(CustomerKey("capillary", "71", "5"), 3, {"tiers": encode_row(held)})
    assert "merged_into" not in picture


def test_a_clearing_shows_the_transfers_of_which_a_leg_is_missing() -> None:
    leg = Leg("out", "5", Decimal("10.50"), 7, True, 8, "key", Cause("n", None, "t", 0, 1), True)  # noqa: FBT003
    assert render_row("clearing", row(ClearingState({"HNoD": leg}), 0)) == {
        "seq": 0,
        "open_transfers": [
            {
                "transfer_id": "HNoD",
                "direction": "out",
                "customer_id": "5",
                "amount": "10.5",
                "occurred_at": 7,
                "reported": True,
            }
        ],
    }
