"""Give delivery tests their streams and their traffic."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.delivery.stream import DIALECT, Stream, Traffic, simulate

MakeStream = Callable[..., Stream]


@pytest.fixture
def make_stream(broker: str, tmp_path: Path) -> Iterator[MakeStream]:
    """Yield a function that makes a stream; its workers are ended with the test."""
    streams: list[Stream] = []

    def make(prefix: str | None = None, dialects: Sequence[str] = (DIALECT,)) -> Stream:
        streams.append(Stream(broker, tmp_path, prefix=prefix, dialects=dialects))
        return streams[-1]

    yield make
    for stream in streams:
        stream.close()


@pytest.fixture
def stream(make_stream: MakeStream) -> Stream:
    """Return a stream of its own."""
    return make_stream()


@pytest.fixture(scope="session")
def traffic() -> Traffic:
    """Return 50,000 simulated events of 5,000 customers, keyed by customer."""
    return simulate(events=50_000, customers=5_000, seed=7)


@pytest.fixture(scope="session")
def short() -> Traffic:
    """Return 25,000 simulated events of 2,500 customers, keyed by customer."""
    return simulate(events=25_000, customers=2_500, seed=8)
