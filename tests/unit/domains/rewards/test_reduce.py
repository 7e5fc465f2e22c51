"""Reduce reward events."""

from datetime import date
from decimal import Decimal
from itertools import permutations

from loyalty_stream.domains.rewards import DOMAIN
from loyalty_stream.domains.rewards import derived as out
from loyalty_stream.domains.rewards.events import (
    FailedReward,
    RewardCreated,
    RewardExpiryAnnounced,
    RewardIssued,
    RewardIssueFailed,
    RewardUpdated,
    Terms,
)
from loyalty_stream.domains.rewards.state import Grant, Offer
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

ONE = Decimal(1)
AT = OBSERVED_AT - 250
CREATED = RewardCreated("r-1", Terms(ONE, "POINTS", enabled=True, valid_from=10, valid_to=20, priority=1))
DISABLED = RewardUpdated("r-1", Terms(enabled=False, valid_to=30))
ISSUED = RewardIssued("r-1", ONE, "hash-1", 99)


def test_a_created_reward_is_in_the_catalogue() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, CREATED)
    assert outcome.state.offer == Offer(AT, ONE, "POINTS", enabled=True, valid_from=10, valid_to=20, priority=1)
    assert outcome.derived == (
        out.RewardCatalogChanged("r-1", "created", ONE, "POINTS", enabled=True, valid_from=10, valid_to=20, priority=1),
    )


def test_what_an_update_leaves_out_stays() -> None:
    assert derived_by(DOMAIN, [CREATED], DISABLED) == (
        out.RewardCatalogChanged(
            "r-1", "updated", ONE, "POINTS", enabled=False, valid_from=10, valid_to=30, priority=1
        ),
    )


def test_an_update_of_an_unknown_reward_is_adopted() -> None:
    assert after(DOMAIN, DISABLED).offer == Offer(AT, enabled=False, valid_to=30)


def test_of_two_statements_the_later_one_holds_in_either_order() -> None:
    state = after(DOMAIN, DISABLED)
    outcome = outcome_of(DOMAIN, state, CREATED, occurred_at=AT - 1)
    assert isinstance(outcome, Applied)
    assert outcome.state.offer == Offer(AT, ONE, "POINTS", enabled=False, valid_from=10, valid_to=30, priority=1)
    assert outcome.state.offer == after(DOMAIN, CREATED, DISABLED).offer


def test_a_reminder_is_passed_on_and_changes_no_terms() -> None:
    state = after(DOMAIN, CREATED)
    outcome = applied(DOMAIN, state, RewardExpiryAnnounced("r-1", date(2026, 3, 31)))
    assert outcome.state == state
    assert outcome.derived == (out.RewardExpiringSoon("r-1", date(2026, 3, 31), "vendor"),)


def test_an_issued_reward_is_told_and_kept() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, ISSUED)
    assert outcome.state.grants == {"r-1": Grant(1, AT, ONE, "hash-1", 99)}
    assert outcome.derived == (out.RewardIssued("r-1", ONE, "hash-1", 99),)


def test_a_reward_given_again_is_counted_with_the_details_of_the_last_time() -> None:
    state = after(DOMAIN, ISSUED, RewardIssued("r-2"), RewardIssued("r-1", None, "hash-2"))
    assert state.grants == {"r-1": Grant(2, AT, None, "hash-2"), "r-2": Grant(1, AT)}


def test_each_reward_that_was_not_given_is_told_and_no_grant_is_kept() -> None:
    failed = RewardIssueFailed(Decimal(35), (FailedReward("r-1", "730", "X_EXCEEDED"), FailedReward("r-2")))
    outcome = applied(DOMAIN, DOMAIN.initial, failed)
    assert outcome.state == DOMAIN.initial
    assert outcome.derived == (
        out.RewardIssueFailed("r-1", Decimal(35), "730", "X_EXCEEDED"),
        out.RewardIssueFailed("r-2", Decimal(35), None, None),
    )


def test_events_in_any_order_take_effect() -> None:
    for order in permutations([CREATED, DISABLED, ISSUED, RewardExpiryAnnounced("r-1")]):
        after(DOMAIN, *order)
