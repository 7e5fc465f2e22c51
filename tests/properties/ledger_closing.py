"""What must hold once every record is delivered and nothing is under way any more."""

from typing import Any

from tests.helpers.flow import balances
from tests.helpers.totals import moved_by_reason
from tests.properties.ledger_audit import PREFIX, Auditor, accounts_of, kept_rows
from tests.properties.ledger_desk import CUSTOMERS, Desk
from tests.properties.ledger_model import PROGRAMS, ZERO


def check(desk: Desk, auditor: Auditor, *, only_sums: bool) -> None:
    """Compare rows and messages with the vendor's books; `only_sums` is true where nothing can be baselined."""
    _check_counts(desk, auditor)
    _check_points(desk, auditor, only_sums=only_sums)
    _check_transfers(desk, auditor)
    _check_erased(desk, auditor)
    again = desk.flow.replay()
    assert again.messages == desk.flow.messages, "a replay publishes the same bytes"
    assert again.tables == desk.flow.tables, "a replay leaves the same rows"
    _check_duplicates(desk)


def state_of(desk: Desk) -> Any:  # noqa: ANN401 - to be compared only
    """Return all rows and all that was published."""
    topic = desk.flow.config.canonical_topic
    published = [message for message in desk.flow.messages if message.topic != topic]
    return published, [dict(table) for table in desk.flow.tables]


def _check_counts(desk: Desk, auditor: Auditor) -> None:
    """Every record ended as exactly one outcome, and nothing waits."""
    tally = desk.flow.tally
    assert balances(tally)
    assert tally.consumed - tally.forwarded == desk.handed
    assert tally.applied == desk.applied
    assert tally.dead_lettered == desk.conflicts + desk.refused
    assert auditor.types["EventConflictDetected"] == desk.conflicts
    assert not [key for key in desk.flow.rows() if key.startswith("held|")]
    assert not [key for key, row in desk.flow.rows().items() if row.waits]


def _check_points(desk: Desk, auditor: Auditor, *, only_sums: bool) -> None:
    """The vendor's books and ours agree to the last decimal, and each effect was published once, by its reason."""
    assert accounts_of(desk.flow) == desk.books.accounts()
    kept = {program: held.numbers for program, held in desk.books.kept.items() if any(held.numbers)}
    assert kept_rows(desk.flow) == kept
    told = {name: amount for name, amount in auditor.reasons.items() if amount}
    assert {
        (purse.program_id, why): amount for (purse, why), amount in moved_by_reason(desk.flow.tables).items()
    } == told
    reasons = dict(auditor.reasons)
    for program in PROGRAMS:
        moved = reasons.pop((program, "merged_out"), ZERO) + reasons.pop((program, "merged_in"), ZERO)
        assert moved == ZERO, "a merge conserves points"
        baselined = reasons.pop((program, "baselined"), ZERO)
        assert baselined == ZERO or not only_sums
    assert {name: amount for name, amount in reasons.items() if amount} == {
        name: amount for name, amount in desk.reasons.items() if amount
    }


def _check_transfers(desk: Desk, auditor: Auditor) -> None:
    """Settled transfers net to zero; the others, and only they, are open."""
    transfers = desk.transfers
    assert all(auditor.transferred[name] == ZERO for name in transfers.settled())
    opened = {
        name: (leg.direction, leg.amount)
        for key, row in desk.flow.rows().items()
        if key.startswith("clearing|")
        for name, leg in row.state.open.items()
    }
    assert opened == transfers.open()
    assert auditor.settled.keys() <= transfers.settled()
    if not desk.books.erased:
        assert auditor.settled == dict.fromkeys(transfers.settled(), 2)
    assert all(count == 1 for count in auditor.unmatched.values())


def _check_erased(desk: Desk, auditor: Auditor) -> None:
    """No row is left of a customer who was erased."""
    gone = {f"{PREFIX}{customer}" for customer in CUSTOMERS if desk.books.now(customer) in desk.books.erased}
    rows = {key.partition("|")[2] for key in desk.flow.rows()}
    assert not gone & rows
    assert {f"{PREFIX}{customer}" for customer in desk.books.erased} == auditor.erased


def _check_duplicates(desk: Desk) -> None:
    """Whatever was delivered changes nothing when it comes again."""
    before = state_of(desk)
    for made in desk.delivered:
        desk.hand_in_again(made, exact=False)
    desk.drain()
    assert state_of(desk) == before
