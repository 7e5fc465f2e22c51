"""The one table: a faust.Table whose rows are written a batch at a time.

The changelog topic, its assignment, recovery and standbys stay Faust's; a message of the changelog is a whole fetched
batch. Entry point `faust.stores: batchrocks`.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, cast

import faust
import rocksdict
from faust.stores import rocksdb
from faust.types import TP

from loyalty_stream.runtime.batch import Batch, BatchSchema
from loyalty_stream.runtime.failure import PositionGapError, end_process
from loyalty_stream.runtime.lanes import Rows
from loyalty_stream.runtime.observer import StoreSize

if TYPE_CHECKING:
    from loyalty_stream.runtime.app import StreamApp

TABLE_NAME: Final = "state"
_MIB: Final = 1024 * 1024
_BLOCK_CACHE: Final = rocksdict.Cache(64 * _MIB)  # one for all partitions: memory does not grow with their number


_TABLE_FILES: Final = "rocksdb.total-sst-files-size"
_MEMTABLES: Final = "rocksdb.cur-size-all-mem-tables"


class PartitionLostError(LookupError):
    """The partition's table is not on this worker."""


def _options() -> rocksdict.Options:
    """Return RocksDB's options, bounded in memory: about 20 MiB a partition and the one block cache."""
    blocks = rocksdict.BlockBasedOptions()
    blocks.set_block_cache(_BLOCK_CACHE)
    blocks.set_bloom_filter(10, block_based=False)
    blocks.set_cache_index_and_filter_blocks(True)
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(True)
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)  # noqa: FBT003
    options.set_block_based_table_factory(blocks)
    options.set_write_buffer_size(8 * _MIB)
    options.set_max_write_buffer_number(2)
    options.set_max_total_wal_size(32 * _MIB)
    options.set_max_open_files(256)
    options.set_compression_type(rocksdict.DBCompressionType.lz4())
    options.set_keep_log_file_num(2)
    options.set_max_log_file_size(_MIB)
    return options


def block_cache_bytes() -> int:
    """Return how many bytes the block cache holds."""
    return _BLOCK_CACHE.get_usage()


class Store(rocksdb.Store):
    """RocksDB, one database for each partition; keys and values are raw bytes."""

    app: "StreamApp"
    _dbs: dict[int, rocksdict.Rdict]

    def write(self, partition: int, rows: Rows, offset: int) -> None:
        """Write rows and the changelog offset that they are current for, at once; safe from any thread."""
        self._write(self._dbs[partition], rows.items(), offset)

    def read(self, partition: int, key: bytes) -> bytes | None:
        """Return a row as last written.

        Raises:
            PartitionLostError: The partition is not (or no longer) on this worker.

        """
        value: bytes | None = self._database(partition).get(key)
        return value

    def keys_of(self, partition: int, prefix: bytes, after: bytes = b"") -> Iterator[bytes]:
        """Yield the keys, as last written, that begin with a prefix and come after another key, in their order.

        Raises:
            PartitionLostError: The partition is not (or no longer) on this worker.

        """
        for key in self._database(partition).keys(from_key=max(prefix, after)):
            if not isinstance(key, bytes) or not key.startswith(prefix):
                break
            if key > after:
                yield key

    def _database(self, partition: int) -> rocksdict.Rdict:
        database = self._dbs.get(partition)
        if database is None:
            raise PartitionLostError(f"partition {partition} is not on this worker")
        return database

    def scan(self, partition: int, prefix: bytes) -> list[tuple[bytes, bytes]]:
        """Return the rows whose keys begin with a prefix, in the order of their keys, as last written.

        Raises:
            PartitionLostError: The partition is not (or no longer) on this worker.

        """
        found = []
        # Typed as if keys were texts; in raw mode they are bytes.
        rows = cast("Iterator[tuple[bytes, bytes]]", self._database(partition).items(from_key=prefix))
        for key, value in rows:
            if not key.startswith(prefix):
                break
            found.append((key, value))
        return found

    def sizes(self) -> dict[int, StoreSize]:
        """Return what the database of each partition takes; RocksDB keeps count, so that asking costs microseconds."""
        return {
            partition: StoreSize(
                database.property_int_value(_TABLE_FILES) or 0, database.property_int_value(_MEMTABLES) or 0
            )
            for partition, database in self._dbs.items()
        }

    def _write(self, database: rocksdict.Rdict, rows: Iterable[tuple[bytes, bytes | None]], offset: int) -> None:
        writes = rocksdict.WriteBatch(raw_mode=True)
        put = writes.put
        for key, value in rows:
            if value is None:
                writes.delete(key)
            else:
                put(key, value)
        put(self.offset_key, str(offset).encode())
        database.write(writes)

    # What Faust calls.

    def apply_changelog_batch(self, batch: Iterable[Any], to_key: object, to_value: object) -> None:  # noqa: ARG002
        """Write fetched batches of the changelog; the keys and values are bytes already."""
        for event in batch:
            try:
                self._restore(event.message.value)
            except Exception as error:  # noqa: BLE001 - Faust would log a warning and go on without these rows
                end_process(error, f"restoring {event.message.tp}")

    def _restore(self, batch: Batch) -> None:
        persisted = self.persisted_offset(batch.tp)
        start = max(-1 if persisted is None else persisted, self.app.batches.changelog_start(batch.tp) - 1) + 1
        if batch.start > start:
            raise PositionGapError(f"a changelog batch starts at {batch.start}, the last one ended at {start}")
        rows = [(record.key or b"", record.value) for record in batch.records]
        self._write(self._db_for_partition(batch.tp.partition), rows, batch.end - 1)

    def revoke_partitions(self, table: Any, tps: set[TP]) -> None:
        """Close what is another worker's now: an open database keeps its lock."""
        for tp in tps:
            if tp.topic in table.changelog_topic.topics:
                database = self._dbs.pop(tp.partition, None)
                if database is not None:
                    database.close()

    async def stop(self) -> None:
        """Commit what has been processed, then close every database."""
        # Faust stops its tables before its transactions.
        await self.app.lanes.shut()
        for database in self._dbs.values():
            database.close()
        self._dbs.clear()

    def _open_for_partition(self, partition: int) -> rocksdict.Rdict:
        return rocksdict.Rdict(str(self.partition_path(partition)), options=_options())


class BatchTable(faust.Table[Any, Any]):
    """The table of encoded rows; agents reach it through the runtime's row caches, never by item."""

    def __init__(self, app: faust.App, partitions: int) -> None:
        """Declare the table on an app."""
        super().__init__(
            app,
            name=TABLE_NAME,
            partitions=partitions,
            schema=BatchSchema(key_type=bytes, value_type=bytes),
            # Whole fetched batches. With 1 Faust would keep fetching the changelog of an active table for ever.
            recovery_buffer_size=2,
            standby_buffer_size=1,
        )

    @property
    def store(self) -> Store:
        """The store, typed."""
        store = self.data
        if not isinstance(store, Store):
            raise TypeError(f"the table needs the store batchrocks://, not {store!r}")
        return store
