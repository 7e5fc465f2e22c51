"""Find the tier that points reach."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.campaigns.priorities import TierStep, tier_for

GOLD, SILVER, BRONZE = (
    TierStep("3", "Gold", Decimal(300)),
    TierStep("2", "Silver", Decimal("200.5")),
    TierStep("1", "Bronze", Decimal(100)),
)


@pytest.mark.parametrize(
    ("points", "tier"),
    [("99.99", None), ("100", BRONZE), ("200", BRONZE), ("200.5", SILVER), ("299.999", SILVER), ("300", GOLD)],
)
def test_the_highest_tier_that_the_points_reach_is_held_in_whatever_order_they_stand(
    points: str, tier: TierStep | None
) -> None:
    for tiers in ([GOLD, SILVER, BRONZE], [BRONZE, GOLD, SILVER]):
        assert tier_for(tiers, Decimal(points)) == tier


def test_a_debt_reaches_a_tier_only_where_there_is_one_for_it() -> None:
    assert tier_for([TierStep("0", None, Decimal(0))], Decimal(-1)) is None
    assert tier_for([], Decimal(1000)) is None
