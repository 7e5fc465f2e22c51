from loyalty_stream.model.secrets import id_hash
from loyalty_stream.ops.replay.compare import Entries, Found, first_difference
from loyalty_stream.ops.replay.report import HIDDEN, Report

KEY = "capillary:710001:4100000"


def difference(live: object, shadow: object) -> Found:
    found = first_difference(live, shadow)
    assert found is not None
    return found


def test_each_key_is_counted_once_by_the_kind_of_its_first_difference() -> None:
    report = Report(differences_max=1)
    report.add("derived.points", KEY, Found((3, "BalanceChanged", "data", "active"), "1", "2"))
    report.add("derived.points", KEY, Found((9, "BalanceChanged", "data", "active"), "1", "2"))
    assert report.kinds == {"derived.points: […].BalanceChanged.data.active": 2}
    assert len(report.differences) == 1
    assert report.as_json()["same"] is False


def test_nothing_that_may_be_the_id_of_a_customer_is_told_unless_it_is_asked_for() -> None:
    moved = difference({"moved_to": "4100000"}, {"moved_to": None})
    listed = difference({"state": {"merged": ["4100000"]}}, {"state": {"merged": []}})
    keyed = difference({"state": Entries({"4100000": "1"})}, {"state": Entries({"4100000": "2"})})
    whole = difference({"state": {"id": "4100000"}}, {"state": None})
    quiet, loud = Report(), Report(shows_keys=True)
    for report in (quiet, loud):
        for found in (moved, listed, keyed, whole):
            report.add("table customers", KEY, found)
    assert "4100000" not in str(quiet.as_json())
    assert [each.key for each in quiet.differences] == [id_hash("capillary", "710001", "4100000")] * 4
    assert [each.production for each in quiet.differences] == [HIDDEN, HIDDEN, "1", HIDDEN]
    assert [each.production for each in loud.differences] == ["4100000", "4100000", "1", {"id": "4100000"}]
    assert {each.key for each in loud.differences} == {KEY}


def test_an_amount_is_told() -> None:
    report = Report()
    report.add("table points", KEY, difference({"state": {"active": "5"}}, {"state": {"active": "4"}}))
    [told] = report.as_json()["differences"]
    assert (told["path"], told["production"], told["shadow"]) == ("state.active", "5", "4")
