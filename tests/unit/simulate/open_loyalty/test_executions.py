from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.campaigns import Execution
from loyalty_stream.simulate.open_loyalty.executions import Content, Run, Version

FAILED = Content("failed", None, has_message=True, has_warning=False)
DONE = Content("success", 500, has_message=False, has_warning=False)


def run() -> Run:
    return Run("e1", "t1", "c1", None, None, 100, [])


def test_a_newer_version_counts_even_where_it_says_the_same() -> None:
    answer, told = Answer(), run()
    assert [told.tell(answer, Version(*each)) for each in ((FAILED, 100), (DONE, 200), (DONE, 300))] == ["applied"] * 3
    assert answer.executions == {"open_loyalty:t1:execution/e1": Execution("success", 300)}


def test_an_older_version_changes_nothing_and_came_before_where_it_says_the_same() -> None:
    answer, told = Answer(), run()
    told.tell(answer, Version(DONE, 300))
    assert told.tell(answer, Version(FAILED, 100)) == "applied"
    assert told.tell(answer, Version(DONE, 200)) == "duplicate"
    assert answer.executions[told.key] == Execution("success", 300)


def test_a_version_that_came_before_is_a_duplicate_or_contradicts_itself() -> None:
    answer, told = Answer(), run()
    told.tell(answer, Version(FAILED, 100))
    told.tell(answer, Version(DONE, 200))
    assert told.tell(answer, Version(FAILED, 100)) == "duplicate"
    assert told.tell(answer, Version(DONE, 100)) == "conflict"
    assert answer.executions[told.key] == Execution("success", 200)
