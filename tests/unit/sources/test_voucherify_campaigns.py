"""Read Voucherify's campaign object, and what its versions lead to."""

import json
from typing import Any

import msgspec
import pytest

from loyalty_stream.domains.campaigns import DOMAIN
from loyalty_stream.domains.campaigns import derived as out
from loyalty_stream.domains.campaigns.document import CampaignDocument, Gauge
from loyalty_stream.domains.campaigns.periods import Period
from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, CreationStatus, ValidityTimeframe
from loyalty_stream.domains.campaigns.state import CampaignsState
from loyalty_stream.domains.campaigns.tier_expiry_rules import (
    Balance,
    BalanceDrop,
    CalendarRounding,
    Custom,
    ExpiryRules,
    MonthRounding,
    PeriodExpiration,
    PeriodStart,
    PointsInPeriod,
)
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.events import DerivedBody
from loyalty_stream.model.outcome import Applied
from loyalty_stream.model.problem import Problem, RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.repair import mend
from loyalty_stream.sources.tree import parse_tree
from loyalty_stream.sources.voucherify_campaigns import CampaignFact, CampaignObject, read_campaign
from loyalty_stream.sources.wire import NotCleanError
from tests.helpers.dirt import encoded, soiled, spots
from tests.helpers.instants import ms
from tests.unit.domains.helpers import outcome_of

CUSTOM = {
    "qualification_type": "BALANCE",
    "start_date": {"type": "IMMEDIATE"},
    "expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "MONTH", "strategy": "END"}},
}
DOCUMENT: dict[str, Any] = {
    "id": "camp_7kQ2mVd0",
    "name": "Club of the shop",
    "campaign_type": "LOYALTY_PROGRAM",
    "type": "AUTO_UPDATE",
    "voucher": {"type": "LOYALTY_CARD", "loyalty_card": {"points": 0}, "code_config": {"pattern": "CLUB-####"}},
    "auto_join": True,
    "join_once": True,
    "use_voucher_metadata_schema": False,
    "start_date": "2026-09-01T00:00:00.000Z",
    "expiration_date": "2026-12-31T00:00:00.000Z",
    "validity_timeframe": {"interval": "P2D", "duration": "P1D"},
    "validity_day_of_week": [0, 1, 2, 3, 4, 5, 6],
    "activity_duration_after_publishing": "P24D",
    "description": "Points for each purchase",
    "vouchers_count": 1200,
    "active": True,
    "metadata": {"wave": 2, "channels": ["app", "shop"]},
    "created_at": "2026-08-01T08:00:50.038Z",
    "updated_at": "2026-09-19T09:18:19.623Z",
    "creation_status": "DONE",
    "vouchers_generation_status": "DONE",
    "protected": False,
    "category_id": "cat_0b688929a2476386a7",
    "categories": [{"id": "cat_0b688929a2476386a7", "name": "club", "hierarchy": 0}],
    "loyalty_tiers_expiration": CUSTOM,
    "object": "campaign",
}


def clean(value: bytes) -> CampaignFact:
    return read_campaign(msgspec.json.decode(value, type=CampaignObject), "Europe/Warsaw")


def read(document: dict[str, Any]) -> CampaignFact:
    return clean(encoded(document))


def mended(value: bytes) -> CampaignFact:
    repairs: list[RepairKind] = []
    return clean(msgspec.json.encode(mend(parse_tree(value, repairs), CampaignObject, "", repairs)))


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in DOCUMENT.items() if name not in names}


def derived_by(*documents: dict[str, Any]) -> tuple[DerivedBody, ...]:
    """Return what the last version causes after those before it."""
    state = CampaignsState()
    derived: tuple[DerivedBody, ...] = ()
    for document in documents:
        fact = read(document)
        outcome = outcome_of(DOMAIN, state, fact.body, occurred_at=fact.at_ms, vendor_timed=True)
        assert isinstance(outcome, Applied)
        state, derived = outcome.state, outcome.derived
    return derived


def later(**fields: object) -> dict[str, Any]:
    return {**DOCUMENT, "updated_at": "2026-09-21T12:00:00Z", **fields}


def test_every_field_of_the_reference_is_read() -> None:
    fact = read(DOCUMENT)
    assert (fact.entity_id, fact.body.campaign_id) == ("campaign/camp_7kQ2mVd0", "camp_7kQ2mVd0")
    assert fact.at_ms == ms("2026-09-19T09:18:19.623Z")
    document = fact.body.document
    assert (document.name, document.vendor_state, document.time_zone) == ("Club of the shop", "DONE", "Europe/Warsaw")
    assert document.gauges == (Gauge("vouchers", 1200),)  # type: ignore[arg-type]  # equal as numbers
    assert document.schedule == CampaignSchedule(
        active=True,
        starts_at_ms=ms("2026-09-01T00:00Z"),
        expires_at_ms=ms("2026-12-31T00:00Z"),
        timeframe=ValidityTimeframe(Duration(days=2), Duration(days=1)),
        days_of_week=frozenset(range(7)),
        activity_duration_after_publishing=Duration(days=24),
    )
    assert document.tier_expiry == Balance(Custom(Duration(months=3), CalendarRounding(Period.MONTH)))


def test_an_object_with_an_id_alone_restricts_nothing() -> None:
    document = read({"id": "camp_1"}).body.document
    assert document == CampaignDocument(schedule=CampaignSchedule(), time_zone="Europe/Warsaw", digests=())


def test_dirt_in_any_single_place_comes_to_the_same() -> None:
    expected = read(DOCUMENT)
    for spot in spots(DOCUMENT):
        soiled_value = encoded(soiled(DOCUMENT, spot))
        assert mended(soiled_value) == expected, spot


@pytest.mark.parametrize("word", [" P3M", "P 3M"])
def test_a_word_that_needs_mending_is_for_the_slow_path(word: str) -> None:
    with pytest.raises(NotCleanError):
        read({**DOCUMENT, "activity_duration_after_publishing": word})


@pytest.mark.parametrize("updated_at", [None, "2022-10-97T35:00:00Z"])
def test_a_time_that_is_missing_or_impossible_is_none(updated_at: str | None) -> None:
    assert read({**DOCUMENT, "updated_at": updated_at}).at_ms is None


@pytest.mark.parametrize(
    ("expiry", "rules"),
    [
        (None, None),
        ({"qualification_type": "BALANCE", "expiration_date": {"type": "BALANCE_DROP"}}, Balance(BalanceDrop())),
        (CUSTOM, Balance(Custom(Duration(months=3), CalendarRounding(Period.MONTH)))),
        (
            {
                "qualification_type": "BALANCE",
                "expiration_date": {
                    "type": "CUSTOM",
                    "extend": "P30D",
                    "rounding": {"type": "CUSTOM", "strategy": "END", "unit": "MONTH", "value": 0},
                },
            },
            Balance(Custom(Duration(days=30), MonthRounding(0))),
        ),
        (
            {
                "qualification_type": "POINTS_IN_PERIOD",
                "qualification_period": "HALF_YEAR",
                "start_date": {"type": "NEXT_PERIOD"},
                "expiration_date": {"type": "END_OF_NEXT_PERIOD", "extend": "P7D"},
            },
            PointsInPeriod(
                Period.HALF_YEAR, PeriodStart.NEXT_PERIOD, PeriodExpiration.END_OF_NEXT_PERIOD, Duration(days=7)
            ),
        ),
        (
            {
                "qualification_type": "BALANCE",
                "expiration_date": {"type": "CUSTOM"},
                "extend": "P1Y",
                "rounding": {"type": "YEAR"},
            },
            Balance(Custom(Duration(months=12), CalendarRounding(Period.YEAR))),
        ),
    ],
)
def test_each_rule_of_tier_expiry_is_read(expiry: object, rules: ExpiryRules | None) -> None:
    assert read({**DOCUMENT, "loyalty_tiers_expiration": expiry}).body.document.tier_expiry == rules


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"start_date": "2026-02-30T00:00:00Z"}, DeadLetterReason.INVALID_DATE),
        ({"start_date": None}, DeadLetterReason.WRONG_TYPE),  # a timeframe without a start
        ({"validity_timeframe": {"interval": "P0D", "duration": "P1D"}}, DeadLetterReason.WRONG_TYPE),
        ({"validity_timeframe": {"interval": "daily", "duration": "P1D"}}, DeadLetterReason.WRONG_TYPE),
        ({"validity_day_of_week": [7]}, DeadLetterReason.WRONG_TYPE),
        ({"activity_duration_after_publishing": "24D"}, DeadLetterReason.WRONG_TYPE),
        ({"creation_status": "HALF_DONE"}, DeadLetterReason.WRONG_TYPE),
        ({"vouchers_generation_status": "HALF_DONE"}, DeadLetterReason.WRONG_TYPE),
    ],
)
def test_what_contradicts_the_reference_is_a_problem(fields: dict[str, Any], reason: DeadLetterReason) -> None:
    with pytest.raises(Problem) as caught:
        mended(encoded({**DOCUMENT, **fields}))
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "changes",
    [
        {"qualification_type": "LUCK"},
        {"start_date": {"type": "NEXT_PERIOD"}},
        {"expiration_date": {"type": "NEVER"}},
        {"expiration_date": {"type": "CUSTOM"}},
        {"expiration_date": {"type": "CUSTOM", "extend": "soon"}},
        {"expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "MONTH", "strategy": "START"}}},
        {"expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "WEEK"}}},
        {"expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "CUSTOM", "value": 12}}},
        {"expiration_date": {"type": "CUSTOM", "extend": "P3M", "rounding": {"type": "CUSTOM"}}},
        {"qualification_type": "POINTS_IN_PERIOD"},
    ],
)
def test_rules_of_tier_expiry_that_the_reference_does_not_know_are_not_guessed_at(changes: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="loyalty_tiers_expiration"):
        read({**DOCUMENT, "loyalty_tiers_expiration": {**CUSTOM, **changes}})


def test_a_first_version_tells_its_state() -> None:
    assert derived_by(DOCUMENT) == (out.CampaignStateChanged("camp_7kQ2mVd0", None, "active", "DONE"),)


@pytest.mark.parametrize(
    ("fields", "state", "changed"),
    [
        ({"active": False}, "disabled", ("active",)),
        ({"updated_at": "2026-09-22T12:00:00Z"}, "outside_timeframe", ()),
        ({"updated_at": "2027-01-01T12:00:00Z"}, "expired", ()),
        ({"start_date": "2026-10-01T00:00:00Z"}, "not_started", ("start_date",)),
        ({"creation_status": "IN_PROGRESS"}, "being_created", ("creation_status",)),
        ({"vouchers_generation_status": "DRAFT"}, "draft", ("vouchers_generation_status",)),
        ({"validity_day_of_week": [0]}, "outside_weekdays", ("validity_day_of_week",)),
    ],
)
def test_a_version_in_another_state_tells_it_and_the_names_of_the_fields(
    fields: dict[str, Any], state: str, changed: tuple[str, ...]
) -> None:
    told = derived_by(DOCUMENT, later(**fields))
    moved = [event for event in told if isinstance(event, out.CampaignStateChanged)]
    names = [event.changed for event in told if isinstance(event, out.CampaignDefinitionChanged)]
    assert [(event.from_state, event.to_state) for event in moved] == [("active", state)]
    assert names == ([changed] if changed else [])


def test_what_changes_without_the_state_is_told_by_name_only() -> None:
    document = later(metadata={"wave": 3}, vouchers_count=1300, loyalty_tiers_expiration=None, protected=True)
    assert derived_by(DOCUMENT, document) == (
        out.CampaignDefinitionChanged("camp_7kQ2mVd0", ("metadata", "protected", "loyalty_tiers_expiration")),
    )


def test_an_older_version_changes_nothing() -> None:
    assert derived_by(later(), {**DOCUMENT, "active": False}) == ()


def test_statuses_that_are_missing_are_done() -> None:
    schedule = read(without("creation_status", "vouchers_generation_status")).body.document.schedule
    assert schedule is not None
    assert schedule.creation_status is schedule.vouchers_generation_status is CreationStatus.DONE


def test_no_free_text_is_kept() -> None:
    kept = json.dumps(msgspec.to_builtins(read(DOCUMENT).body))
    assert "Points for each purchase" not in kept
    assert "CLUB-####" not in kept
