"""Reduce promotion events."""

from datetime import date
from itertools import permutations

from loyalty_stream.domains.promotions import DOMAIN
from loyalty_stream.domains.promotions.derived import PromotionStateChanged
from loyalty_stream.domains.promotions.events import (
    EarnedPromotionRevoked,
    IssuedPromotionRevoked,
    PromotionEarned,
    PromotionIssued,
    RevokedEarn,
)
from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion
from tests.unit.domains.helpers import after, applied, derived_by

SOON, LATER = date(2026, 3, 31), date(2027, 3, 31)
ISSUE = PromotionIssued("club", "p-1", "i-1", SOON)
EARN = PromotionEarned("club", "p-1", "i-1", "e-1", SOON)
REVOKE_ISSUAL = IssuedPromotionRevoked("club", "p-1", "i-1")
REVOKE_EARN = EarnedPromotionRevoked("club", "p-1", (RevokedEarn("e-1", SOON),))


def test_an_issue_adds_the_issual() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, ISSUE)
    assert outcome.state.promotions == {"p-1": Promotion({"i-1": Issual("issued", SOON)}, {})}
    assert outcome.derived == (PromotionStateChanged("p-1", "i-1", None, None, "issued", SOON),)


def test_an_issue_known_already_refreshes_its_expiry_and_publishes_nothing() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, ISSUE), PromotionIssued("club", "p-1", "i-1", LATER))
    assert outcome.state.promotions["p-1"].issuals == {"i-1": Issual("issued", LATER)}
    assert outcome.derived == ()


def test_an_earn_is_added_beside_its_issual() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, ISSUE), EARN)
    assert outcome.state.promotions["p-1"] == Promotion(
        {"i-1": Issual("issued", SOON)}, {"e-1": Earn("earned", "i-1", SOON)}
    )
    assert outcome.derived == (PromotionStateChanged("p-1", "i-1", "e-1", None, "earned", SOON),)


def test_an_earn_before_its_issual_is_accepted() -> None:
    assert derived_by(DOMAIN, [], EARN) == (PromotionStateChanged("p-1", "i-1", "e-1", None, "earned", SOON),)


def test_one_issual_has_several_earns() -> None:
    state = after(DOMAIN, ISSUE, EARN, PromotionEarned("club", "p-1", "i-1", "e-2", SOON))
    assert set(state.promotions["p-1"].earns) == {"e-1", "e-2"}


def test_an_earn_known_already_fills_in_details_and_publishes_nothing() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, PromotionEarned(None, "p-1", None, "e-1")), EARN)
    assert outcome.state.promotions["p-1"].earns == {"e-1": Earn("earned", "i-1", SOON)}
    assert outcome.derived == ()


def test_revoking_an_issual_leaves_its_earns_alone() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, ISSUE, EARN), REVOKE_ISSUAL)
    assert outcome.state.promotions["p-1"] == Promotion(
        {"i-1": Issual("revoked", SOON)}, {"e-1": Earn("earned", "i-1", SOON)}
    )
    assert outcome.derived == (PromotionStateChanged("p-1", "i-1", None, "issued", "revoked", SOON),)


def test_revoking_an_unknown_issual_is_accepted() -> None:
    assert derived_by(DOMAIN, [], REVOKE_ISSUAL) == (PromotionStateChanged("p-1", "i-1", None, None, "revoked", None),)


def test_an_issual_revoked_twice_is_published_once() -> None:
    assert derived_by(DOMAIN, [ISSUE, REVOKE_ISSUAL], REVOKE_ISSUAL) == ()


def test_an_issue_after_its_revocation_stays_revoked() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, REVOKE_ISSUAL), ISSUE)
    assert outcome.state.promotions["p-1"].issuals == {"i-1": Issual("revoked", SOON)}
    assert outcome.derived == ()


def test_revoking_an_earn_names_the_issual_that_it_was_earned_under() -> None:
    revocation = EarnedPromotionRevoked("club", "p-1", (RevokedEarn("e-1"),))
    assert derived_by(DOMAIN, [ISSUE, EARN], revocation) == (
        PromotionStateChanged("p-1", "i-1", "e-1", "earned", "revoked", SOON),
    )


def test_revoking_several_earns_publishes_each_once_and_in_order() -> None:
    revocation = EarnedPromotionRevoked(
        "club", "p-1", (RevokedEarn("e-2", LATER), RevokedEarn("e-1", SOON), RevokedEarn("e-2", LATER))
    )
    assert derived_by(DOMAIN, [EARN], revocation) == (
        PromotionStateChanged("p-1", None, "e-2", None, "revoked", LATER),
        PromotionStateChanged("p-1", "i-1", "e-1", "earned", "revoked", SOON),
    )


def test_an_earn_revoked_twice_is_published_once() -> None:
    assert derived_by(DOMAIN, [EARN, REVOKE_EARN], REVOKE_EARN) == ()


def test_an_earn_after_its_revocation_stays_revoked() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, REVOKE_EARN), EARN)
    assert outcome.state.promotions["p-1"].earns == {"e-1": Earn("revoked", "i-1", SOON)}
    assert outcome.derived == ()


def test_the_same_ids_of_another_promotion_are_others() -> None:
    assert len(derived_by(DOMAIN, [ISSUE], PromotionIssued("club", "p-2", "i-1", SOON))) == 1


def test_a_revocation_of_nothing_publishes_nothing() -> None:
    assert derived_by(DOMAIN, [EARN], EarnedPromotionRevoked("club", "p-1", ())) == ()


def test_events_in_any_order_end_in_the_same_promotion() -> None:
    ends = [after(DOMAIN, *order).promotions for order in permutations((ISSUE, EARN, REVOKE_ISSUAL, REVOKE_EARN))]
    assert all(end == ends[0] for end in ends)
