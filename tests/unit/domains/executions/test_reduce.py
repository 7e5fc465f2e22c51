"""Reduce versions of executions."""

from typing import Any

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.executions import DOMAIN
from loyalty_stream.domains.executions.derived import CampaignExecutionRecorded
from loyalty_stream.domains.executions.events import CampaignExecuted
from loyalty_stream.model.outcome import DUPLICATE, Applied
from tests.unit.domains.helpers import after, applied, outcome_of

FAILED = CampaignExecuted("x-1", "c-1", "failed", "5001", "t-1", None, 2_000, has_message=True)
NEWER = CampaignExecuted("x-1", "c-1", "success", "5001", "t-1", 2_500, 3_000)


def told(status: str, from_status: str | None, executed_at: int | None, *, has_message: bool) -> Any:  # noqa: ANN401
    return CampaignExecutionRecorded(
        "x-1", "c-1", status, from_status, "5001", "t-1", executed_at, has_message, has_warning=False
    )


def test_an_execution_that_is_new_is_told_of() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, FAILED)
    assert outcome.derived == (told("failed", None, None, has_message=True),)
    assert (outcome.state.status, outcome.state.updated_at) == ("failed", 2_000)


def test_a_newer_version_is_told_with_the_status_before() -> None:
    assert applied(DOMAIN, after(DOMAIN, FAILED), NEWER).derived == (
        told("success", "failed", 2_500, has_message=False),
    )


def test_a_newer_version_that_says_the_same_is_told_once_more() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, NEWER), replace(NEWER, updated_at=4_000))
    assert outcome.derived == (told("success", "success", 2_500, has_message=False),)
    assert outcome.state.updated_at == 4_000


@pytest.mark.parametrize("updated_at", [2_999, 3_000])
def test_a_version_that_is_not_newer_and_says_the_same_is_a_duplicate(updated_at: int) -> None:
    assert outcome_of(DOMAIN, after(DOMAIN, NEWER), replace(NEWER, updated_at=updated_at)) == DUPLICATE


@pytest.mark.parametrize("updated_at", [2_000, 3_000])
def test_a_version_that_is_not_newer_and_says_something_else_changes_nothing(updated_at: int) -> None:
    state = after(DOMAIN, NEWER)
    assert outcome_of(DOMAIN, state, replace(FAILED, updated_at=updated_at)) == Applied(state)


def test_a_first_version_counts_however_old_it_is() -> None:
    assert applied(DOMAIN, DOMAIN.initial, replace(FAILED, updated_at=0)).derived


def test_any_order_of_versions_ends_with_the_newest() -> None:
    assert after(DOMAIN, FAILED, NEWER) == after(DOMAIN, NEWER, FAILED)


def test_a_row_names_no_customer() -> None:
    assert "5001" not in repr(after(DOMAIN, NEWER))
