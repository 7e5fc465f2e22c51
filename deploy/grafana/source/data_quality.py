"""The dashboard of data quality: what comes in wrong, what is mended, and where we differ from the vendors."""

from typing import Final

from deploy.grafana.source.panels import PER_SECOND, Panel, Query, Rows, Stat, gauge, increase, metric, rate

UID: Final = "loyalty-data-quality"
TITLE: Final = "Loyalty: data quality"
DESCRIPTION: Final = "What cannot be used and why, what is mended, what contradicts itself, and where balances differ."

_DRIFT: Final = 'type=~"(Balance|Tier)DriftDetected"'
_RESOLVED: Final = 'type="BalanceDriftResolved"'
_SETTLED: Final = 'outcome!="forwarded"'


_DEAD_LETTERED: Final = 'outcome="dead_lettered"'


_RANGE: Final = (
    Stat(
        "Dead letters",
        "Records that could not be used, in the time range shown. They can be looked at and taken up again.",
        "short",
        Query(increase("dead_letters_total"), "records"),
    ),
    Stat(
        "Share of dead letters",
        "Of all records, now.",
        "percentunit",
        Query(f"{rate('events_total', _DEAD_LETTERED)} / {rate('events_total', _SETTLED)}", "share"),
        red_from=0.05,
    ),
    Stat(
        "Conflicts",
        "Events that came again with other content, in the time range.",
        "short",
        Query(increase("dead_letters_total", 'reason="conflict"'), "records"),
    ),
    Stat(
        "Unknown events",
        "Records whose event the vendor does not document, in the time range.",
        "short",
        Query(increase("dead_letters_total", 'reason="unknown_event"'), "records"),
    ),
    Stat(
        "Repairs",
        "Places mended in records that were used, in the time range.",
        "short",
        Query(increase("payload_repairs_total"), "places"),
    ),
    Stat(
        "Differences found",
        "Balances or tiers found to differ from the vendor's, in the time range.",
        "short",
        Query(increase("derived_events_total", _DRIFT), "differences"),
    ),
)
_OUTCOMES: Final = (
    Panel(
        "Outcomes",
        "How records ended. Duplicates and ignored records are no fault.",
        PER_SECOND,
        (Query(rate("events_total", _SETTLED, "outcome"), "{{outcome}}"),),
        stacked=True,
    ),
    Panel(
        "Ignored, by reason",
        "Well-formed records without effect; docs/events.md says what each reason means.",
        PER_SECOND,
        (Query(rate("events_total", 'outcome="ignored"', "reason"), "{{reason}}"),),
        stacked=True,
    ),
    Panel(
        "Duplicates, by dialect",
        "Records that came before with the same content.",
        PER_SECOND,
        (Query(rate("events_total", 'outcome="duplicate"', "dialect"), "{{dialect}}"),),
    ),
)
_DEAD: Final = (
    Panel(
        "Dead letters, by reason",
        "Why records could not be used; docs/events.md says what each reason means.",
        PER_SECOND,
        (Query(rate("dead_letters_total", by="reason"), "{{reason}}"),),
        stacked=True,
    ),
    Panel(
        "Dead letters, by topic",
        "Where they were taken from.",
        PER_SECOND,
        (Query(rate("dead_letters_total", by="topic"), "{{topic}}"),),
        stacked=True,
    ),
    Panel(
        "Dead letters, by event",
        "The ten events with the most; `unknown` where a record does not say what it is.",
        PER_SECOND,
        (Query(f"topk(10, {rate('events_total', _DEAD_LETTERED, 'event')})", "{{event}}"),),
    ),
    Panel(
        "Share of dead letters, and the limit",
        "Among the last 1,000 records of each worker. At its limit a worker stops.",
        "percentunit",
        (
            Query(metric("dead_letters_recent_ratio"), "{{instance}}"),
            Query(metric("dead_letters_limit_ratio"), "limit of {{instance}}"),
        ),
    ),
)
_MENDED: Final = (
    Panel(
        "Repairs, by kind",
        "What was mended in records that were used; docs/events.md says what each kind means.",
        PER_SECOND,
        (Query(rate("payload_repairs_total", by="kind"), "{{kind}}"),),
        stacked=True,
    ),
    Panel(
        "Repairs, by event",
        "The ten events that need most.",
        PER_SECOND,
        (Query(f"topk(10, {rate('payload_repairs_total', by='event')})", "{{event}}"),),
    ),
    Panel(
        "Warnings, by kind",
        "Events that contradict themselves, such as parts that are not their total.",
        PER_SECOND,
        (Query(rate("consistency_warnings_total", by="kind"), "{{kind}}"),),
        stacked=True,
    ),
)
_DIFFERENCES: Final = (
    Panel(
        "Accounts that differ from the vendor now",
        "By programme: the vendor's total and ours are not the same, in any of the three balances.",
        "short",
        (Query(gauge("program_accounts_drifting", "program"), "{{program}}"),),
        stacked=True,
    ),
    Panel(
        "Share of accounts that differ",
        "Of all accounts that hold anything, by programme.",
        "percentunit",
        (
            Query(
                f"{gauge('program_accounts_drifting', 'program')} / {gauge('program_accounts', 'program')}",
                "{{program}}",
            ),
        ),
    ),
    Panel(
        "Differences found and resolved",
        "Totals that differ from the vendor's, and those that agree again. A difference that changes is found anew.",
        PER_SECOND,
        (
            Query(rate("derived_events_total", _DRIFT), "found"),
            Query(rate("derived_events_total", _RESOLVED), "resolved"),
        ),
    ),
    Panel(
        "Differences found, by field",
        "Which total differs: active, pending or lifetime points, a tier, or the end of one.",
        PER_SECOND,
        (Query(rate("derived_events_total", _DRIFT, "type, reason"), "{{type}}: {{reason}}"),),
    ),
    Panel(
        "Conflicts published",
        "EventConflictDetected by domain.",
        PER_SECOND,
        (Query(rate("derived_events_total", 'type="EventConflictDetected"', "domain"), "{{domain}}"),),
    ),
)

ROWS: Final[Rows] = {
    "In the time range": _RANGE,
    "Outcomes": _OUTCOMES,
    "Dead letters": _DEAD,
    "Repairs and warnings": _MENDED,
    "Differences from the vendors": _DIFFERENCES,
}
