"""Reduce one canonical event on its row: dedup, the domain's reducer, the sequence of derived events."""

from collections.abc import Callable

from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.outcome import Applied
from loyalty_stream.model.row import Row
from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.arrival import arrive
from loyalty_stream.pipeline.reduced import Reduced, envelopes
from loyalty_stream.pipeline.route import ROUTES
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.steps import STEPS
from loyalty_stream.pipeline.table import AnyRow


def reducer(
    dedup_window: int, before_step: Callable[[str, RowCache[AnyRow]], None] | None = None
) -> Callable[[CanonicalEvent, RowCache[AnyRow]], Reduced]:
    """Return the function that reduces one event on the rows of its partition.

    `before_step(key, rows)` is called before what concerns the whole of a customer.
    """

    def reduce(event: CanonicalEvent, rows: RowCache[AnyRow]) -> Reduced:
        route = ROUTES.get(type(event.body))
        if route is None:  # it concerns the whole of a customer
            if before_step is not None:
                before_step(event.key, rows)
            return STEPS[type(event.body)](event, event.body, rows, dedup_window)
        name = route.domain.name
        at = arrive(event, route.domain, rows)
        if isinstance(at, Reduced):
            return at
        key, row, event_hash, content = at
        outcome = route.reduce(row.state, event, event.body)
        if not isinstance(outcome, Applied):
            return Reduced(outcome, name, [])
        window = dedup.remember(row.window, event_hash, content, event.observed_at, dedup_window)
        derived = envelopes(event, row.seq, outcome.derived)
        rows.put(key, Row(row.version, row.seq + len(derived), window, outcome.state))
        return Reduced(outcome, name, derived, outcome.follow_ups)

    return reduce
