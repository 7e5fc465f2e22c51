"""What the ledger's machine draws."""

from datetime import date

from hypothesis import strategies as st

from tests.helpers.strategies import amounts
from tests.properties.ledger_desk import CUSTOMERS as ALL
from tests.properties.ledger_model import PROGRAMS as ALL_PROGRAMS
from tests.properties.ledger_records import SUMMARY_FIELDS

AMOUNTS = amounts(10_000)
FEW_AMOUNTS = st.lists(AMOUNTS, max_size=2)
DAYS = st.sampled_from([None, date(2027, 1, 31), date(2027, 6, 30)])
BROKEN_UP = st.lists(st.tuples(AMOUNTS, DAYS), max_size=2)
PARTS = st.lists(
    st.tuples(st.sampled_from(ALL_PROGRAMS), AMOUNTS), min_size=1, max_size=2, unique_by=lambda part: part[0]
)
BILLS = st.sampled_from([None, "b1", "b2"])
SOME_FIELDS = st.frozensets(st.sampled_from(SUMMARY_FIELDS), max_size=2)
CUSTOMERS = st.sampled_from(ALL)
PROGRAMS = st.sampled_from(ALL_PROGRAMS)
PICKS = st.integers(0, 1000)
TOLD = st.booleans()
