"""The dashboard of the business: what programmes owe, points by programme, tiers, coupons, streaks, promotions."""

from typing import Final

from deploy.grafana.source.panels import PER_SECOND, Panel, Query, Rows, Stat, gauge, increase, rate

UID: Final = "loyalty-business"
TITLE: Final = "Loyalty: business"
DESCRIPTION: Final = (
    "What programmes owe, and what happens to points, tiers, coupons, streaks and promotions. For the trend; the exact "
    "books are the tables and the events."
)

_IN: Final = ("points_issued_total", "points_other_credits_total")
_OUT: Final = ("points_redeemed_total", "points_expired_total", "points_other_debits_total")
_PROGRAM: Final = "{{program}}"


def _net(by: str = "") -> str:
    """Return by how many points a second all balances rise, less what they fall by."""
    return " ".join(
        [" + ".join(rate(name, by=by) for name in _IN), *(f"- {rate(name, by=by)}" for name in _OUT)],
    )


def _total(title: str, description: str, name: str) -> Stat:
    return Stat(title, description, "short", Query(increase(name), "points"))


def _points(title: str, description: str, name: str) -> Panel:
    return Panel(title, description, PER_SECOND, (Query(rate(name, by="program"), _PROGRAM),))


def _changes(title: str, description: str, labels: str, legend: str = "{{reason}}", by: str = "reason") -> Panel:
    return Panel(
        title, description, PER_SECOND, (Query(rate("derived_events_total", labels, by), legend),), stacked=True
    )


def _owed(title: str, description: str, name: str, unit: str = "short") -> Panel:
    return Panel(title, description, unit, (Query(gauge(name, "program"), _PROGRAM),), stacked=True)


_NOW: Final = (
    Stat(
        "Points outstanding",
        "Active points of all customers now.",
        "short",
        Query(gauge("program_points_active"), "points"),
    ),
    Stat(
        "Points promised",
        "Pending points of all customers now.",
        "short",
        Query(gauge("program_points_pending"), "points"),
    ),
    Stat(
        "Accounts",
        "Accounts that hold anything now, one for each customer, programme and currency.",
        "short",
        Query(gauge("program_accounts"), "accounts"),
    ),
)
_OUTSTANDING: Final = (
    _owed("Points outstanding, by programme", "Active points of all customers.", "program_points_active"),
    _owed(
        "Value outstanding, by programme",
        "Active points by what the vendor says that a point is worth; in the money of each programme.",
        "program_value",
    ),
    _owed("Accounts, by programme", "Accounts that hold anything.", "program_accounts"),
)
_RANGE: Final = (
    _total(
        "Points issued", "In the time range shown, pending points that became active included.", "points_issued_total"
    ),
    _total("Points redeemed", "In the time range shown.", "points_redeemed_total"),
    _total("Points expired", "In the time range shown.", "points_expired_total"),
    Stat(
        "Customers who changed tier",
        "Changes of tier in the time range shown, in any direction.",
        "short",
        Query(increase("derived_events_total", 'type="TierChanged"'), "changes"),
    ),
    Stat(
        "Coupons redeemed",
        "In the time range shown.",
        "short",
        Query(increase("derived_events_total", 'type="CouponStateChanged", reason="redeemed"'), "coupons"),
    ),
    Stat(
        "Customers erased",
        "Erasures that a vendor approved, in the time range shown.",
        "short",
        Query(increase("derived_events_total", 'type="CustomerErased"'), "customers"),
    ),
)
_POINTS: Final = (
    _points("Points issued, by programme", "Points that became active, a second.", "points_issued_total"),
    _points("Points redeemed, by programme", "Points that customers spent, a second.", "points_redeemed_total"),
    _points("Points expired, by programme", "Points that ran out, a second.", "points_expired_total"),
    Panel(
        "Net change, by programme",
        "All credits less all debits, a second: above 0 the programme owes more and more.",
        PER_SECOND,
        (Query(_net("program"), _PROGRAM),),
    ),
    Panel(
        "Other credits, by reason",
        "What balances rose by without an issue: transfers, merges, reversed redemptions, first totals of the vendor.",
        PER_SECOND,
        (Query(rate("points_other_credits_total", by="reason"), "{{reason}}"),),
    ),
    Panel(
        "Other debits, by reason",
        "What balances fell by without redemption or expiry: transfers, merges, reversed issues, corrections.",
        PER_SECOND,
        (Query(rate("points_other_debits_total", by="reason"), "{{reason}}"),),
    ),
)
_TIERS: Final = (
    _changes("Changes of tier", "By direction: up, down, joined the first tier, left the last.", 'type="TierChanged"'),
    _changes(
        "Tiers renewed and about to end",
        "Renewals, and announcements that a tier will be lost.",
        'type=~"TierRenewed|TierExpiringSoon"',
        "{{type}}",
        "type",
    ),
)
_COUPONS: Final = (
    _changes("Coupons", "By their new state: issued, redeemed, rolled back, expired, failed.", 'domain="coupons"'),
    _changes("Promotions", "Issuals and earns by their new state.", 'type="PromotionStateChanged"'),
)
_STREAKS: Final = (
    _changes(
        "Streaks",
        "Streaks that began, advanced, were broken or ended, by the event and the state after it.",
        'type=~"Streak.*"',
        "{{type}}: {{reason}}",
        "type, reason",
    ),
    _changes(
        "Targets and badges",
        "Targets achieved or lost, and badges earned.",
        'type=~"Target.*|Badge.*"',
        "{{type}}",
        "type",
    ),
)
_CUSTOMERS: Final = (
    _changes(
        "Customers",
        "Profiles, transactions, merges, erasures, segments, consents.",
        'domain="customers"',
        "{{type}}",
        "type",
    ),
    _changes(
        "All else",
        "Rewards, partners, requests, cards, campaigns.",
        'domain!~"points|tiers|coupons|promotions|streaks|customers"',
        "{{type}}",
        "type",
    ),
)

ROWS: Final[Rows] = {
    "Now": _NOW,
    "In the time range": _RANGE,
    "Outstanding": _OUTSTANDING,
    "Points": _POINTS,
    "Tiers": _TIERS,
    "Coupons and promotions": _COUPONS,
    "Streaks, targets and badges": _STREAKS,
    "Customers and all else": _CUSTOMERS,
}
