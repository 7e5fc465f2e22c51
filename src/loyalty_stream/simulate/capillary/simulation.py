"""The stream itself: good, dirty, repeated, contradicting, unknown and broken records, each with its right answer."""

from collections import deque
from typing import Final, NamedTuple

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.capillary.bad import BAD
from loyalty_stream.simulate.capillary.bad_merges import bad_merge
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.dirt import soil
from loyalty_stream.simulate.capillary.envelopes import choose_envelope, choose_spelling, wrap
from loyalty_stream.simulate.capillary.makers import make_event
from loyalty_stream.simulate.capillary.others import not_yet_supported, unknown
from loyalty_stream.simulate.capillary.redelivery import can_contradict, contradict
from loyalty_stream.simulate.capillary.stage import Envelope, Stage, VendorEvent
from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation

RECENT: Final = 20  # a redelivery follows within so many applied records: far inside any dedup window
RECENT_BULK: Final = 4  # or so many where other customers are concerned, whose records overtake
_IMPLAUSIBLE_SHARE: Final = 0.15  # of the dirty records
_HEADERS: Final[tuple[tuple[str, bytes], ...]] = (("content-type", b"application/json"),)


class _Sent(NamedTuple):
    """A record that was applied, kept a while so that it can come again."""

    event: VendorEvent
    envelope: Envelope
    value: bytes


class CapillarySimulation(Simulation):
    """Make one stream of Capillary's and know its right answer; the same options give the same bytes."""

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Prepare the stream; nothing is made before `records` is read. Add to `answer` where one is given."""
        super().__init__(options)
        self._stage = Stage(options, answer)
        self._recent: deque[_Sent] = deque(maxlen=RECENT)

    @property
    def answer(self) -> Answer:
        """What tables and counters must hold after everything yielded so far."""
        return self._stage.answer

    def _next(self) -> SimulatedRecord:
        stage, options = self._stage, self.options
        stage.advance()
        kind = stage.draw.unit()
        kind -= options.duplicate_share
        if kind < 0:
            return self._duplicate() or self._good()
        kind -= options.conflict_share
        if kind < 0:
            return self._conflict() or self._good()
        kind -= options.unknown_share
        if kind < 0:
            return self._unknown()
        kind -= options.bad_bytes_share
        if kind < 0:
            return self._bad()
        kind -= options.not_yet_supported_share
        return self._not_yet_supported() if kind < 0 else self._good()

    def _record(self, event: VendorEvent, value: bytes, note: str, envelope: Envelope | None) -> SimulatedRecord:
        key = self._key(event.customer, event.subject)
        return SimulatedRecord(key, value, _HEADERS, self._stage.now_ms, note, event.name, envelope)

    def _key(self, customer: Customer, subject: str = "") -> bytes | None:
        """Return what a record is keyed by: its customer, or what it is about where that is no customer."""
        if self.options.keying == "customer":
            return (self._stage.key(customer.org.id, subject) if subject else customer.key).encode()
        return (subject or customer.mobile).encode() if self.options.keying == "mobile" else None

    def _good(self) -> SimulatedRecord:
        stage = self._stage
        event = stage.agenda.next(stage.number)
        if event is None and stage.draw.chance(self.options.bad_merge_share):
            bad = bad_merge(stage)
            if bad is not None:
                reason, event = bad
                stage.answer.count_dead_letter(reason.value)
                return self._send(event, f"bad_merge:{reason.value}")
        return self._deliver(event or make_event(stage))

    def _deliver(self, event: VendorEvent) -> SimulatedRecord:
        """Return the record of an event, dirty perhaps, and count it."""
        stage, draw = self._stage, self._stage.draw
        event.spelled = choose_spelling(draw, event.spelled, self.options.casing_share)
        envelope = choose_envelope(draw, event.natural)
        kinds: tuple[str, ...] = ()
        is_dirty = draw.chance(self.options.dirt_share)
        if is_dirty and not event.keeps_time and draw.chance(_IMPLAUSIBLE_SHARE):
            event.created_at //= 10
            for clock in event.clocks:
                clock.last_ms = stage.now_ms  # which counts instead
            kinds = (IMPLAUSIBLE_TIME,)
        record = wrap(stage, event, envelope)
        if is_dirty and (not kinds or draw.chance(0.3)):
            record, more = soil(record, draw)
            kinds += more
        value = encode(record)
        note = "dirty:" + "+".join(kinds) if kinds else "good"
        if event.is_ignored:
            stage.answer.count_ignored()
            note = "erased"
        else:
            stage.answer.count_applied(event.name)
        if event.customer.erased:
            self._forget(event.customer)
        elif event.repeats != "never":
            self._recent.append(_Sent(event, envelope, value))
        return self._record(event, value, note, envelope)

    def _forget(self, customer: Customer) -> None:
        """Let nothing come again that concerns a customer who is erased now."""
        kept = [sent for sent in self._recent if sent.event.customer is not customer and not sent.event.concerns_others]
        self._recent = deque(kept, maxlen=RECENT)

    def _duplicate(self) -> SimulatedRecord | None:
        """Return a recent record again: byte by byte, newly delivered, or dirty."""
        stage, draw = self._stage, self._stage.draw
        if not self._recent:
            return None
        back = draw.between(1, len(self._recent))
        event, envelope, value = self._recent[-back]
        if event.concerns_others and back > RECENT_BULK:
            return None
        if event.repeats == "exact" and not event.customer.living:
            return None
        how = "exact" if event.repeats == "exact" else draw.pick(("exact", "redelivered", "dirty"))
        if how == "redelivered":
            envelope = "captured" if envelope == "flat" else envelope
            value = encode(wrap(stage, event, envelope))
        elif how == "dirty":
            value = encode(soil(wrap(stage, event, envelope), draw)[0])
        stage.answer.count_duplicate()
        return self._record(event, value, f"duplicate:{how}", envelope)

    def _conflict(self) -> SimulatedRecord | None:
        """Return another event under the key of a recent one."""
        stage = self._stage
        candidates = [sent for sent in self._recent if can_contradict(sent.event)]
        if not candidates:
            return None
        event, envelope, _ = stage.draw.pick(candidates)
        value = encode(wrap(stage, contradict(event), envelope))
        stage.answer.count_dead_letter(DeadLetterReason.CONFLICT.value)
        return self._record(event, value, "conflict", envelope)

    def _unknown(self) -> SimulatedRecord:
        event = unknown(self._stage, self._stage.population.choose())
        self._stage.answer.count_dead_letter(DeadLetterReason.UNKNOWN_EVENT.value)
        return self._send(event, "unknown")

    def _not_yet_supported(self) -> SimulatedRecord:
        event = not_yet_supported(self._stage, self._stage.population.choose())
        self._stage.answer.count_ignored()
        return self._send(event, "not_yet_supported")

    def _send(self, event: VendorEvent, note: str) -> SimulatedRecord:
        envelope = choose_envelope(self._stage.draw, event.natural)
        value = encode(wrap(self._stage, event, envelope))
        return self._record(event, value, note, envelope)

    def _bad(self) -> SimulatedRecord:
        stage = self._stage
        customer = stage.population.choose()
        reason, make = stage.draw.pick(BAD)
        value = make(stage, customer)
        stage.answer.count_dead_letter(reason.value)
        return SimulatedRecord(
            self._key(customer), value, _HEADERS, stage.now_ms, f"bad:{reason.value}", event_name="", envelope=None
        )
