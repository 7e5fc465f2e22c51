"""The row caches share one bound."""

from loyalty_stream.runtime.caches import RowCaches


def caches(rows_max: int, partitions: int) -> RowCaches:
    caches = RowCaches(rows_max)
    for partition in range(partitions):
        caches.open(partition, lambda _key: None, lambda _key, encoded: encoded, lambda row: row)
    return caches


def fill(caches: RowCaches, partition: int, count: int) -> None:
    rows = caches.of(partition)
    for number in range(count):
        rows.put(b"%d" % number, b"row")
    rows.take_written()
    caches.trim(partition)


def test_however_many_rows_are_seen_the_bound_holds() -> None:
    both = caches(rows_max=100, partitions=2)
    fill(both, 0, 1_000)
    fill(both, 1, 30)
    assert both.usage().rows == 50 + 30


def test_hits_and_misses_are_counted_on_across_rebalances() -> None:
    one = caches(rows_max=100, partitions=1)
    one.of(0).get(b"a")
    one.of(0).get(b"a")
    one.drop()
    assert one.usage() == (0, 1, 1)
