import pytest

from loyalty_stream.model.explained import Explained
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason


class Word(Explained):
    """A closed list of one word."""

    KEY = "key", "what opens"


def test_a_word_is_its_text_and_says_what_it_means() -> None:
    word: Explained = Word.KEY
    assert word == "key"
    assert f"{word}" == word.value == "key"
    assert hash(word) == hash("key")
    assert word.meaning == "what opens"


@pytest.mark.parametrize("words", [DeadLetterReason, IgnoredReason, RepairKind])
def test_each_word_of_a_list_is_written_in_one_way_and_has_a_meaning_of_its_own(words: type[Explained]) -> None:
    assert [word.value for word in words] == [word.name.lower() for word in words]
    assert len({word.meaning for word in words}) == len(words)
