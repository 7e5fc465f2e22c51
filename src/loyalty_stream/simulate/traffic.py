"""The traffic of several dialects at once, with one right answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.dialects import SIMULATIONS, make_simulation
from loyalty_stream.simulate.options import Dialect, OptionsError, SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord


class Traffic:
    """Several simulations and one answer, their records interleaved in the order of their timestamps."""

    def __init__(self, options: Sequence[SimulationOptions]) -> None:
        """Prepare a simulation for each of the options, of which each names another dialect."""
        self.options = tuple(options)
        self.answer = Answer()
        self._simulations = [make_simulation(each, self.answer) for each in self.options]

    @property
    def dialects(self) -> tuple[Dialect, ...]:
        """Whose traffic it is."""
        return tuple(each.dialect for each in self.options)

    @property
    def events(self) -> int:
        """How many records there are of all dialects together."""
        return sum(each.events for each in self.options)

    @property
    def span_ms_max(self) -> int:
        """The longest time that the timestamps can span: no record lies later than `start_ms` plus this."""
        return max((each.span_ms_max for each in self.options), default=0)

    def records(self) -> Iterator[tuple[Dialect, SimulatedRecord]]:
        """Yield the records one by one, each with its dialect.

        A record of each dialect is made ahead, to know which comes first: only when all are read is the answer that of
        what was yielded. Raises RuntimeError when called again.
        """
        streams = [_named(each.options.dialect, each.records()) for each in self._simulations]
        return merge(*streams, key=lambda pair: pair[1].timestamp_ms)


def mixed(options: SimulationOptions, dialects: Iterable[Dialect] = tuple(SIMULATIONS)) -> Traffic:
    """Return the traffic of some dialects that together make as many records, in as long a time, as the options say.

    Raises OptionsError where no traffic of a dialect can be made, or where no dialect or one twice is named.
    """
    names = tuple(dialects)
    if not names or len(set(names)) < len(names):
        raise OptionsError(f"dialect is {', '.join(names) or 'none'}: name each dialect once")
    each, more = divmod(options.events, len(names))
    interval_ms = options.interval_ms * len(names)
    return Traffic(
        [
            replace(options, dialect=name, events=each + (place < more), interval_ms=interval_ms)
            for place, name in enumerate(names)
        ]
    )


def _named(dialect: Dialect, records: Iterator[SimulatedRecord]) -> Iterator[tuple[Dialect, SimulatedRecord]]:
    return ((dialect, record) for record in records)
