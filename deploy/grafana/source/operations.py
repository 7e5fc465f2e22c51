"""The dashboard of operations: do the workers keep up, and if not, where does the time go?"""

from typing import Final

from deploy.grafana.source.panels import PER_SECOND, Panel, Query, Rows, Stat, metric, quantiles, rate

UID: Final = "loyalty-operations"
TITLE: Final = "Loyalty: operations"
DESCRIPTION: Final = "Whether the workers of loyalty-stream keep up with what comes in, and where the time goes."

_NOW: Final = (
    Stat(
        "Workers that answer",
        "Workers that Prometheus reaches. Red: nothing is processed, or nothing is seen of it.",
        "short",
        Query(f"sum({metric('up')})", "workers"),
        red_at_zero=True,
    ),
    Stat(
        "Workers at work",
        "Workers that have their partitions, have restored their tables and commit: those whose /readyz answers 200.",
        "short",
        Query(f"sum({metric('ready')})", "workers"),
        red_at_zero=True,
    ),
    Stat(
        "Records per second",
        "Raw records that ended as applied, duplicate, ignored or dead-lettered.",
        PER_SECOND,
        Query(rate("events_total", 'outcome!="forwarded"'), "records"),
    ),
    Stat(
        "Lag",
        "Offsets of all source topics that wait to be processed.",
        "short",
        Query(f"sum({metric('lag_records')})", "offsets"),
        red_from=10_000,
    ),
    Stat(
        "Left to restore",
        "Changelog offsets that are still to be read before all tables are there. 0 when nothing is being restored.",
        "short",
        Query(f"sum({metric('restore_remaining_records')})", "offsets"),
    ),
    Stat(
        "Dead letters of the last 1,000",
        "The highest share among the last 1,000 records of a worker. A worker stops at LOYALTY_DEAD_LETTER_LIMIT.",
        "percentunit",
        Query(f"max({metric('dead_letters_recent_ratio')})", "share"),
        red_from=0.25,
    ),
)
_PROGRESS: Final = (
    Panel(
        "Lag by topic",
        "Offsets between what is committed and the end of each source topic. It should fall back after each rise.",
        "short",
        (Query(f"sum by (topic) ({metric('lag_records')})", "{{topic}}"),),
    ),
    Panel(
        "Lag by partition",
        "The same for each partition. One that stands out alone has a busy key, or stands still.",
        "short",
        (Query(f"sum by (topic, partition) ({metric('lag_records')})", "{{topic}} {{partition}}"),),
    ),
    Panel(
        "Records by outcome",
        "How raw records ended. Forwarded ones are counted again on the partition of their own key.",
        PER_SECOND,
        (Query(rate("events_total", by="outcome"), "{{outcome}}"),),
        stacked=True,
    ),
    Panel(
        "Derived events",
        "What is published for other services, by domain.",
        PER_SECOND,
        (Query(rate("derived_events_total", by="domain"), "{{domain}}"),),
        stacked=True,
    ),
    Panel(
        "Offsets committed",
        "How fast each source topic is worked through.",
        PER_SECOND,
        (
            Query(
                f"sum by (topic) (rate({metric('committed_offset')}[$__rate_interval]))",
                "{{topic}}",
            ),
        ),
    ),
    Panel(
        "Left to restore, by partition",
        "Changelog offsets still to read for each table. It should fall steadily to 0 after a start or a rebalance.",
        "short",
        (Query(f"sum by (partition) ({metric('restore_remaining_records')})", "partition {{partition}}"),),
    ),
)
_WORK: Final = (
    Panel(
        "Time to process a batch",
        "Of what one fetch brought of one partition, without the commit. The event loop does nothing else meanwhile.",
        "s",
        quantiles("batch_seconds"),
    ),
    Panel(
        "Time to commit",
        "From the first message produced to the broker's answer to the commit. A rise points to the brokers.",
        "s",
        quantiles("commit_seconds"),
    ),
    Panel(
        "Records of a batch",
        "Larger batches cost less for each record; they grow by themselves when there is a lag.",
        "short",
        (Query(f"{rate('batch_records_sum')} / {rate('batch_records_count')}", "records on average"),),
    ),
    Panel(
        "Transactions",
        "Transactions committed. Each worker has one lane for each of its partitions.",
        PER_SECOND,
        (Query(rate("transactions_total", by="instance"), "{{instance}}"),),
    ),
    Panel(
        "Failed transactions and starts",
        "A worker ends with the first transaction that fails, mostly before it is scraped again: see the starts too.",
        "short",
        (
            Query(f"sum by (instance) ({metric('transaction_failures_total')})", "{{instance}} failed"),
            Query(f"changes({metric('process_start_time_seconds')}[1h])", "{{instance}} starts within an hour"),
        ),
    ),
)
_STATE: Final = (
    Panel(
        "Rows found in the cache",
        "Share of rows that need not be read from RocksDB. Where it is low, raise LOYALTY_STATE_CACHE_ROWS.",
        "percentunit",
        (
            Query(
                f"{rate('state_cache_hits_total', by='instance')} / ({rate('state_cache_hits_total', by='instance')} + "
                f"{rate('state_cache_misses_total', by='instance')})",
                "{{instance}}",
            ),
        ),
    ),
    Panel(
        "Rows cached",
        "Decoded rows in memory, at most LOYALTY_STATE_CACHE_ROWS of each worker.",
        "short",
        (Query(metric("state_cache_rows"), "{{instance}}"),),
    ),
    Panel(
        "State on disk",
        "RocksDB's table files by partition; what was written last is still in its log and in memory.",
        "bytes",
        (Query(f"sum by (partition) ({metric('state_disk_bytes')})", "partition {{partition}}"),),
        stacked=True,
    ),
    Panel(
        "RocksDB in memory",
        "Rows not yet in table files, and the cache of blocks read from them.",
        "bytes",
        (
            Query(f"sum by (instance) ({metric('state_memtable_bytes')})", "{{instance}} memtables"),
            Query(metric("state_block_cache_bytes"), "{{instance}} block cache"),
        ),
    ),
)
_PROCESS: Final = (
    Panel(
        "CPU",
        "Processor seconds in a second: 1 is one core. A worker uses little more than one; add workers for more.",
        "short",
        (Query(f"rate({metric('process_cpu_seconds_total')}[$__rate_interval])", "{{instance}}"),),
    ),
    Panel(
        "Memory",
        "Resident memory of each worker.",
        "bytes",
        (Query(metric("process_resident_memory_bytes"), "{{instance}}"),),
    ),
    Panel(
        "Versions",
        "Which versions run, and how many workers of each. Two at once are fine during an update only.",
        "short",
        (Query(f"count by (version) ({metric('build_info')})", "{{version}}"),),
    ),
)

ROWS: Final[Rows] = {
    "Now": _NOW,
    "Progress": _PROGRESS,
    "Batches and transactions": _WORK,
    "State": _STATE,
    "Processes": _PROCESS,
}
