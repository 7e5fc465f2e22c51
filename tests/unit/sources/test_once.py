"""See keys that stand twice."""

import pytest

from loyalty_stream.sources.once import check_keys
from loyalty_stream.sources.wire import NotCleanError


@pytest.mark.parametrize("value", [b'{"a": 1, "a": 1}', b'{"b": [{"a": {"c": 1, "c": 2}}]}'])
def test_a_key_that_stands_twice_anywhere_is_for_the_slow_path(value: bytes) -> None:
    with pytest.raises(NotCleanError):
        check_keys(value)


def test_the_same_key_in_two_objects_is_clean() -> None:
    check_keys(b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}')
