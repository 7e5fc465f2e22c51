from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.talon_one.documents import GAUGES
from loyalty_stream.simulate.talon_one.telling import Kind, Order, Word

KEY = "talon_one:0:campaign/7"
AT = 1_780_000_000_000


def document(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    totals = dict.fromkeys(GAUGES, Decimal(0))
    usual = {
        "name": "Spring",
        "state": "enabled",
        "activeRulesetId": 0,
        "limits": [],
        "startTime": None,
        "endTime": None,
    }
    return usual | totals | given


def word(kind: Kind = "campaign_edited", **given: Any) -> Word:  # noqa: ANN401 - Word's own fields
    return Word(kind=kind, key=KEY, **{"document": document(), **given})


def test_an_older_word_changes_nothing_and_one_without_a_time_is_taken_as_it_comes() -> None:
    answer = Answer()
    word(document=document(name="New")).tell(answer, AT, AT + 9)
    word(document=document(name="Old")).tell(answer, AT - 1, AT + 9)
    assert (answer.campaigns[KEY].name, answer.campaigns[KEY].version_at) == ("New", AT)
    word(document=document(name="Untimed")).tell(answer, None, AT + 9)
    assert (answer.campaigns[KEY].name, answer.campaigns[KEY].version_at) == ("Untimed", AT)


def test_a_deletion_is_final_and_may_come_late() -> None:
    answer = Answer()
    word(document=document(name="New")).tell(answer, AT, AT + 9)
    word("campaign_deleted", document=None).tell(answer, AT - 5, AT + 9)
    word(document=document(name="After")).tell(answer, AT + 1, AT + 9)
    gone = answer.campaigns[KEY]
    assert (gone.deleted_at, gone.version_at, gone.name) == (AT - 5, AT, None)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"state": "disabled"}, "disabled"),
        ({"state": "archived"}, "archived"),
        ({"startTime": "2027-01-01T00:00:00.000Z"}, "not_started"),
        ({"endTime": "2025-01-01T00:00:00.000Z"}, "expired"),
        ({}, "active"),
    ],
)
def test_a_state_that_nobody_has_named_is_that_of_switch_and_dates(given: dict[str, str], state: str) -> None:
    answer = Answer()
    word(document=document(**given)).tell(answer, AT, AT + 9)
    assert answer.campaigns[KEY].state == state


def test_a_state_that_is_named_holds_until_the_next_is_named() -> None:
    answer = Answer()
    word("campaign_state_changed", state="expired", vendor_state="expired").tell(answer, AT, AT + 9)
    word().tell(answer, AT + 1, AT + 9)
    assert (answer.campaigns[KEY].state, answer.campaigns[KEY].vendor_state) == ("expired", "expired")


def test_a_limit_of_the_whole_campaign_is_near_from_nine_tenths_on() -> None:
    limits = [
        {"action": "createCoupon", "limit": Decimal(100), "period": "yearly", "entities": ["Coupon"]},
        {"action": "redeemCoupon", "limit": Decimal(1), "entities": ["Profile"]},
    ]
    answer = Answer()
    word(document=document(limits=limits, couponCreationCount=89)).tell(answer, AT, AT)
    assert answer.campaigns[KEY].near == ()
    word(document=document(limits=limits, couponCreationCount=90)).tell(answer, AT + 1, AT + 1)
    assert answer.campaigns[KEY].near == ("createCoupon|yearly",)
    assert [limit.used for limit in answer.campaigns[KEY].limits] == [Decimal(90), None]


def test_programmes_that_are_not_named_again_keep_their_tiers() -> None:
    answer = Answer()
    gold = {"id": 9, "name": "Gold", "minPoints": Decimal(900)}
    for program_id, tiers, at_ms in ((41, [gold], AT), (42, [], AT + 1)):
        Order(key=KEY, positions=(), programs=[{"id": program_id, "tiers": tiers}]).tell(answer, at_ms, AT + 9)
    assert answer.applications[KEY].programs == {"41": (("9", "Gold", Decimal(900)),), "42": ()}
