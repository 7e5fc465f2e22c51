"""What reaches a customer after a merge whose summary holds it already is counted once."""

from decimal import Decimal

import pytest

from tests.properties import ledger_closing as closing
from tests.properties.ledger_audit import Auditor
from tests.properties.ledger_desk import Desk, Made
from tests.properties.ledger_model import PROGRAMS, Books
from tests.properties.ledger_records import SUMMARY_FIELDS, Scribe, merge_data, summary, totals

WHOLE = SUMMARY_FIELDS
TEN = Decimal(10)


class Vendor:
    """Books and delivers; nothing is delivered until it is asked for."""

    def __init__(self) -> None:
        self.books = Books()
        self.scribe = Scribe()
        self.desk = Desk(self.books, (0,), frozenset())

    def issue(self, customer: str) -> None:
        effects = self.books.issue(customer, "41", TEN, TEN)
        data = {
            "loyaltyProgramId": 41,
            "regularPointsIssued": TEN,
            "promisedPointsIssued": [{"promisedPoints": TEN}],
            **totals(self.books, customer, "41", told=True),
        }
        self.desk.put(Made(customer, self.scribe.about("pointsIssued", customer, data), effects))

    def merge(self, survivor: str, victim: str, *fields: str) -> None:
        self.books.merge(survivor, victim)
        summaries = summary(self.books, survivor, PROGRAMS, frozenset(fields)) if fields else []
        event = self.scribe.about("loyaltyCustomerMerge", None, merge_data(survivor, victim, summaries), named=False)
        self.desk.put(Made(survivor, event, kind="merge"))

    def deliver(self, *customers: str) -> None:
        for customer in customers:
            self.desk.deliver_all(customer)
            self.desk.drain()

    def close(self, amount: Decimal = TEN) -> None:
        auditor = Auditor()
        self.desk.settle()
        auditor.read(self.desk.flow)
        auditor.compare(self.desk.flow)
        assert self.books.held[self.books.now("5001")]["41"].numbers == (amount, amount, amount)
        closing.check(self.desk, auditor, only_sums=False)
        assert auditor.drift == []


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def test_an_event_of_a_victim(vendor: Vendor) -> None:
    vendor.issue("5001")
    vendor.merge("5002", "5001", *WHOLE)
    vendor.deliver("5002", "5001")
    vendor.close()


def test_a_merge_that_a_later_merge_of_its_survivor_has_overtaken(vendor: Vendor) -> None:
    vendor.issue("5001")
    vendor.merge("5003", "5001", *WHOLE)
    vendor.merge("5002", "5003", *WHOLE)
    vendor.deliver("5001", "5002", "5003")
    vendor.close()


def test_a_later_summary_of_fewer_balances_does_not_take_the_earlier_one_back(vendor: Vendor) -> None:
    vendor.issue("5001")
    vendor.merge("5002", "5001", *WHOLE)
    vendor.merge("5002", "5003", "currentPoints")
    vendor.deliver("5002", "5001")
    vendor.close()


def test_a_victim_with_a_later_summary_of_fewer_balances_does_not_take_it_back(vendor: Vendor) -> None:
    vendor.issue("5001")
    vendor.merge("5002", "5001", *WHOLE)
    vendor.merge("5004", "5003", "currentPoints")
    vendor.merge("5002", "5004")
    vendor.deliver("5004", "5002", "5001")
    vendor.close()


def test_what_an_event_of_a_victim_says_of_the_victims_account_is_not_held_against_the_survivors(
    vendor: Vendor,
) -> None:
    vendor.issue("5002")
    vendor.issue("5001")
    vendor.merge("5002", "5001")
    vendor.deliver("5002", "5001")
    vendor.close(2 * TEN)
