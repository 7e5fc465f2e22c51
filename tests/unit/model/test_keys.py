import pytest

from loyalty_stream.model.keys import entity_id_of, entity_key, murmur2, partition_of
from loyalty_stream.model.row import row_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The vectors of Kafka's own UtilsTest.
        ("21", -973_932_308),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ("abc", 479_470_107),
    ],
)
def test_murmur2_is_that_of_kafka(text: str, expected: int) -> None:
    assert murmur2(text.encode()) == expected & 0xFFFFFFFF


@pytest.mark.parametrize("length", range(9))
def test_a_key_of_any_length_has_a_partition(length: int) -> None:
    assert partition_of(b"x" * length, 7) in range(7)


def test_the_sign_of_the_hash_is_dropped_before_the_division() -> None:
    assert partition_of(b"21", 12) == (-973_932_308 & 0x7FFFFFFF) % 12


def test_a_customers_key_names_vendor_org_and_customer() -> None:
    assert entity_key("capillary", "9300", "5001") == "capillary:9300:5001"


def test_an_entity_is_the_customer_or_what_the_key_names_after_the_org() -> None:
    assert entity_id_of("capillary:9300:50:01", "50:01") == "50:01"
    assert entity_id_of("capillary:9300:reward/55881", None) == "reward/55881"


def test_a_rows_key_starts_with_its_domain() -> None:
    assert row_key("points", "capillary:9300:5001") == b"points|capillary:9300:5001"
