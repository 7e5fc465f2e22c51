"""An auditor who reads every message once, as it comes, and compares what was published with the rows."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import Any

from loyalty_stream.domains.points.lots import spending_order
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.pipeline.internal import KEPT
from loyalty_stream.pipeline.processor import Processor
from tests.helpers.flow import Flow
from tests.properties.ledger_model import ZERO, Held

PREFIX = "capillary:9300:"
Event = dict[str, Any]


class Published:
    """One account, as a reader of the messages knows it."""

    def __init__(self) -> None:
        self.held = Held()
        self.lots: dict[str, Decimal] = {}

    def change(self, data: Event) -> None:
        """Take a change over; its lots change by what the account does, and it ends at what it says."""
        before = sum(self.lots.values(), ZERO)
        for lot in data["lots"]:
            self.lots[lot["lot_id"]] = Decimal(lot["remaining"])
        assert sum(self.lots.values(), ZERO) - before == Decimal(data["delta_active"]), "an entry has two sides"
        self.lots = {name: remaining for name, remaining in self.lots.items() if remaining}
        self.held.add(Held(*(Decimal(data[f"delta_{field}"]) for field in ("active", "pending", "lifetime"))))
        assert self.held.numbers == tuple(Decimal(data[field]) for field in ("active", "pending", "lifetime"))


class Auditor:
    """What was published so far: accounts, sums by reason, transfers, erasures, and reports of what is wrong."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], Published] = defaultdict(Published)
        self.reasons: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.transferred: dict[str, Decimal] = defaultdict(Decimal)
        self.settled: Counter[str] = Counter()
        self.unmatched: Counter[str] = Counter()
        self.kept: dict[str, Held] = defaultdict(Held)
        self.erased: set[str] = set()
        self.drift: list[tuple[str, Event]] = []
        self.types: Counter[str] = Counter()
        self._read = 0

    def read(self, flow: Flow) -> None:
        """Read what was published since the last time."""
        for message in flow.messages[self._read :]:
            if ".derived." in message.topic:
                self._take(json.loads(message.value or b""))
        self._read = len(flow.messages)

    def compare(self, flow: Flow) -> None:
        """Compare every account with its row: its lots, its balances and what was published of it."""
        kept = {
            (key.decode().partition("|")[2], account.program_id): account
            for table in flow.tables
            for key, row in table.items()
            if key.startswith(b"points|")
            for account in _points(key, row).accounts.values()
        }
        for name, account in kept.items():
            published = self.accounts[name]
            assert published.held.numbers == (account.active, account.pending, account.lifetime)
            assert published.lots == {lot.lot_id: lot.remaining for lot in account.lots}
            _check_lots(account)
        for name, published in self.accounts.items():
            assert name in kept or not any(published.held.numbers), "what is published of an account, is in a row"

    def _take(self, event: Event) -> None:
        data, customer = event["data"], event["key"]
        self.types[event["type"]] += 1
        if event["type"] == "BalanceChanged":
            assert customer not in self.erased
            self.accounts[customer, data["program_id"]].change(data)
            self.reasons[data["program_id"], data["reason"]] += Decimal(data["delta_active"])
            if data["reason"].startswith("transferred"):
                self.transferred[data["reference"]] += Decimal(data["delta_active"])
        elif event["type"] == "PointsTransferSettled":
            self.settled[data["transfer_id"]] += 1
        elif event["type"] == "PointsTransferUnmatched":
            self.unmatched[data["transfer_id"]] += 1
        elif event["type"] == "CustomerErased":
            self._erase(customer, data)
        elif event["type"].startswith("BalanceDrift"):
            self.drift.append((event["type"], data))

    def _erase(self, customer: str, data: Event) -> None:
        self.erased.add(customer)
        gone = {total["program_id"]: total for total in data["kept"]}
        for name in [name for name in self.accounts if name[0] == customer]:
            held = self.accounts.pop(name).held
            total = gone.pop(name[1], {"active": 0, "pending": 0, "lifetime": 0})
            told = tuple(Decimal(total[field]) for field in ("active", "pending", "lifetime"))
            assert told == held.numbers, "what vanished is kept in the programme's totals"
            self.kept[name[1]].add(held)
        assert gone == {}


def kept_rows(flow: Flow) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Return what the rows of erased customers' totals hold, a row for each partition, by programme."""
    found: dict[str, Held] = defaultdict(Held)
    for key, row in (item for table in flow.tables for item in table.items()):
        if key.startswith(f"{KEPT}|".encode()):
            for total in Processor.decode_row(key, row).state.totals.values():
                found[total.program_id].add(Held(total.active, total.pending, total.lifetime))
    return {program: held.numbers for program, held in found.items() if any(held.numbers)}


def accounts_of(flow: Flow) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    """Return what the rows hold, by customer and programme, where it is anything at all."""
    return {
        (key.removeprefix(f"points|{PREFIX}"), account.program_id): (account.active, account.pending, account.lifetime)
        for key, row in flow.rows().items()
        if key.startswith("points|")
        for account in row.state.accounts.values()
        if account.active or account.pending or account.lifetime
    }


def _points(key: bytes, row: bytes) -> PointsState:
    state: PointsState = Processor.decode_row(key, row).state
    return state


def _check_lots(account: Account) -> None:
    assert sum((lot.remaining for lot in account.lots), ZERO) == account.active
    assert all(lot.remaining for lot in account.lots), "no lot is empty"
    assert all(spending_order(one) <= spending_order(other) for one, other in pairwise(account.lots))
    assert account.pending >= ZERO
