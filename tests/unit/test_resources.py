import pytest

from loyalty_stream.resources import resource


def test_the_list_of_topics_is_found_from_a_checkout() -> None:
    assert resource("deploy/kafka/topics.yaml").is_file()


def test_a_file_that_is_not_shipped_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"'avro/derived/nothing\.avsc' is not part of this installation"):
        resource("avro/derived/nothing.avsc")
