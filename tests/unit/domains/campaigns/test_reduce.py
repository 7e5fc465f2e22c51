"""Reduce campaign events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.campaigns import DOMAIN, events
from loyalty_stream.domains.campaigns import derived as out
from loyalty_stream.domains.campaigns.document import CampaignDocument, FieldDigest, StateWord
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, ProgramTiers, TierStep
from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, CreationStatus
from loyalty_stream.domains.campaigns.state import Campaign, CampaignsState
from loyalty_stream.domains.campaigns.tier_expiry_rules import Balance, Custom
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Applied, Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

AT = OBSERVED_AT - 250  # of each event, if nothing else is said
ON, OFF = CampaignDocument(schedule=CampaignSchedule()), CampaignDocument(schedule=CampaignSchedule(active=False))
RUNNING = events.CampaignStateMoved("9", "not_started", "active", "running", ON)
EXPIRED = events.CampaignStateMoved("9", "active", "expired", "expired", ON)
DRAFT = events.CampaignCreated("9", "draft", "draft", "6", "universal", 3)
FIRST, SECOND = CampaignPosition("universal", 1, "9"), CampaignPosition("universal", 2, "10")
POSITIONS = events.CampaignPrioritiesSet("6", (FIRST, SECOND), (SECOND, FIRST))


def version(*digests: tuple[str, str], **document: object) -> events.CampaignVersionStated:
    told = tuple(FieldDigest(name, digest) for name, digest in digests)
    stated = {"schedule": CampaignSchedule(), **document}
    return events.CampaignVersionStated("9", CampaignDocument(digests=told, **stated))  # type: ignore[arg-type]  # any


def changed(from_state: StateWord | None, to_state: StateWord, word: str | None) -> out.CampaignStateChanged:
    return out.CampaignStateChanged("9", from_state, to_state, word)


def test_a_new_campaign_is_told_with_its_state_and_kept_with_its_place() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, DRAFT)
    assert outcome.derived == (changed(None, "draft", "draft"),)
    assert outcome.state.campaign == Campaign(
        "draft", "draft", AT, ruleset_id="6", priority_set="universal", priority_position=3
    )


def test_a_new_campaign_whose_state_is_not_named_is_in_that_of_its_document() -> None:
    created = events.CampaignCreated("9", None, None, document=OFF)
    assert derived_by(DOMAIN, [], created) == (changed(None, "disabled", None),)


def test_the_state_that_we_know_goes_before_the_one_that_the_event_names() -> None:
    assert derived_by(DOMAIN, [DRAFT], RUNNING) == (changed("draft", "active", "running"),)
    assert derived_by(DOMAIN, [], RUNNING) == (changed("not_started", "active", "running"),)


def test_the_same_state_again_is_told_once() -> None:
    assert derived_by(DOMAIN, [RUNNING], RUNNING) == ()


@pytest.mark.parametrize(
    "body",
    [
        DRAFT,
        EXPIRED,
        events.CampaignRulesReplaced("9", "7", ON),
        events.CampaignEdited("9", ("limits",), ON),
        version(("name", "b")),
    ],
    ids=lambda body: type(body).__name__,
)
def test_what_is_older_by_the_vendors_time_changes_nothing(body: EventBody) -> None:
    state = after(DOMAIN, RUNNING)
    assert outcome_of(DOMAIN, state, body, occurred_at=AT - 1) == Applied(state)


def test_what_has_no_usable_time_is_taken_as_it_comes_and_makes_nothing_late() -> None:
    untimed = outcome_of(DOMAIN, after(DOMAIN, RUNNING), EXPIRED, occurred_at=OBSERVED_AT, vendor_timed=False)
    assert isinstance(untimed, Applied)
    assert untimed.derived == (changed("active", "expired", "expired"),)
    later = outcome_of(DOMAIN, untimed.state, RUNNING, occurred_at=AT + 1)
    assert isinstance(later, Applied)
    assert later.derived == (changed("expired", "active", "running"),)


def test_other_rules_are_told_and_leave_the_state_as_it_is() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, DRAFT), events.CampaignRulesReplaced("9", "7", ON))
    assert outcome.derived == (out.CampaignDefinitionChanged("9", ("ruleset",)),)
    assert (outcome.state.campaign.state, outcome.state.campaign.ruleset_id) == ("draft", "7")


def test_the_rules_that_a_document_names_as_active_go_before_those_that_were_known() -> None:
    active = CampaignDocument(schedule=CampaignSchedule(), ruleset_id="8")
    assert after(DOMAIN, DRAFT, events.CampaignEdited("9", (), active)).campaign.ruleset_id == "8"
    assert after(DOMAIN, DRAFT, events.CampaignEdited("9", (), ON)).campaign.ruleset_id == "6"


def test_an_edit_that_changes_no_field_is_not_told() -> None:
    assert derived_by(DOMAIN, [RUNNING], events.CampaignEdited("9", (), ON)) == ()


def test_an_archived_document_archives_the_campaign() -> None:
    edited = events.CampaignEdited("9", ("state",), CampaignDocument(vendor_state="archived", archived=True))
    assert derived_by(DOMAIN, [RUNNING], edited) == (
        changed("active", "archived", "archived"),
        out.CampaignDefinitionChanged("9", ("state",)),
    )


def test_a_document_that_does_not_say_whether_it_is_switched_on_leaves_the_state_unknown() -> None:
    assert derived_by(DOMAIN, [], events.CampaignEdited("9", (), CampaignDocument())) == ()


def test_a_version_has_the_state_of_its_schedule_at_its_time() -> None:
    ending = version(schedule=CampaignSchedule(expires_at_ms=AT - 1))
    assert derived_by(DOMAIN, [version()], ending) == (changed("active", "expired", None),)
    failed = version(schedule=CampaignSchedule(creation_status=CreationStatus.FAILED), vendor_state="FAILED")
    assert derived_by(DOMAIN, [ending], failed) == (changed("expired", "creation_failed", "FAILED"),)


def test_days_of_the_week_are_those_of_the_projects_time_zone() -> None:
    on_sundays = CampaignSchedule(days_of_week=frozenset({0}))  # the event's time is a Sunday in UTC
    assert derived_by(DOMAIN, [], version(schedule=on_sundays)) == (changed(None, "active", None),)
    far_east = version(schedule=on_sundays, time_zone="Pacific/Kiritimati")
    assert derived_by(DOMAIN, [], far_east) == (changed(None, "outside_weekdays", None),)


def test_a_version_tells_the_names_of_fields_that_changed_came_or_went() -> None:
    before = version(("name", "a"), ("type", "a"), ("category", "a"))
    later = version(("name", "a"), ("type", "b"), ("metadata", "a"))
    assert derived_by(DOMAIN, [before], later) == (
        out.CampaignDefinitionChanged("9", ("type", "metadata", "category")),
    )


def test_a_first_version_tells_its_state_only() -> None:
    assert derived_by(DOMAIN, [], version(("name", "a"))) == (changed(None, "active", None),)


def test_a_version_in_a_zone_that_is_none_is_rejected() -> None:
    outcome = outcome_of(DOMAIN, DOMAIN.initial, version(time_zone="Mars/Olympus"))
    assert isinstance(outcome, Rejected)
    assert outcome.reason is DeadLetterReason.WRONG_TYPE


def test_a_deletion_is_told_once_and_nothing_changes_after_it() -> None:
    gone = applied(DOMAIN, after(DOMAIN, RUNNING), events.CampaignRemoved("9"))
    assert gone.derived == (out.CampaignDeleted("9", "active", AT),)
    for body in (events.CampaignRemoved("9"), EXPIRED, version()):
        assert outcome_of(DOMAIN, gone.state, body, occurred_at=AT + 1) == Applied(gone.state)


def test_a_deletion_that_comes_late_leaves_the_newest_time_of_the_vendors() -> None:
    outcome = outcome_of(DOMAIN, after(DOMAIN, RUNNING), events.CampaignRemoved("9"), occurred_at=AT - 1)
    assert isinstance(outcome, Applied)
    assert (outcome.state.campaign.version_at, outcome.state.campaign.deleted_at) == (AT, AT - 1)


def test_priorities_are_told_where_they_are_others() -> None:
    assert derived_by(DOMAIN, [], POSITIONS) == (out.CampaignPriorityChanged("6", (FIRST, SECOND), (SECOND, FIRST)),)
    assert derived_by(DOMAIN, [POSITIONS], POSITIONS) == ()


def test_priorities_that_are_older_change_nothing() -> None:
    state = after(DOMAIN, POSITIONS)
    assert outcome_of(DOMAIN, state, events.CampaignPrioritiesSet("6", ()), occurred_at=AT - 1) == Applied(state)


def test_programmes_that_an_application_does_not_name_again_keep_their_tiers() -> None:
    steps = (TierStep("3", "Gold", Decimal(300)),)
    first = events.CampaignPrioritiesSet("6", (FIRST,), None, (ProgramTiers("41", steps),))
    second = events.CampaignPrioritiesSet("6", (FIRST,), None, (ProgramTiers("42", ()),))
    application = after(DOMAIN, first, second).application
    assert application is not None
    assert application.programs == {"41": steps, "42": ()}


def test_a_question_for_a_term_is_answered_to_the_customer_by_the_rules() -> None:
    rules = Balance(Custom(Duration(days=30)))
    state = after(DOMAIN, version(tier_expiry=rules))
    asked = TierTermAsked("9", "gold", AT, "UTC", "cust-7")
    outcome = applied(DOMAIN, state, asked)
    [answer] = outcome.follow_ups
    assert outcome.state == state
    assert (answer.key, answer.customer_id, answer.source_key) == ("capillary:7001:cust-7", "cust-7", "event-1|term")
    assert isinstance(answer.body, TierTermComputed)
    assert (answer.body.tier, answer.body.starts_at) == ("gold", AT)


@pytest.mark.parametrize("state", [CampaignsState(), after(DOMAIN, RUNNING)])
def test_a_campaign_without_rules_answers_nothing(state: CampaignsState) -> None:
    assert applied(DOMAIN, state, TierTermAsked("9", "gold", AT, "UTC", "cust-7")).follow_ups == ()
