import pytest

from loyalty_stream.simulate.capillary import points, redemptions
from loyalty_stream.simulate.capillary.envelopes import ENVELOPES, body_of, choose_spelling, wrap
from loyalty_stream.simulate.capillary.stage import Envelope, Stage
from loyalty_stream.simulate.options import SimulationOptions


@pytest.fixture
def stage() -> Stage:
    return Stage(SimulationOptions(seed=8, customers=4))


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_every_envelope_holds_the_same_body(stage: Stage, envelope: Envelope) -> None:
    event = points.issue_points(stage, stage.population.choose())
    body = body_of(wrap(stage, event, envelope), envelope)
    assert body["eventName"] == "pointsIssued"
    assert body["data"] is event.data
    assert body["orgId"] == event.customer.org.id


def test_the_event_type_is_the_name_bare_or_behind_the_organisation(stage: Stage) -> None:
    event = points.issue_points(stage, stage.population.choose())
    types = {wrap(stage, event, "wrapped")["eventType"] for _ in range(50)}
    assert types == {"pointsIssued", f"{event.customer.org.id}_pointsIssued"}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_an_event_without_an_id_has_none_in_any_envelope(stage: Stage, envelope: Envelope) -> None:
    customer = stage.population.choose()
    points.issue_points(stage, customer)
    event = redemptions.reverse_issue(stage, customer)
    assert event is not None
    record = wrap(stage, event, envelope)
    assert "eventId" not in record
    assert "eventId" not in body_of(record, envelope)


def test_another_casing_is_the_same_name(stage: Stage) -> None:
    spellings = {choose_spelling(stage.draw, "CouponIssue", 1.0) for _ in range(50)}
    assert spellings == {"couponissue", "COUPONISSUE", "couponIssue"}
    assert choose_spelling(stage.draw, "CouponIssue", 0.0) == "CouponIssue"
