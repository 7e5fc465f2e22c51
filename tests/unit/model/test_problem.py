from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason


def test_a_problem_says_its_reason_and_detail() -> None:
    problem = Problem(DeadLetterReason.MISSING_FIELD, "data is missing")
    assert (problem.reason, problem.detail) == (DeadLetterReason.MISSING_FIELD, "data is missing")
    assert str(problem) == "missing_field: data is missing"
