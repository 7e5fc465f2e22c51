"""Merge two customers' partner programmes."""

from datetime import date

from loyalty_stream.domains.partners import DOMAIN
from loyalty_stream.domains.partners.state import Membership, PartnersState
from tests.unit.domains.helpers import absorbed, left, rules_of

SOON, LATER = date(2026, 3, 31), date(2027, 3, 31)


def merged(ours: Membership, theirs: Membership) -> Membership:
    outcome = absorbed(DOMAIN, PartnersState({"45": ours}), PartnersState({"45": theirs}))
    assert outcome.derived == ()
    return outcome.state.memberships["45"]


def test_the_survivor_has_the_memberships_of_both() -> None:
    ours, theirs = Membership("linked", 5, "external"), Membership("delinked", 7)
    outcome = absorbed(DOMAIN, PartnersState({"45": ours}), PartnersState({"46": theirs}))
    assert outcome.state == PartnersState({"45": ours, "46": theirs})


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, PartnersState({"45": Membership("linked", 5)})) == ()


def test_the_membership_with_the_newest_event_holds() -> None:
    older = Membership("linked", 5, "external", LATER, "1", LATER)
    newer = Membership("linked", 6, "supplementary", SOON, "2", SOON)
    assert merged(older, newer) == merged(newer, older) == newer


def test_of_two_that_are_equally_new_the_survivors_holds() -> None:
    ours, theirs = Membership("linked", 5, partner_tier="1"), Membership("linked", 5, partner_tier="2")
    assert merged(ours, theirs) == ours


def test_the_older_membership_fills_in_what_the_newer_leaves_open() -> None:
    older, newer = Membership("linked", 5, "external", LATER, "1", LATER), Membership("linked", 6)
    filled = Membership("linked", 6, "external", LATER, "1", LATER)
    assert merged(older, newer) == merged(newer, older) == filled


def test_a_membership_that_ended_later_takes_over_the_kind_only() -> None:
    linked, ended = Membership("linked", 5, "external", LATER, "1", LATER), Membership("delinked", 6)
    assert merged(linked, ended) == merged(ended, linked) == Membership("delinked", 6, "external")


def test_a_membership_that_ended_earlier_hands_on_its_kind() -> None:
    ended, linked = Membership("delinked", 5, "external"), Membership("linked", 6, None, SOON)
    assert merged(ended, linked) == Membership("linked", 6, "external", SOON)


def test_memberships_are_counted() -> None:
    state = PartnersState({"45": Membership("linked", 1), "46": Membership("delinked", 1)})
    assert rules_of(DOMAIN).count(state) == 2
