"""Reduce request events."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.requests import DOMAIN
from loyalty_stream.domains.requests.derived import RequestStateChanged
from loyalty_stream.domains.requests.events import RequestMoved
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, after, applied, derived_by, outcome_of

AT = OBSERVED_AT - 250
TASK = RequestMoved("q-1", "GOODWILL_POINTS", None, None, "AdminTask", "5001", Decimal(20))


def moved(state: str, previous: str | None = "AdminTask", base_type: str | None = None) -> RequestMoved:
    return RequestMoved("q-1", "GOODWILL_POINTS", base_type, previous, state, "5001", Decimal(20))


def test_a_new_request_is_told_of() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, TASK)
    assert outcome.state == RequestState("GOODWILL_POINTS", None, "AdminTask", AT)
    assert outcome.derived == (RequestStateChanged("q-1", "GOODWILL_POINTS", None, "AdminTask", "5001", Decimal(20)),)


@pytest.mark.parametrize("state", ["approved", "rejected", "failed"])
def test_a_task_ends_in_any_state(state: str) -> None:
    assert derived_by(DOMAIN, [TASK], moved(state)) == (
        RequestStateChanged("q-1", "GOODWILL_POINTS", "AdminTask", state, "5001", Decimal(20)),
    )


def test_the_state_that_the_event_names_stands_in_where_ours_is_unknown() -> None:
    [change] = derived_by(DOMAIN, [], moved("approved"))
    assert isinstance(change, RequestStateChanged)
    assert change.from_state == "AdminTask"


def test_the_state_that_we_know_goes_before_the_one_that_the_event_names() -> None:
    [change] = derived_by(DOMAIN, [moved("failed")], moved("approved"))
    assert isinstance(change, RequestStateChanged)
    assert change.from_state == "failed"


def test_the_same_state_again_is_told_once() -> None:
    assert derived_by(DOMAIN, [moved("approved")], moved("approved", "x")) == ()


def test_a_base_type_once_known_stays() -> None:
    assert after(DOMAIN, moved("PENDING", base_type="DELETE"), moved("APPROVED")).base_type == "DELETE"


def test_an_event_that_comes_late_changes_nothing() -> None:
    state = after(DOMAIN, moved("approved"))
    assert outcome_of(DOMAIN, state, TASK, occurred_at=AT - 1) == Applied(state)


def test_a_row_names_no_customer() -> None:
    assert "5001" not in repr(after(DOMAIN, TASK))
