"""Reduce partner programme events."""

from datetime import date
from itertools import permutations

import pytest

from loyalty_stream.domains.partners import DOMAIN
from loyalty_stream.domains.partners.derived import PartnerMembershipChanged, PartnerMembershipExpiringSoon
from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.domains.partners.state import Membership, PartnersState
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

NOW = OBSERVED_AT - 250
SOON, LATER, NEVER = date(2026, 3, 31), date(2027, 3, 31), date(2126, 3, 31)
LINK = PartnerProgramLinked("club", "45", "supplementary", SOON)
UPGRADE = PartnerProgramUpdated("club", "45", "supplementary", None, "2", LATER)
DELINK = PartnerProgramDelinked("club", "45", "supplementary")


def late(state: PartnersState, body: EventBody) -> Applied[PartnersState]:
    """Reduce an event that happened a second before those of the state."""
    outcome = outcome_of(DOMAIN, state, body, occurred_at=NOW - 1000)
    assert isinstance(outcome, Applied)
    return outcome


def test_a_link_begins_a_membership() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, LINK)
    assert outcome.state.memberships == {"45": Membership("linked", NOW, "supplementary", SOON)}
    assert outcome.derived == (PartnerMembershipChanged("45", "supplementary", None, "linked", SOON, None, None),)


@pytest.mark.parametrize(("day", "until"), [(date(2099, 12, 31), date(2099, 12, 31)), (date(2100, 1, 1), None)])
def test_a_day_of_the_next_century_stands_for_never(day: date, until: date | None) -> None:
    link = PartnerProgramLinked("club", "45", None, day, "1", day)
    assert after(DOMAIN, link).memberships["45"] == Membership("linked", NOW, None, until, "1", until)


def test_a_link_again_is_no_change() -> None:
    state = after(DOMAIN, LINK)
    outcome = applied(DOMAIN, state, LINK)
    assert (outcome.state, outcome.derived) == (state, ())


def test_an_update_changes_what_it_states_and_nothing_else() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, LINK), UPGRADE)
    assert outcome.state.memberships == {"45": Membership("linked", NOW, "supplementary", SOON, "2", LATER)}
    assert outcome.derived == (PartnerMembershipChanged("45", "supplementary", "linked", "linked", SOON, "2", LATER),)


def test_an_update_takes_the_end_away_with_a_day_that_stands_for_never() -> None:
    update = PartnerProgramUpdated("club", "45", expires_on=NEVER)
    (changed,) = derived_by(DOMAIN, [LINK], update)
    assert changed == PartnerMembershipChanged("45", "supplementary", "linked", "linked", None, None, None)


def test_an_update_of_an_unknown_membership_links_it() -> None:
    (changed,) = derived_by(DOMAIN, [], UPGRADE)
    assert changed == PartnerMembershipChanged("45", "supplementary", None, "linked", None, "2", LATER)


def test_a_delinking_ends_the_membership_and_its_tier() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, LINK, UPGRADE), PartnerProgramDelinked("club", "45"))
    assert outcome.state.memberships == {"45": Membership("delinked", NOW, "supplementary")}
    assert outcome.derived == (PartnerMembershipChanged("45", "supplementary", "linked", "delinked", None, None, None),)


def test_a_delinking_of_an_unknown_membership_is_told() -> None:
    (changed,) = derived_by(DOMAIN, [], DELINK)
    assert changed == PartnerMembershipChanged("45", "supplementary", None, "delinked", None, None, None)


def test_a_delinking_again_is_told_once() -> None:
    assert derived_by(DOMAIN, [LINK, DELINK], DELINK) == ()


@pytest.mark.parametrize("body", [LINK, UPGRADE])
def test_a_membership_begins_anew_after_its_end(body: PartnerProgramLinked | PartnerProgramUpdated) -> None:
    outcome = applied(DOMAIN, after(DOMAIN, PartnerProgramUpdated("club", "45", "external", LATER, "9"), DELINK), body)
    assert outcome.state.memberships["45"] == Membership(
        "linked", NOW, "supplementary", body.expires_on, body.partner_tier, body.partner_tier_expires_on
    )
    (changed,) = outcome.derived
    assert isinstance(changed, PartnerMembershipChanged)
    assert (changed.from_state, changed.to_state) == ("delinked", "linked")


@pytest.mark.parametrize("body", [LINK, UPGRADE, DELINK])
def test_an_event_from_before_the_delinking_changes_nothing(body: EventBody) -> None:
    state = after(DOMAIN, LINK, DELINK)
    outcome = late(state, body)
    assert (outcome.state, outcome.derived) == (state, ())


def test_a_delinking_from_before_the_link_changes_nothing() -> None:
    state = after(DOMAIN, LINK)
    outcome = late(state, DELINK)
    assert (outcome.state, outcome.derived) == (state, ())


def test_a_link_that_comes_after_its_update_fills_in_what_was_left_open() -> None:
    outcome = late(after(DOMAIN, UPGRADE), PartnerProgramLinked("club", "45", "external", SOON, "1", SOON))
    assert outcome.state.memberships["45"] == Membership("linked", NOW, "supplementary", SOON, "2", LATER)
    assert outcome.derived == (PartnerMembershipChanged("45", "supplementary", "linked", "linked", SOON, "2", LATER),)


def test_a_reminder_is_passed_on_and_changes_nothing() -> None:
    state = after(DOMAIN, LINK)
    outcome = applied(DOMAIN, state, SupplementaryMembershipExpiryAnnounced("club", "45", SOON))
    assert (outcome.state, outcome.derived) == (state, (PartnerMembershipExpiringSoon("45", SOON, "vendor"),))


@pytest.mark.parametrize("day", [None, NEVER])
def test_a_reminder_may_come_without_a_usable_day(day: date | None) -> None:
    reminder = SupplementaryMembershipExpiryAnnounced("club", "45", day)
    assert derived_by(DOMAIN, [], reminder) == (PartnerMembershipExpiringSoon("45", None, "vendor"),)


def test_partner_programmes_do_not_touch_each_other() -> None:
    state = after(DOMAIN, LINK, PartnerProgramLinked("club", "46"), PartnerProgramDelinked("club", "46"))
    assert [membership.state for membership in state.memberships.values()] == ["linked", "delinked"]


def test_events_in_any_order_take_effect() -> None:
    for order in permutations([LINK, UPGRADE, DELINK, SupplementaryMembershipExpiryAnnounced("club", "45")]):
        after(DOMAIN, *order)
