import pytest

from loyalty_stream.pipeline.limit import RECORDS, DeadLetterLimit, DeadLetterLimitError


def after(limit: DeadLetterLimit, *, used: int = 0, dead: int = 0) -> DeadLetterLimit:
    for _ in range(used):
        limit.record()
    for _ in range(dead):
        limit.dead_letter("malformed_json")
    return limit


@pytest.mark.parametrize(("share", "allowed"), [(0.5, 500), (0.001, 1), (0.999, 999), (0.29, 290)])
def test_as_many_dead_letters_as_the_share_allows_are_borne(share: float, allowed: int) -> None:
    limit = after(DeadLetterLimit(share), dead=allowed)
    with pytest.raises(DeadLetterLimitError):
        limit.dead_letter("malformed_json")


def test_a_share_of_nothing_bears_no_dead_letter() -> None:
    with pytest.raises(DeadLetterLimitError):
        DeadLetterLimit(0).dead_letter("malformed_json")


def test_a_share_of_one_bears_all() -> None:
    after(DeadLetterLimit(1), dead=3 * RECORDS)


def test_only_the_last_thousand_records_count() -> None:
    limit = after(DeadLetterLimit(0.5), dead=500)
    after(limit, used=RECORDS - 1)
    after(limit, dead=500)
    with pytest.raises(DeadLetterLimitError):
        limit.dead_letter("malformed_json")


def test_a_dead_letter_counts_until_a_thousand_records_later() -> None:
    limit = after(DeadLetterLimit(0.001), dead=1)
    after(limit, used=RECORDS - 2)
    with pytest.raises(DeadLetterLimitError):
        limit.dead_letter("malformed_json")
    limit = after(DeadLetterLimit(0.001), dead=1)
    after(limit, used=RECORDS - 1)
    after(limit, dead=1)


def test_a_half_of_all_records_may_be_dead_for_ever() -> None:
    limit = DeadLetterLimit(0.5)
    for _ in range(3 * RECORDS):
        after(limit, used=1, dead=1)


def test_the_message_says_limit_reason_and_what_to_do() -> None:
    said = r"more than 50% of the last 1,000 .*'unknown_event'.*LOYALTY_DEAD_LETTER_LIMIT"
    with pytest.raises(DeadLetterLimitError, match=said):
        after(DeadLetterLimit(0.5), dead=500).dead_letter("unknown_event")


def test_the_share_is_that_of_the_last_thousand_records() -> None:
    limit = DeadLetterLimit(1)
    assert limit.share == 0
    assert after(limit, used=3, dead=1).share == 0.25
    assert after(limit, used=RECORDS - 1).share == 0.001
    assert after(limit, used=1).share == 0
