"""The stream itself: good, dirty, repeated, contradicting, unknown and broken records, each with its right answer."""

from collections import deque
from typing import Final, NamedTuple

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME, soil
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.simulation import SimulatedRecord, Simulation
from loyalty_stream.simulate.voucherify.bad import BAD
from loyalty_stream.simulate.voucherify.campaigns import announce_campaigns
from loyalty_stream.simulate.voucherify.counted import counted, unknown
from loyalty_stream.simulate.voucherify.customers import Customer
from loyalty_stream.simulate.voucherify.dirt import FIELDS
from loyalty_stream.simulate.voucherify.envelopes import (
    Envelope,
    choose_envelope,
    choose_spelling,
    headers_of,
    wrap,
)
from loyalty_stream.simulate.voucherify.makers import make_activity
from loyalty_stream.simulate.voucherify.redelivery import can_contradict, contradict
from loyalty_stream.simulate.voucherify.stage import Activity, Stage

RECENT: Final = 16  # a redelivery follows within so many applied records: two facts of each are inside any dedup window
_IMPLAUSIBLE_SHARE: Final = 0.4  # of the dirty records that can do without a time


class _Sent(NamedTuple):
    """A record that was applied, kept a while so that it can come again."""

    activity: Activity
    envelope: Envelope
    value: bytes


class VoucherifySimulation(Simulation):
    """Make one stream of Voucherify's and know its right answer; the same options give the same bytes.

    `orgs` are projects, which only the header `loyalty_org_id` names; `not_yet_supported_share` is of activities that
    are counted only. What the vendor does not have is ignored: `fractional_share`, since its points are whole numbers,
    `group_share`, `merge_share`, `bad_merge_share`, and `bulk`, since every activity is of one customer. How long a
    tier lasts by its campaign's rules is only sure where no partition is ahead of the campaigns, which come first.
    """

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Prepare the stream; nothing is made before `records` is read. Add to `answer` where one is given."""
        super().__init__(options)
        self._stage = Stage(options, answer)
        self._recent: deque[_Sent] = deque(maxlen=RECENT)
        announce_campaigns(self._stage)

    @property
    def answer(self) -> Answer:
        """What tables and counters must hold after everything yielded so far."""
        return self._stage.answer

    def _next(self) -> SimulatedRecord:
        stage, options = self._stage, self.options
        stage.advance()
        kind = stage.draw.unit() - options.duplicate_share
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
        return self._counted() if kind < 0 else self._good()

    def _record(self, activity: Activity, value: bytes, note: str, envelope: Envelope) -> SimulatedRecord:
        headers = headers_of(activity.project)
        return SimulatedRecord(self._key(activity), value, headers, self._stage.now_ms, note, activity.name, envelope)

    def _key(self, activity: Activity) -> bytes | None:
        """Return what a record is keyed by: the customer or campaign that it is about."""
        if self.options.keying == "none":
            return None
        if self.options.keying == "customer":
            return activity.key.encode()
        return (activity.key.rpartition(":")[2] if activity.customer is None else activity.customer.phone).encode()

    def _good(self) -> SimulatedRecord:
        stage = self._stage
        return self._deliver(stage.agenda.next(stage.number) or make_activity(stage))

    def _deliver(self, activity: Activity) -> SimulatedRecord:
        """Return the record of an activity, dirty perhaps, and count it."""
        stage, draw = self._stage, self._stage.draw
        if not activity.is_document:
            activity.spelled = choose_spelling(draw, activity.name, self.options.casing_share)
        kinds: tuple[str, ...] = ()
        is_dirty = draw.chance(self.options.dirt_share)
        if is_dirty and activity.may_lose_time and draw.chance(_IMPLAUSIBLE_SHARE):
            activity.created_at //= 10
            if activity.customer is not None:
                activity.customer.clock.last_ms = stage.now_ms  # which counts instead
            kinds = (IMPLAUSIBLE_TIME,)
        envelope = choose_envelope(draw, activity)
        record = wrap(stage, activity, envelope)
        if is_dirty and (not kinds or draw.chance(0.3)):
            record, more = soil(record, draw, FIELDS)
            kinds += more
        value = encode(record)
        note = "dirty:" + "+".join(kinds) if kinds else "good"
        self._count(activity)
        if activity.effect == "applied" and activity.repeats:
            self._recent.append(_Sent(activity, envelope, value))
        if activity.customer is not None and activity.customer.erased:
            self._forget(activity.customer)
            note = "erased" if activity.effect == "ignored" else note
        return self._record(activity, value, note, envelope)

    def _count(self, activity: Activity) -> None:
        answer = self._stage.answer
        if activity.effect == "applied":
            answer.count_applied(activity.name)
        elif activity.effect == "duplicate":
            answer.count_duplicate()
        elif activity.effect == "ignored":
            answer.count_ignored()
        else:
            answer.count_dead_letter(DeadLetterReason.CONFLICT.value)

    def _forget(self, customer: Customer) -> None:
        """Let nothing come again of a customer who is erased now."""
        kept = [sent for sent in self._recent if sent.activity.customer is not customer]
        self._recent = deque(kept, maxlen=RECENT)

    def _duplicate(self) -> SimulatedRecord | None:
        """Return a recent record again: byte by byte, newly delivered, or dirty."""
        stage, draw = self._stage, self._stage.draw
        if not self._recent:
            return None
        activity, envelope, value = draw.pick(self._recent)
        how = draw.pick(("exact", "redelivered", "dirty"))
        if how == "redelivered":
            envelope = choose_envelope(draw, activity)
            value = encode(wrap(stage, activity, envelope))
        elif how == "dirty":
            value = encode(soil(wrap(stage, activity, envelope), draw, FIELDS)[0])
        stage.answer.count_duplicate()
        return self._record(activity, value, f"duplicate:{how}", envelope)

    def _conflict(self) -> SimulatedRecord | None:
        """Return another activity under the id of a recent one."""
        stage = self._stage
        candidates = [sent for sent in self._recent if can_contradict(sent.activity)]
        if not candidates:
            return None
        activity, envelope, _ = stage.draw.pick(candidates)
        value = encode(wrap(stage, contradict(activity), envelope))
        stage.answer.count_dead_letter(DeadLetterReason.CONFLICT.value)
        return self._record(activity, value, "conflict", envelope)

    def _unknown(self) -> SimulatedRecord:
        self._stage.answer.count_dead_letter(DeadLetterReason.UNKNOWN_EVENT.value)
        return self._send(unknown(self._stage, self._stage.population.choose()), "unknown")

    def _counted(self) -> SimulatedRecord:
        self._stage.answer.count_ignored()
        return self._send(counted(self._stage, self._stage.population.choose()), "not_yet_supported")

    def _send(self, activity: Activity, note: str) -> SimulatedRecord:
        envelope = choose_envelope(self._stage.draw, activity)
        return self._record(activity, encode(wrap(self._stage, activity, envelope)), note, envelope)

    def _bad(self) -> SimulatedRecord:
        stage = self._stage
        customer = stage.population.choose()
        reason, make = stage.draw.pick(BAD)
        value = make(stage, customer)
        stage.answer.count_dead_letter(reason.value)
        activity = stage.activity(customer, "", {}, stage.now_ms)
        return self._record(activity, value, f"bad:{reason.value}", "listed")._replace(envelope=None)
