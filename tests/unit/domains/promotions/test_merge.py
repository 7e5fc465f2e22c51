"""Merge two customers' promotions."""

from datetime import date

import pytest

from loyalty_stream.domains.promotions import DOMAIN
from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion, PromotionsState
from tests.unit.domains.helpers import absorbed, left, rules_of

SOON, LATER = date(2026, 3, 31), date(2027, 3, 31)


def merged(ours: Promotion, theirs: Promotion) -> Promotion:
    outcome = absorbed(DOMAIN, PromotionsState({"22": ours}), PromotionsState({"22": theirs}))
    assert outcome.derived == ()
    return outcome.state.promotions["22"]


def test_the_survivor_has_the_promotions_of_both() -> None:
    ours, theirs = Promotion({"1": Issual("issued")}), Promotion({}, {"2": Earn("earned", "9")})
    outcome = absorbed(DOMAIN, PromotionsState({"22": ours}), PromotionsState({"23": theirs}))
    assert outcome.state == PromotionsState({"22": ours, "23": theirs})


def test_the_survivor_has_the_issuals_and_earns_of_both_of_one_promotion() -> None:
    ours = Promotion({"1": Issual("issued", SOON)}, {"5": Earn("earned", "1")})
    theirs = Promotion({"2": Issual("revoked")}, {"6": Earn("earned", "2", LATER)})
    assert merged(ours, theirs) == Promotion({**ours.issuals, **theirs.issuals}, {**ours.earns, **theirs.earns})


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, PromotionsState({"22": Promotion({"1": Issual("issued")})})) == ()


@pytest.mark.parametrize(("ours", "theirs"), [("issued", "revoked"), ("revoked", "issued"), ("revoked", "revoked")])
def test_an_issual_that_was_revoked_under_either_id_is_revoked(ours: str, theirs: str) -> None:
    issuals = [Promotion({"1": Issual("revoked" if state == "revoked" else "issued")}) for state in (ours, theirs)]
    assert merged(*issuals).issuals["1"].state == "revoked"


def test_revoking_the_issual_of_one_leaves_the_earns_of_the_other_alone() -> None:
    ours = Promotion({"1": Issual("revoked")})
    theirs = Promotion({"1": Issual("issued")}, {"5": Earn("earned", "1")})
    assert merged(ours, theirs).earns == {"5": Earn("earned", "1")}


def test_the_details_of_the_further_one_win_and_the_other_fills_in() -> None:
    earned, revoked = (
        Promotion({}, {"5": Earn("earned", "1", SOON)}),
        Promotion({}, {"5": Earn("revoked", None, LATER)}),
    )
    assert merged(earned, revoked).earns == merged(revoked, earned).earns == {"5": Earn("revoked", "1", LATER)}


def test_of_two_that_are_equally_far_the_survivors_details_win() -> None:
    ours, theirs = Promotion({"1": Issual("issued", SOON)}), Promotion({"1": Issual("issued", LATER)})
    assert merged(ours, theirs) == ours


def test_issuals_and_earns_are_counted() -> None:
    promotion = Promotion({"1": Issual("issued"), "2": Issual("revoked")}, {"5": Earn("earned")})
    state = PromotionsState({"22": promotion, "23": Promotion({}, {"6": Earn("earned")})})
    assert rules_of(DOMAIN).count(state) == 4
