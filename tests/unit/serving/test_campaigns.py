"""Render campaigns and applications."""

from decimal import Decimal

from loyalty_stream.domains.campaigns.document import CampaignDocument, Gauge, Limit
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, TierStep
from loyalty_stream.domains.campaigns.state import Application, Campaign, CampaignsState
from loyalty_stream.serving.campaigns import render_campaigns


def test_a_campaign_shows_its_state_totals_and_limits() -> None:
    document = CampaignDocument(
        name="Autumn",
        gauges=(Gauge("coupons_created", Decimal("60.0")),),
        limits=(Limit("createCoupon", Decimal(500), "yearly", Decimal(60)), Limit("callApi", Decimal(5))),
    )
    campaign = Campaign("active", "running", 7, document, "902", "universal", 1)
    assert render_campaigns(CampaignsState(campaign)) == {
        "state": "active",
        "vendor_state": "running",
        "name": "Autumn",
        "version_at": 7,
        "deleted_at": None,
        "ruleset_id": "902",
        "priority": {"set": "universal", "position": 1},
        "gauges": {"coupons_created": "60"},
        "limits": [
            {"action": "createCoupon", "period": "yearly", "amount": "500", "used": "60"},
            {"action": "callApi", "period": None, "amount": "5", "used": None},
        ],
    }


def test_an_application_shows_the_order_of_its_campaigns_and_its_tiers() -> None:
    gold = TierStep("23", "Gold", Decimal("900.50"))
    application = Application((CampaignPosition("universal", 1, "4711"),), {"141": (gold,)}, 7)
    assert render_campaigns(CampaignsState(application=application)) == {
        "positions": [{"set": "universal", "position": 1, "campaign_id": "4711"}],
        "programs": [{"program_id": "141", "tiers": [{"tier_id": "23", "name": "Gold", "points_min": "900.5"}]}],
        "version_at": 7,
    }
