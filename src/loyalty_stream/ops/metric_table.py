"""The one table of what a worker tells Prometheus; docs/metrics.md is written from it.

Labels take few values, all known beforehand but for event names (the vendors' lists), partitions, and programmes, which
a setting bounds: never a customer, a coupon or a key.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from loyalty_stream.pipeline.totals import OTHER_PROGRAM

PREFIX: Final = "loyalty_"

_RECORDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metric(NamedTuple):
    """One metric as it is listed; a counter's name ends in `_total`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    unit: str
    help: str
    buckets: tuple[float, ...] = ()


# Counters and histograms tell only of what is committed. They start at 0 with the worker: sum rates over all workers.
SECTIONS: Final[Mapping[str, tuple[Metric, ...]]] = {
    # A `forwarded` record is counted once more by how it ended, on the partition of its own key.
    "What came in, and how it ended": (
        Metric(
            "events_total", "counter", ("dialect", "event", "outcome", "reason"), "records", "Raw records by outcome."
        ),
        Metric(
            "dead_letters_total",
            "counter",
            ("dialect", "topic", "reason"),
            "records",
            "Raw records that could not be used, by the topic that they were taken from.",
        ),
        Metric(
            "dead_letters_recent_ratio",
            "gauge",
            (),
            "0 to 1",
            "Share of dead letters among the last 1,000 records; beyond the limit the worker stops.",
        ),
        Metric("dead_letters_limit_ratio", "gauge", (), "0 to 1", "LOYALTY_DEAD_LETTER_LIMIT as this worker has it."),
        Metric(
            "payload_repairs_total",
            "counter",
            ("dialect", "event", "kind"),
            "places",
            "What was mended in records that were used.",
        ),
        Metric(
            "consistency_warnings_total",
            "counter",
            ("dialect", "event", "kind"),
            "events",
            "Events that contradict themselves and were used all the same.",
        ),
    ),
    "What went out": (
        Metric(
            "derived_events_total",
            "counter",
            ("domain", "type", "reason"),
            "events",
            "Derived events published.",
        ),
    ),
    # Amounts are exact everywhere else: here they are samples, which Prometheus keeps as floating-point numbers.
    "Points, of the currency `points` and active ones only": (
        Metric("points_issued_total", "counter", ("program",), "points", "Points issued, or converted from pending."),
        Metric("points_redeemed_total", "counter", ("program",), "points", "Points redeemed."),
        Metric("points_expired_total", "counter", ("program",), "points", "Points expired."),
        Metric(
            "points_other_credits_total",
            "counter",
            ("program", "reason"),
            "points",
            "Points that balances rose by for any other reason.",
        ),
        Metric(
            "points_other_debits_total",
            "counter",
            ("program", "reason"),
            "points",
            "Points that balances fell by for any other reason.",
        ),
    ),
    # Of the partitions that this worker owns, as committed: right after a restart too, and gone when they are. Sum them
    # over all workers.
    "What programmes owe": (
        Metric("program_points_active", "gauge", ("program",), "points", "Active points of all customers."),
        Metric("program_points_pending", "gauge", ("program",), "points", "Points that are promised and not active."),
        Metric(
            "program_value",
            "gauge",
            ("program",),
            "money",
            "The active points by the `pointsToCurrencyRatio` that the vendor stated last; absent where it did not.",
        ),
        Metric(
            "program_accounts",
            "gauge",
            ("program",),
            "accounts",
            "Accounts, one for each customer and currency, that hold anything.",
        ),
        Metric(
            "program_accounts_drifting",
            "gauge",
            ("program",),
            "accounts",
            "Accounts of which the vendor's total and ours differ now.",
        ),
    ),
    # A batch is what one fetch brought of one partition.
    "How the work is cut": (
        Metric("batch_records", "histogram", (), "records", "Records of a batch.", _RECORDS),
        Metric("batch_seconds", "histogram", (), "seconds", "Time to process a batch, without its commit.", _SECONDS),
        Metric(
            "commit_seconds",
            "histogram",
            (),
            "seconds",
            "Time from the first message to the commit's answer.",
            _SECONDS,
        ),
        Metric("transactions_total", "counter", (), "transactions", "Transactions committed."),
        Metric(
            "transaction_failures_total",
            "counter",
            (),
            "transactions",
            "Transactions that failed; the worker ends with the first, within seconds: watch for restarts too.",
        ),
    ),
    # Of the partitions that this worker owns; gone when they are.
    "How far it is": (
        Metric("ready", "gauge", (), "0 or 1", "1 while the worker is assigned, restored and committing, as /readyz."),
        Metric("committed_offset", "gauge", ("topic", "partition"), "offsets", "The next offset, as committed."),
        Metric(
            "lag_records", "gauge", ("topic", "partition"), "offsets", "Offsets between the commit and the topic's end."
        ),
        Metric(
            "restore_remaining_records",
            "gauge",
            ("partition",),
            "offsets",
            "Changelog offsets still to read until the table is restored; 0 once it is.",
        ),
    ),
    "The state": (
        Metric("state_cache_rows", "gauge", (), "rows", "Decoded rows cached."),
        Metric("state_cache_hits_total", "counter", (), "rows", "Rows found in the cache."),
        Metric("state_cache_misses_total", "counter", (), "rows", "Rows read from RocksDB, or not there at all."),
        Metric("state_disk_bytes", "gauge", ("partition",), "bytes", "RocksDB's table files, without its log."),
        Metric("state_memtable_bytes", "gauge", ("partition",), "bytes", "RocksDB's rows not yet in table files."),
        Metric("state_block_cache_bytes", "gauge", (), "bytes", "RocksDB's block cache, one for all partitions."),
    ),
    "The worker": (
        Metric("build_info", "gauge", ("version",), "1", "Always 1, with the version that runs."),
        Metric(
            "view_restarts_total",
            "counter",
            (),
            "restarts",
            "Times that the view beside this worker ended by itself and was started again; 0 where there is none.",
        ),
    ),
}
# Beside them: process_* (CPU seconds, resident memory, open files, start time), as all Prometheus clients name them.

METRICS: Final = tuple(metric for metrics in SECTIONS.values() for metric in metrics)

VIEW_METRICS: Final = (
    Metric(
        "view_age_seconds",
        "histogram",
        (),
        "seconds",
        "Time from a row's record to its being in Redis.",
        (*_SECONDS, 60.0, 600.0, 3600.0),
    ),
    Metric("view_lag_records", "gauge", ("topic", "partition"), "offsets", "Committed offsets that are not in Redis."),
    Metric(
        "view_complete_until_seconds",
        "gauge",
        (),
        "seconds since the epoch",
        "All that was committed until then is in Redis.",
    ),
    Metric("view_rows_applied_total", "counter", (), "rows", "Rows written or deleted."),
    Metric("view_rows_skipped_total", "counter", (), "rows", "Rows of which Redis had the same or a newer one."),
    Metric("view_entries_applied_total", "counter", (), "events", "Derived events written to journals."),
    Metric(
        "view_entries_skipped_total",
        "counter",
        (),
        "events",
        "Derived events that journals had already, or of erased customers.",
    ),
    Metric("view_audited_total", "counter", (), "rows", "Rows in Redis compared with the changelog's newest."),
    Metric(
        "view_divergence_total", "counter", (), "rows", "Rows among them that differ; docs/view.md says what to do."
    ),
    Metric("view_redis_failures_total", "counter", (), "calls", "Calls that Redis did not answer."),
    Metric("view_generation", "gauge", (), "number", "The generation that is followed."),
)
"""What a process of the view tells."""

LABELS: Final[Mapping[str, str]] = {
    "dialect": "the vendor's way of writing: `capillary`, `voucherify`, `talon_one` or `open_loyalty`",
    "event": "the vendor's name of the event, from its documented list; `unknown` where it has none that is known",
    "outcome": "`applied`, `duplicate`, `ignored`, `dead_lettered`, or `forwarded` to the partition of its own key",
    "reason": "why: of an ignored record or a dead letter the reason in [events.md](events.md), empty for other "
    "outcomes; of a derived event its own closed word: the `reason` of a balance, the `direction` of a tier, the state "
    "that a coupon, streak, promotion or the like is in now, the `field` of a drift, else empty",
    "kind": "the kind of repair or warning in [events.md](events.md)",
    "domain": "the domain that published: `points`, `tiers`, `coupons` and so on",
    "type": "the name of the derived event in [events.md](events.md)",
    "program": "`vendor:org_id:program_id` of one of the first `LOYALTY_METRICS_PROGRAMS_MAX` programmes that the "
    f"worker has met; `{OTHER_PROGRAM}` for all others",
    "topic": "the name of a source topic, or of one that the view reads",
    "partition": "the number of a partition",
    "version": "the version of loyalty-stream",
}
