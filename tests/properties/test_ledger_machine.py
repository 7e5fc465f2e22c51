"""Whatever a vendor's records do on their way, the ledger comes to what the vendor's books say."""

from datetime import date
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.helpers.flow import balances
from tests.helpers.totals import assert_totals
from tests.properties import ledger_closing as closing
from tests.properties import ledger_draws as draws
from tests.properties.ledger_audit import PREFIX, Auditor
from tests.properties.ledger_desk import CUSTOMERS, Desk, Leg, Made, Mode
from tests.properties.ledger_model import PROGRAMS, ZERO, Books, Effect, Part, regular_of
from tests.properties.ledger_records import (
    SUMMARY_FIELDS,
    Event,
    Scribe,
    activity,
    altered,
    erasure_data,
    given_back,
    merge_data,
    summary,
    taken,
    totals,
)


class Ledger(RuleBasedStateMachine):
    """A vendor books, a desk delivers, the pipeline reduces, and an auditor reads along."""

    @initialize(
        mode=st.sampled_from(Mode),
        order=st.lists(st.integers(0, 5), min_size=1, max_size=8).map(tuple),
        strays=st.frozensets(draws.CUSTOMERS, max_size=2),
    )
    def open(self, mode: Mode, order: tuple[int, ...], strays: frozenset[str]) -> None:
        self.mode = mode
        self.books = Books()
        self.scribe = Scribe()
        self.desk = Desk(self.books, order, strays)
        self.auditor = Auditor()
        self.redemptions: list[tuple[str, list[Part], Event]] = []
        self.order_matters = False  # for the record that is being made: it is delivered at once

    # What customers do.

    @rule(
        customer=draws.CUSTOMERS,
        program=draws.PROGRAMS,
        stated=st.none() | draws.AMOUNTS,
        breakup=draws.BROKEN_UP,
        promotions=draws.BROKEN_UP,
        promised=draws.FEW_AMOUNTS,
        total=draws.AMOUNTS,
        bill=draws.BILLS,
        told=draws.TOLD,
    )
    def issue(  # noqa: PLR0913, PLR0917 - an issue has that many parts
        self,
        customer: str,
        program: str,
        stated: Decimal | None,
        breakup: list[tuple[Decimal, date | None]],
        promotions: list[tuple[Decimal, date | None]],
        promised: list[Decimal],
        total: Decimal,
        bill: str | None,
        told: bool,  # noqa: FBT001
    ) -> None:
        promised = [] if self.mode is Mode.SUMS else promised
        regular = regular_of(stated, [amount for amount, _ in breakup], other=bool(promotions or promised), total=total)
        active = regular + sum((amount for amount, _ in promotions), ZERO)
        whose = self._at_home(customer)
        if whose is None:
            return
        effects = self.books.issue(whose, program, active, sum(promised, ZERO))
        data = {
            "loyaltyProgramId": int(program),
            "regularPointsIssued": stated,
            "totalPointsIssued": total,
            "regularPointsBreakup": [{"points": amount, "expiryAt": day} for amount, day in breakup],
            "promotionalPointsIssued": [
                {"promotionPoints": amount, "promotionPointsExpiryDate": day} for amount, day in promotions
            ],
            "promisedPointsIssued": [{"promisedPoints": amount} for amount in promised],
            **activity("billId", bill),
            **totals(self.books, whose, program, told=self._tells(told)),
        }
        self._make("pointsIssued", whose, data, effects)

    @rule(customer=draws.CUSTOMERS, program=draws.PROGRAMS, amount=draws.AMOUNTS, more=st.booleans(), told=draws.TOLD)
    def convert(self, customer: str, program: str, amount: Decimal, more: bool, told: bool) -> None:  # noqa: FBT001
        whose = self._at_home(customer)
        if whose is None:
            return
        amount = self._of_pending(whose, program, amount, more=more)
        effects = self.books.convert(whose, program, amount)
        data = {
            "loyaltyProgramId": int(program),
            "pointsConverted": amount,
            **totals(self.books, whose, program, told=self._tells(told)),
        }
        self._make("promisedToCurrentPointsConversion", whose, data, effects)

    @rule(
        customer=draws.CUSTOMERS,
        program=draws.PROGRAMS,
        amount=draws.AMOUNTS,
        promotions=draws.FEW_AMOUNTS,
        promised=draws.AMOUNTS,
        more=st.booleans(),
        own=st.booleans(),
        bill=draws.BILLS,
        told=draws.TOLD,
    )
    def reverse_an_issue(  # noqa: PLR0913, PLR0917 - as an issue
        self,
        customer: str,
        program: str,
        amount: Decimal,
        promotions: list[Decimal],
        promised: Decimal,
        more: bool,  # noqa: FBT001
        own: bool,  # noqa: FBT001
        bill: str | None,
        told: bool,  # noqa: FBT001
    ) -> None:
        whose = self._at_home(customer)
        if whose is None:
            return
        promised = self._of_pending(whose, program, promised, more=more)
        effects = self.books.reverse_issue(whose, program, amount + sum(promotions, ZERO), promised)
        details = [{"promotionPoints": points} for points in promotions]
        data = {
            "loyaltyProgramId": int(program),
            "regularPointsReversed": amount if not own else amount + 100,
            "promisedPointsReversed": promised if not own else promised + 100,
            "promotionalPointsReversed": details,
            **activity("billId", bill),
            **totals(self.books, whose, program, told=self._tells(told)),
        }
        if own:
            data["currentEventRegularPointsReturned"] = amount
            data["currentEventPromisedPointsReturned"] = promised
            data["currentEventPromotionPointsReturnedDetails"] = details
        self._make("issuedPointsReversed", whose, data, effects, named=False)

    @rule(customer=draws.CUSTOMERS, parts=draws.PARTS, summarised=st.booleans(), told=draws.TOLD)
    def redeem(self, customer: str, parts: list[Part], summarised: bool, told: bool) -> None:  # noqa: FBT001
        whose = self._at_home(customer)
        if whose is None:
            return
        effects = self.books.take(whose, parts, "redeemed")
        number = len(self.redemptions)
        named = {"redemptionSummaryId": number} if summarised else activity("redemptionId", f"x{number}")
        data = {
            "loyaltyProgramId": int(PROGRAMS[0]),
            "totalPointsRedeemed": sum((amount for _, amount in parts), ZERO),
            "redemptionFromEarningPrograms": taken(self.books, whose, parts, told=self._tells(told)),
            **named,
        }
        self.redemptions.append((whose, parts, named))
        self._make("pointsRedeemed", whose, data, effects)

    @precondition(lambda self: self.redemptions)
    @rule(pick=draws.PICKS, parts=draws.PARTS, whole=st.booleans(), expired=draws.AMOUNTS, told=draws.TOLD)
    def reverse_a_redemption(self, pick: int, parts: list[Part], whole: bool, expired: Decimal, told: bool) -> None:  # noqa: FBT001
        customer, redeemed, named = self.redemptions[pick % len(self.redemptions)]
        whose = self._at_home(customer)
        if whose is None:
            return
        parts = redeemed if whole else parts
        effects = self.books.give(whose, parts, "redemption_reversed")
        data = {
            "loyaltyProgramId": int(PROGRAMS[0]),
            "redemptionReversalToEarningPrograms": given_back(
                self.books, whose, parts, expired, told=self._tells(told)
            ),
            **named,
        }
        self._make("redeemedPointsReversed", whose, data, effects)

    @rule(customer=draws.CUSTOMERS, program=draws.PROGRAMS, amount=draws.AMOUNTS)
    def expire(self, customer: str, program: str, amount: Decimal) -> None:
        if (whose := self._at_home(customer)) is not None:
            effects = self.books.take(whose, [(program, amount)], "expired")
            self._make("pointsExpired", whose, {"loyaltyProgramId": int(program), "pointsExpired": amount}, effects)

    @rule(customer=draws.CUSTOMERS, program=draws.PROGRAMS, amount=draws.AMOUNTS, old=draws.DAYS, new=draws.DAYS)
    def move_an_expiry(self, customer: str, program: str, amount: Decimal, old: date | None, new: date | None) -> None:
        if (whose := self._at_home(customer)) is not None:
            move = {"programId": int(program), "points": amount, "oldExpiryDate": old, "newExpiryDate": new}
            self._make("singlePointsExpiryUpdated", whose, {"updatedPointsExpiry": [move]}, [])

    @rule(
        sender=draws.CUSTOMERS,
        receiver=draws.CUSTOMERS,
        parts=draws.PARTS,
        program=draws.PROGRAMS,
        legs=st.sampled_from(["both", "both", "out", "in"]),
        told=draws.TOLD,
    )
    def transfer(
        self,
        sender: str,
        receiver: str,
        parts: list[Part],
        program: str,
        legs: str,
        told: bool,  # noqa: FBT001
    ) -> None:
        giver, taker = self._at_home(sender), self._at_home(receiver)
        if giver is None or taker is None or giver == taker:
            return
        name, total = f"T{self.scribe.written}", sum((amount for _, amount in parts), ZERO)
        if legs != "in":
            effects = self.books.take(giver, parts, "transferred_out")
            data = {
                "loyaltyProgramId": int(program),
                "totalPointsTransferred": total,
                "redemptionFromEarningPrograms": taken(self.books, giver, parts, told=self._tells(told)),
            }
            event = self.scribe.about("pointsTransferredInitiated", giver, data, transfer=name)
            self.desk.put(Made(giver, event, effects, Leg(name, "out", total)))
        if legs != "out":
            effects = self.books.give(taker, [(program, total)], "transferred_in")
            data = {"loyaltyProgramId": int(program), "totalPointsTransferred": total}
            event = self.scribe.about("pointsTransferredReceived", taker, data, transfer=name)
            self.desk.put(Made(taker, event, effects, Leg(name, "in", total)))

    # What happens to customers.

    @rule(
        one=draws.CUSTOMERS,
        other=draws.CUSTOMERS,
        some=draws.SOME_FIELDS,
        whole=st.booleans(),
        first=st.sampled_from(["nothing", "victim", "all"]),
        at_once=st.booleans(),
    )
    def merge(self, one: str, other: str, some: frozenset[str], whole: bool, first: str, at_once: bool) -> None:  # noqa: FBT001
        survivor, victim = self._at_home(one), self._at_home(other)
        if survivor is None or victim is None or survivor == victim:
            return
        if first == "all":
            self.desk.settle()
        elif first == "victim":
            self.desk.deliver_all(victim)
        family = self.books.family(victim)
        self.books.merge(survivor, victim)
        whole = self.mode is Mode.SUMMARIES or (self.mode is Mode.CALM and whole)
        fields = frozenset(SUMMARY_FIELDS) if whole else some
        summaries = [] if self.mode is Mode.SUMS else summary(self.books, survivor, PROGRAMS, fields)
        event = self.scribe.about("loyaltyCustomerMerge", None, merge_data(survivor, victim, summaries), named=False)
        after = family if self.mode is Mode.CALM and not whole else []
        self.desk.put(Made(survivor, event, kind="merge", after=after))
        if at_once:
            self.desk.deliver_all(survivor)

    @rule(customer=draws.CUSTOMERS, late=st.booleans())
    def erase(self, customer: str, late: bool) -> None:  # noqa: FBT001
        """Erase a customer; no merge of the family is still to come then, nor anything that no summary holds."""
        whose = self._at_home(customer)
        if whose is None:
            return
        family = self.books.family(whose)
        for member in family:
            queue = self.desk.queues[member]
            while queue and (
                not late or self.mode is not Mode.SUMMARIES or any(made.kind == "merge" for made in queue)
            ):
                self.desk.deliver(member)
        self.desk.drain()
        self.books.erase(whose)
        event = self.scribe.about("requestUpdated", None, erasure_data(whose, self.scribe.written))
        self.desk.put(Made(whose, event, kind="erasure"))

    @precondition(lambda self: self.desk.erased)
    @rule(pick=draws.PICKS, program=draws.PROGRAMS, amount=draws.AMOUNTS)
    def issue_to_one_who_is_erased(self, pick: int, program: str, amount: Decimal) -> None:
        gone = [customer for customer in CUSTOMERS if self.desk.is_erased(customer)]
        data = {"loyaltyProgramId": int(program), "regularPointsIssued": amount}
        self._make("pointsIssued", gone[pick % len(gone)], data, [])

    # What goes wrong.

    @precondition(lambda self: self.desk.delivered)
    @rule(pick=draws.PICKS, exact=st.booleans())
    def deliver_again(self, pick: int, exact: bool) -> None:  # noqa: FBT001
        made = self.desk.delivered[pick % len(self.desk.delivered)]
        was_idle = self.desk.idle()
        before = closing.state_of(self.desk)
        self.desk.hand_in_again(made, exact=exact)
        if was_idle:
            self.desk.drain()
            assert closing.state_of(self.desk) == before, "a duplicate changes nothing"

    @precondition(lambda self: any(made.kind == "points" for made in self.desk.delivered))
    @rule(pick=draws.PICKS)
    def contradict(self, pick: int) -> None:
        points = [made for made in self.desk.delivered if made.kind == "points"]
        made = points[pick % len(points)]
        event = {**made.event, "data": altered(made.event["data"])}
        self.desk.put(Made(made.customer, event, kind="conflict"))

    @rule(pick=draws.PICKS, how=st.sampled_from(["itself", "back", "again"]), other=draws.CUSTOMERS)
    def merge_badly(self, pick: int, how: str, other: str) -> None:
        """State a merge with itself, back into one who was merged, or of one who is merged already."""
        victims = [victim for victim in self.books.merged_into if self._at_home(victim) is not None]
        if how == "itself" or not victims or self._at_home(other) is None:
            self._merge_badly(other, other)
            return
        victim = victims[pick % len(victims)]
        if not self._is_decided(victim):
            self.desk.deliver_all(self.books.merged_into[victim])
            self.desk.drain()
        if how == "back":
            self._merge_badly(victim, self.books.merged_into[victim])
        elif other != victim:
            self._merge_badly(other, victim)

    # What time does.

    @rule(customer=draws.CUSTOMERS, count=st.integers(1, 4))
    def deliver(self, customer: str, count: int) -> None:
        for _ in range(min(count, len(self.desk.queues[customer]))):
            self.desk.deliver(customer)

    @precondition(lambda self: self.desk.flow.lanes)
    @rule(pick=draws.PICKS, count=st.integers(1, 4))
    def step(self, pick: int, count: int) -> None:
        for _ in range(count):
            if lanes := self.desk.flow.lanes:
                self.desk.flow.take(lanes[pick % len(lanes)])

    @rule(days=st.integers(0, 1))
    def rest(self, days: int) -> None:
        self.desk.drain()
        self.desk.days += days

    # What must hold.

    @invariant()
    def the_books_of_every_account_balance(self) -> None:
        """Lots make up the balance, in spending order, none empty; each entry is two-sided; rows are as published."""
        self.auditor.read(self.desk.flow)
        self.auditor.compare(self.desk.flow)

    @invariant()
    def no_drift_is_seen_where_the_vendor_agrees(self) -> None:
        assert self.auditor.drift == []

    @invariant()
    def programmes_owe_what_their_customers_hold(self) -> None:
        assert_totals(self.desk.flow.tables)

    @invariant()
    def every_record_is_counted_once(self) -> None:
        assert balances(self.desk.flow.tally)

    def teardown(self) -> None:
        self.desk.settle()
        self.auditor.read(self.desk.flow)
        self.auditor.compare(self.desk.flow)
        closing.check(self.desk, self.auditor, only_sums=self.mode is Mode.SUMS)

    def _at_home(self, customer: str) -> str | None:
        """Return who a customer is now, for the vendor, or None where that one is erased."""
        whose = self.books.now(customer)
        return None if whose in self.books.erased else whose

    def _tells(self, told: bool) -> bool:  # noqa: FBT001
        return told and self.mode is not Mode.SUMS

    def _of_pending(self, customer: str, program: str, amount: Decimal, *, more: bool) -> Decimal:
        """Return an amount that is pending, or one that is more, when all is delivered: then order matters."""
        pending = self.books.held[customer][program].pending
        if amount > pending and more and self.mode is not Mode.SUMS:
            self.desk.settle()
            self.order_matters = True
            return amount
        return min(amount, pending)

    def _make(self, name: str, customer: str, data: Event, effects: list[Effect], *, named: bool = True) -> None:
        self.desk.put(Made(customer, self.scribe.about(name, customer, data, named=named), effects))
        if self.order_matters:
            self.desk.settle()
            self.order_matters = False

    def _merge_badly(self, survivor: str, victim: str) -> None:
        event = self.scribe.about("loyaltyCustomerMerge", None, merge_data(survivor, victim, []), named=False)
        self.desk.hand_in(Made(survivor, event, kind="refused"))

    def _is_decided(self, victim: str) -> bool:
        key = f"aliases|{PREFIX}{victim}".encode()
        return any(key in table for table in self.desk.flow.tables)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=3 * settings().max_examples, stateful_step_count=40)
