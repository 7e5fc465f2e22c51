"""Which of the vendor's fields dirt falls on."""

from typing import Final

from loyalty_stream.simulate.dirt import DirtyFields

FIELDS: Final = DirtyFields(
    ids=frozenset({
        "id", "type", "code", "campaign_id", "voucher_id", "customer_id", "related_transaction_id",
        "parent_redemption_id", "campaign_type", "creation_status", "vouchers_generation_status",
    }),
    labels=frozenset({"name", "created_at", "date", "expiration_date", "start_date", "updated_at"}),
    integers=frozenset({
        "points", "amount", "balance", "total", "percent_off", "amount_off", "unit_off", "fixed_amount",
        "vouchers_count",
    }),
    keys_first=frozenset({
        "id", "type", "data", "created_at", "customer", "campaign", "voucher", "holder", "balance", "transaction",
        "details", "points", "total", "code", "campaign_id", "publication", "redemption", "redemption_rollback",
        "amount", "date", "gift", "discount", "pending_points", "voucher_pending_points_balance", "loyalty_tier",
        "loyalty_tier_to", "loyalty_tier_from", "expiration", "expiration_date", "segment", "consents", "consent",
        "reward", "referrer", "loyalty", "related_transaction_id", "updated_at", "active", "vouchers_count",
        "creation_status", "object", "validity_day_of_week", "validity_timeframe", "loyalty_tiers_expiration",
        "earning_rule",
    }),
)  # fmt: skip
