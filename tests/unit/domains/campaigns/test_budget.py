"""Warn of limits that are nearly used up."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.campaigns.budget import near_limits
from loyalty_stream.domains.campaigns.derived import CampaignBudgetNear
from loyalty_stream.domains.campaigns.document import CampaignDocument, Limit


def limited(*limits: Limit) -> CampaignDocument:
    return CampaignDocument(limits=limits)


def coupons(used: str | None, amount: str = "1000", period: str | None = None) -> Limit:
    return Limit("createCoupon", Decimal(amount), period, None if used is None else Decimal(used))


@pytest.mark.parametrize(("used", "near"), [("899.999999999", False), ("900", True), ("1000", True), ("2000", True)])
def test_a_limit_is_near_from_nine_tenths_on(used: str, near: bool) -> None:  # noqa: FBT001 - a column of the table
    names, told = near_limits("9", (), limited(coupons(used)))
    assert (names, bool(told)) == (("createCoupon|",) if near else (), near)


def test_what_is_told_names_the_limit_and_what_is_used_of_it() -> None:
    _, told = near_limits("9", (), limited(coupons("950", period="yearly")))
    assert told == (CampaignBudgetNear("9", "createCoupon", "yearly", Decimal(950), Decimal(1000)),)


def test_a_limit_is_told_once_until_it_is_less_again() -> None:
    names, _ = near_limits("9", (), limited(coupons("950")))
    assert near_limits("9", names, limited(coupons("960"))) == (names, ())
    names, told = near_limits("9", names, limited(coupons("960", "2000")))
    assert (names, told) == ((), ())
    assert near_limits("9", names, limited(coupons("1900", "2000")))[1] != ()


def test_limits_of_two_periods_are_two() -> None:
    names, told = near_limits("9", (), limited(coupons("95", "100", "daily"), coupons("95", "1000", "yearly")))
    assert (names, len(told)) == (("createCoupon|daily",), 1)


@pytest.mark.parametrize("limit", [coupons(None), coupons("0", "0")])
def test_a_limit_without_a_total_or_of_nothing_is_never_near(limit: Limit) -> None:
    assert near_limits("9", (), limited(limit)) == ((), ())


def test_without_a_document_nothing_changes() -> None:
    assert near_limits("9", ("createCoupon|",), None) == (("createCoupon|",), ())
