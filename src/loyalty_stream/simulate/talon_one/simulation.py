"""The stream itself: good, dirty, repeated, late, unknown and broken records, each with its right answer."""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.agenda import Agenda
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation
from loyalty_stream.simulate.talon_one import bad
from loyalty_stream.simulate.talon_one.choosing import example, notify, notify_beside
from loyalty_stream.simulate.talon_one.desk import Desk
from loyalty_stream.simulate.talon_one.dirt import UNTIMED, soil
from loyalty_stream.simulate.talon_one.envelopes import Envelope, Headers, choose_envelope, name_of, wrap
from loyalty_stream.simulate.talon_one.notification import Notification
from loyalty_stream.simulate.talon_one.world import NO_ORG, VENDOR, Application, World

RECENT: Final = 20  # a redelivery follows within so many applied records: far inside any dedup window
_BATCH_SHARE: Final = 0.2
_BATCH_MAX: Final = 4
_LATE_SHARE: Final = 0.04
_LATE_RECORDS_MAX: Final = 40
_UNTIMED_SHARE: Final = 0.2  # of the dirty records


class _Sent(NamedTuple):
    """A record that was applied, kept a while so that it can come again."""

    notifications: Sequence[Notification]
    envelope: Envelope
    value: bytes
    headers: Headers


class TalonOneSimulation(Simulation):
    """Make one stream of Talon.One's and know its right answer; the same options give the same bytes.

    A notification is what it says, so that none contradicts another: `conflict_share` is ignored. So are `customers`,
    as no notification names one, with `skew` and every share of customers, transfers, merges and erasures but
    `opening_share`, which is that of the campaigns known only since they were heard of; `not_yet_supported_share`, as
    all are supported. `keying` customer is by campaign, or by application where the order is told; mobile the same
    without vendor and organisation. With `bulk` others, records of some applications are keyed by the application,
    and batches of theirs are about several campaigns. The answer is only sure where the records of one key are in
    order: with `keying` none, on one partition.
    """

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Prepare the stream; nothing is made before `records` is read. Add to `answer` where one is given."""
        super().__init__(options)
        self._answer = Answer() if answer is None else answer
        self._draw = Draw(options.seed, options.fractional_share)
        self._world = World(options.orgs, collecting=options.bulk == "others")
        self._desk = Desk(self._world, self._draw, options.opening_share)
        self._agenda: Agenda[Notification] = Agenda()
        self._recent: deque[_Sent] = deque(maxlen=RECENT)
        self._now_ms = options.start_ms
        self._number = 0

    @property
    def answer(self) -> Answer:
        """What tables and counters must hold after everything yielded so far."""
        return self._answer

    def _next(self) -> SimulatedRecord:
        draw, options = self._draw, self.options
        self._number += 1
        self._now_ms += draw.between(1, 2 * options.interval_ms - 1)
        self._desk.now_ms = self._now_ms
        shares = (
            (options.duplicate_share, self._duplicate),
            (options.unknown_share, self._unknown),
            (options.bad_bytes_share, self._bad),
            (1.0, self._good),
        )
        return draw.weighed(shares)()

    def _good(self) -> SimulatedRecord:
        held = self._agenda.next(self._number)
        if held is not None:
            return self._deliver([held])
        draw, desk = self._draw, self._desk
        first = notify(desk)
        if draw.chance(_LATE_SHARE):
            self._hold(first)
            first = notify_beside(desk, first)
        if not draw.chance(_BATCH_SHARE):
            return self._deliver([first])
        notifications = [first, *(notify_beside(desk, first) for _ in range(draw.between(0, _BATCH_MAX - 1)))]
        return self._deliver(notifications)

    def _hold(self, notification: Notification) -> None:
        """Let a notification come some records later, when newer ones may be there already."""
        self._agenda.add(self._number + self._draw.between(1, _LATE_RECORDS_MAX), lambda: notification)

    def _deliver(self, notifications: Sequence[Notification]) -> SimulatedRecord:
        """Return the record of some notifications, dirty perhaps, and count it."""
        draw, options = self._draw, self.options
        kinds: tuple[str, ...] = ()
        is_dirty = draw.chance(options.dirt_share)
        if is_dirty and draw.chance(_UNTIMED_SHARE) and notifications[0].can_lose_time:
            notifications[0].lose_time()
            kinds = (UNTIMED,)
        envelope = choose_envelope(draw, notifications)
        record, headers = wrap(draw, notifications, envelope, options.casing_share)
        if is_dirty and (not kinds or draw.chance(0.3)):
            record, more = soil(record, draw)
            kinds += more
        value = encode(record)
        for notification in notifications:
            notification.word.tell(self._answer, notification.at_ms, self._now_ms)
        self._answer.count_applied(name_of(notifications))
        self._recent.append(_Sent(notifications, envelope, value, headers))
        return self._record(notifications, value, headers, "dirty:" + "+".join(kinds) if kinds else "good", envelope)

    def _duplicate(self) -> SimulatedRecord:
        """Return a recent record again: byte by byte, newly delivered in another envelope or by parts, or dirty."""
        draw = self._draw
        if not self._recent:
            return self._good()
        notifications, envelope, value, headers = draw.pick(self._recent)
        how = draw.pick(("exact", "redelivered", "dirty"))
        if how != "exact":
            if how == "redelivered" and len(notifications) > 1:
                notifications = draw.pick((notifications[::-1], [draw.pick(notifications)]))
                envelope = choose_envelope(draw, notifications)
            elif how == "redelivered":
                envelope = choose_envelope(draw, notifications)
            record, headers = wrap(draw, notifications, envelope, self.options.casing_share)
            value = encode(soil(record, draw)[0] if how == "dirty" else record)
        self._answer.count_duplicate()
        return self._record(notifications, value, headers, f"duplicate:{how}", envelope)

    def _unknown(self) -> SimulatedRecord:
        spoilt = example(self._desk)
        self._answer.count_dead_letter(DeadLetterReason.UNKNOWN_EVENT.value)
        return self._flawed(spoilt, bad.unknown(self._draw, spoilt.body), "unknown")

    def _bad(self) -> SimulatedRecord:
        spoilt = example(self._desk)
        reason, make = self._draw.pick(bad.BAD)
        self._answer.count_dead_letter(reason.value)
        return self._flawed(spoilt, make(self._draw, spoilt.body), f"bad:{reason.value}")

    def _flawed(self, spoilt: Notification, flawed: bad.Flawed, note: str) -> SimulatedRecord:
        return self._record([spoilt], flawed.value, flawed.headers, note, None)._replace(event_name="")

    def _record(
        self,
        notifications: Sequence[Notification],
        value: bytes,
        headers: Headers,
        note: str,
        envelope: Envelope | None,
    ) -> SimulatedRecord:
        key, usual = self._key(notifications[0]), self._headers(notifications[0].application)
        named = {name for name, _ in headers}
        both = (*(header for header in usual if header[0] not in named), *headers)
        return SimulatedRecord(key, value, both, self._now_ms, note, name_of(notifications), envelope)

    def _key(self, notification: Notification) -> bytes | None:
        application = notification.application
        entity = application.entity if application.collects else notification.entity
        match self.options.keying:
            case "customer":
                return entity_key(VENDOR, application.org_id, entity).encode()
            case "mobile":
                return entity.encode()
            case _:
                return None

    def _headers(self, application: Application) -> Headers:
        usual: Headers = (("content-type", b"application/json"),)
        return usual if application.org_id == NO_ORG else (*usual, ("loyalty_org_id", application.org_id.encode()))
