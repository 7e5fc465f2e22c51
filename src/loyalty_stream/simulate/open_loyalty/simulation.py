"""The stream itself: new executions, rows exported again, dirty, repeated, contradicting and broken ones."""

from collections import deque
from typing import Final

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.open_loyalty import bad
from loyalty_stream.simulate.open_loyalty.dirt import soil
from loyalty_stream.simulate.open_loyalty.executions import Content, Run, Status, Version
from loyalty_stream.simulate.open_loyalty.rows import EVENT, Json, row_of
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation

_HEADERS: Final[tuple[tuple[str, bytes], ...]] = (("content-type", b"application/json"),)
_KNOWN_MAX: Final = 400  # so many executions may be exported again
_RECENT: Final = 20  # a redelivery follows within so many applied rows
_CAMPAIGNS: Final = 12
_AGAIN_SHARE: Final = 0.3
_IMPLAUSIBLE_SHARE: Final = 0.15  # of the dirty rows
_IMPLAUSIBLE_MS: Final = 631_152_000_000  # 1990
_STATUSES: Final[tuple[tuple[float, Status], ...]] = ((0.75, "success"), (0.15, "skipped"), (1.0, "failed"))


class OpenLoyaltySimulation(Simulation):
    """Make one stream of Open Loyalty's executions and know its right answer; the same options give the same bytes.

    The members are the `customers`. There is one kind of row: with `unknown_share`, rows of other exports come, which
    lack what an execution needs, and `not_yet_supported_share` is ignored. So are `casing_share`, `bulk` and every
    share of amounts, customers, transfers, merges and erasures. `keying` customer is by execution, mobile by member.
    The answer is only sure where the rows of one execution are in order: with `keying` none, on one partition.
    """

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Prepare the stream; nothing is made before `records` is read. Add to `answer` where one is given."""
        super().__init__(options)
        self._answer = Answer() if answer is None else answer
        self._draw = draw = Draw(options.seed, options.fractional_share)
        self._campaigns = {draw.uuid(): [draw.uuid() for _ in range(_CAMPAIGNS)] for _ in range(options.orgs)}
        self._members: dict[int, str] = {}
        self._known: deque[Run] = deque(maxlen=_KNOWN_MAX)
        self._recent: deque[tuple[Run, Version, bytes]] = deque(maxlen=_RECENT)
        self._now_ms = options.start_ms

    @property
    def answer(self) -> Answer:
        """What tables and counters must hold after everything yielded so far."""
        return self._answer

    def _next(self) -> SimulatedRecord:
        options = self.options
        self._now_ms += self._draw.between(1, 2 * options.interval_ms - 1)
        shares = (
            (options.duplicate_share, self._duplicate),
            (options.conflict_share, self._conflict),
            (options.unknown_share, self._unknown),
            (options.bad_bytes_share, self._bad),
            (1.0, self._good),
        )
        return self._draw.weighed(shares)()

    def _good(self) -> SimulatedRecord:
        draw = self._draw
        run = draw.pick(self._known) if self._known and draw.chance(_AGAIN_SHARE) else self._run()
        version = (
            self._version(run) if run.versions else Version(self._content(draw.weighed(_STATUSES)), run.created_ms)
        )
        return self._export(run, version)

    def _export(self, run: Run, version: Version) -> SimulatedRecord:
        """Return a version's row, dirty perhaps, and count what becomes of it."""
        draw = self._draw
        kinds: tuple[str, ...] = ()
        is_dirty = draw.chance(self.options.dirt_share)
        if is_dirty and not run.versions and draw.chance(_IMPLAUSIBLE_SHARE):
            version, kinds = Version(version.content, _IMPLAUSIBLE_MS), (IMPLAUSIBLE_TIME,)
        row = row_of(draw, run, version)
        if is_dirty and (not kinds or draw.chance(0.3)):
            row, more = soil(row, draw)
            kinds += more
        outcome = run.tell(self._answer, version)
        if outcome != "applied":
            return self._again(run, row, outcome)
        run.versions.append(version)
        self._answer.count_applied(EVENT)
        value = encode(row)
        self._recent.append((run, version, value))
        return self._record(run, value, "dirty:" + "+".join(kinds) if kinds else "good")

    def _again(self, run: Run, row: Json, outcome: str) -> SimulatedRecord:
        """Count a row that came before, or that contradicts one that did."""
        if outcome == "conflict":
            self._answer.count_dead_letter(DeadLetterReason.CONFLICT.value)
            return self._record(run, encode(row), "conflict")
        self._answer.count_duplicate()
        return self._record(run, encode(row), "duplicate:redelivered")

    def _run(self) -> Run:
        draw = self._draw
        tenant_id = draw.pick(tuple(self._campaigns))
        customer_id = None if draw.chance(0.05) else self._member()
        transaction_id = draw.uuid() if customer_id is not None and draw.chance(0.7) else None
        created_ms = self._now_ms - draw.between(300, 60_000)
        if draw.chance(0.6):
            created_ms -= created_ms % 1000
        campaign_id = draw.pick(self._campaigns[tenant_id])
        run = Run(draw.uuid(), tenant_id, campaign_id, customer_id, transaction_id, created_ms, [])
        self._known.append(run)
        return run

    def _member(self) -> str:
        index = int(self.options.customers * self._draw.unit() ** self.options.skew)
        if index not in self._members:
            self._members[index] = self._draw.uuid()
        return self._members[index]

    def _content(self, status: Status) -> Content:
        draw = self._draw
        executed_ms = None if status == "failed" and draw.chance(0.7) else self._now_ms - draw.between(1, 200)
        return Content(status, executed_ms, status == "failed", status == "skipped" and draw.chance(0.9))

    def _version(self, run: Run) -> Version:
        """Return a version of an execution that was exported before: mostly a newer one, else an older one."""
        draw = self._draw
        newest = max(version.updated_ms for version in run.versions)
        content = draw.pick(run.versions).content if draw.chance(0.4) else self._content(draw.weighed(_STATUSES))
        if draw.chance(0.7):
            return Version(content, max(newest + 1, self._now_ms - draw.between(1, 200)))
        return Version(content, newest - draw.between(1, 250))

    def _duplicate(self) -> SimulatedRecord:
        """Return a recent row again: byte by byte, written otherwise, or dirty."""
        draw = self._draw
        if not self._recent:
            return self._good()
        run, version, value = draw.pick(self._recent)
        how = draw.pick(("exact", "redelivered", "dirty"))
        if how != "exact":
            row = row_of(draw, run, version)
            value = encode(soil(row, draw)[0] if how == "dirty" else row)
        self._answer.count_duplicate()
        return self._record(run, value, f"duplicate:{how}")

    def _conflict(self) -> SimulatedRecord:
        """Return another content of a version that was exported before."""
        draw = self._draw
        if not self._known:
            return self._good()
        run = draw.pick(self._known)
        content, updated_ms = draw.pick(run.versions)
        other: Status = draw.pick(tuple(status for _, status in _STATUSES if status != content.status))
        row = row_of(draw, run, Version(content._replace(status=other), updated_ms))
        return self._again(run, row, "conflict")

    def _unknown(self) -> SimulatedRecord:
        run, row = self._example()
        self._answer.count_dead_letter(DeadLetterReason.MISSING_FIELD.value)
        return self._record(run, bad.another_export(self._draw, row), "unknown")

    def _bad(self) -> SimulatedRecord:
        run, row = self._example()
        reason, make = self._draw.pick(bad.BAD)
        self._answer.count_dead_letter(reason.value)
        return self._record(run, make(self._draw, row), f"bad:{reason.value}")

    def _example(self) -> tuple[Run, Json]:
        """Return an execution that nobody else hears of, and its row."""
        run = self._run()
        self._known.pop()
        return run, row_of(self._draw, run, Version(self._content("success"), run.created_ms + 1))

    def _record(self, run: Run, value: bytes, note: str) -> SimulatedRecord:
        keys = {"customer": run.key, "mobile": run.customer_id or run.id}
        key = keys.get(self.options.keying)
        name = EVENT if note.startswith(("good", "dirty", "duplicate", "conflict")) else ""
        return SimulatedRecord(None if key is None else key.encode(), value, _HEADERS, self._now_ms, note, name, None)
