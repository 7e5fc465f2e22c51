from collections import Counter
from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from loyalty_stream.ops.metric_table import LABELS, METRICS, PREFIX
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.pipeline.effects import DerivedCount, Effects, EventCount, PointsCount, Tally
from loyalty_stream.pipeline.internal import TOTALS, TotalsState, internal_row
from loyalty_stream.pipeline.table import encode_row
from loyalty_stream.runtime.observer import Observer, StoreSize

EFFECTS = Effects(
    tally=Tally(consumed=3, applied=2, dead_lettered=1),
    events=Counter(
        {
            EventCount("capillary", "pointsIssued", "applied", ""): 2,
            EventCount("capillary", "unknown", "dead_lettered", "malformed_json"): 1,
        }
    ),
    repairs=Counter(
        {("capillary", "pointsIssued", "number_as_text"): 1, ("capillary", "pointsIssued", "breakup_sum"): 2}
    ),
    derived=Counter({DerivedCount("points", "BalanceChanged", "issued"): 2}),
    points={
        PointsCount("capillary", "71", "9", "points", "issued", credit=True): Decimal("10.5"),
        PointsCount("capillary", "71", "9", "points", "converted", credit=True): Decimal(4),
        PointsCount("capillary", "71", "9", "points", "redeemed", credit=False): Decimal(3),
        PointsCount("capillary", "71", "9", "points", "expired", credit=False): Decimal(2),
        PointsCount("capillary", "71", "9", "points", "merged_in", credit=True): Decimal(7),
        PointsCount("capillary", "71", "9", "points", "merged_out", credit=False): Decimal(5),
    },
    dead_letter_share=0.25,
)
PROGRAM = "capillary:71:9"
RAW = "loyalty.raw.capillary"


@pytest.fixture
def observer() -> MetricsObserver:
    return MetricsObserver()


def samples(observer: MetricsObserver) -> dict[tuple[str, tuple[str, ...]], float]:
    """What a scraper reads: the value of each name and values of labels."""
    text = observer.scrape("text/plain")[0].decode()
    return {
        (sample.name.removeprefix(PREFIX), tuple(sample.labels.values())): sample.value  # labels as they are sorted
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def tell_everything(observer: Observer) -> None:
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    observer.transaction_committed(0, 3, 0.01)
    observer.transaction_failed()
    observer.position(RAW, 0, 90, 100)
    observer.recovery(0, 12)
    observer.store({0: StoreSize(4096, 512)}, 64)
    observer.readiness(ready=True)
    observer.cache(5, 4, 3)


def totals(program: str, active: str, currency: str = "points", **more: object) -> tuple[bytes, bytes]:
    """Return a row of totals."""
    key = f"totals|capillary:71:{program}|{currency}".encode()
    state = TotalsState(program, currency, Decimal(active), **more)  # type: ignore[arg-type]  # the fields of the struct
    return key, encode_row(internal_row(TOTALS, state))


def test_a_scrape_shows_every_metric_of_the_table_with_its_help_and_labels(observer: MetricsObserver) -> None:
    tell_everything(observer)
    observer.watch_programs(lambda: [[totals("9", "1", ratio=Decimal(2))]])
    text = observer.scrape("text/plain")[0].decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    for metric in METRICS:
        family = families[(PREFIX + metric.name).removesuffix("_total")]
        assert family.type == metric.kind
        assert family.documentation == metric.help
        assert set(metric.labels) <= set(family.samples[0].labels)


def test_the_table_holds_all_that_is_scraped_beside_the_process(observer: MetricsObserver) -> None:
    tell_everything(observer)
    names = {family.name for family in text_string_to_metric_families(observer.scrape("")[0].decode())}
    ours = {(PREFIX + metric.name).removesuffix("_total") for metric in METRICS}
    assert {name for name in names - ours if not name.startswith("process_")} == set()
    assert "process_cpu_seconds" in names


def test_what_a_programme_owes_is_summed_over_partitions_and_only_points_are_points(observer: MetricsObserver) -> None:
    first = [totals("9", "10.5", accounts=2, drifting=1, ratio=Decimal("0.5")), totals("9", "100", "miles", accounts=1)]
    observer.watch_programs(lambda: [first, [totals("9", "4", pending=Decimal(3), accounts=1)]])
    read = samples(observer)
    assert read["program_points_active", (PROGRAM,)] == 14.5
    assert read["program_points_pending", (PROGRAM,)] == 3
    assert read["program_value", (PROGRAM,)] == 7.25
    assert (read["program_accounts", (PROGRAM,)], read["program_accounts_drifting", (PROGRAM,)]) == (4, 1)
    again = samples(observer)
    ours = [sample for sample in read if not sample[0].startswith("process_")]  # which take time meanwhile
    assert {sample: again[sample] for sample in ours} == {sample: read[sample] for sample in ours}, "adds nothing"


def test_what_programmes_owe_goes_with_the_partitions(observer: MetricsObserver) -> None:
    held = [[totals("9", "1")]]
    observer.watch_programs(lambda: held)
    assert samples(observer)["program_points_active", (PROGRAM,)] == 1
    held.clear()
    assert ("program_points_active", (PROGRAM,)) not in samples(observer)


def test_a_programme_whose_points_have_no_stated_worth_has_no_value(observer: MetricsObserver) -> None:
    observer.watch_programs(lambda: [[totals("9", "1")]])
    assert ("program_value", (PROGRAM,)) not in samples(observer)


def test_what_programmes_without_a_name_owe_is_told_as_one() -> None:
    observer = MetricsObserver(programs_max=1)
    observer.watch_programs(lambda: [[totals("9", "1"), totals("10", "2"), totals("11", "4")]])
    read = samples(observer)
    assert (read["program_points_active", (PROGRAM,)], read["program_points_active", ("other",)]) == (1, 6)


def test_no_label_can_name_a_customer() -> None:
    allowed = {"dialect", "domain", "event", "outcome", "reason", "kind", "type", "topic", "partition", "program"}
    assert {label for metric in METRICS for label in metric.labels} == allowed | {"version"}


def test_every_label_is_explained() -> None:
    assert {label for metric in METRICS for label in metric.labels} == set(LABELS)


def test_a_committed_batch_is_counted_by_outcome_reason_repair_and_derived_event(observer: MetricsObserver) -> None:
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    read = samples(observer)
    assert read["events_total", ("capillary", "pointsIssued", "applied", "")] == 4
    assert read["events_total", ("capillary", "unknown", "dead_lettered", "malformed_json")] == 2
    assert read["dead_letters_total", ("capillary", "malformed_json", RAW)] == 2
    assert read["payload_repairs_total", ("capillary", "pointsIssued", "number_as_text")] == 2
    assert read["derived_events_total", ("points", "issued", "BalanceChanged")] == 4
    assert read["batch_records_sum", ()] == 6
    assert read["dead_letters_recent_ratio", ()] == 0.25


def test_a_contradiction_is_a_warning_and_no_repair(observer: MetricsObserver) -> None:
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    read = samples(observer)
    assert read["consistency_warnings_total", ("capillary", "pointsIssued", "breakup_sum")] == 2
    assert ("payload_repairs_total", ("capillary", "pointsIssued", "breakup_sum")) not in read


def test_points_are_added_up_by_programme_and_what_moved_them(observer: MetricsObserver) -> None:
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
    read = samples(observer)
    assert read["points_issued_total", (PROGRAM,)] == 29
    assert read["points_redeemed_total", (PROGRAM,)] == 6
    assert read["points_expired_total", (PROGRAM,)] == 4
    assert read["points_other_credits_total", (PROGRAM, "merged_in")] == 14
    assert read["points_other_debits_total", (PROGRAM, "merged_out")] == 10


def test_every_points_metric_of_a_programme_starts_with_its_first_points(observer: MetricsObserver) -> None:
    issued = PointsCount("capillary", "71", "9", "points", "issued", credit=True)
    observer.batch_processed(RAW, 0, 1, 0.002, Effects(points={issued: Decimal(1)}))
    read = samples(observer)
    assert [read[f"points_{name}_total", (PROGRAM,)] for name in ("issued", "redeemed", "expired")] == [1, 0, 0]
    assert [read[f"points_other_{name}_total", (PROGRAM, "adjusted")] for name in ("credits", "debits")] == [0, 0]


def test_programmes_beyond_the_setting_are_counted_as_one() -> None:
    observer = MetricsObserver(programs_max=1)
    for program in ("9", "10", "11", "9"):
        issued = PointsCount("capillary", "71", program, "points", "issued", credit=True)
        observer.batch_processed(RAW, 0, 1, 0.002, Effects(points={issued: Decimal(1)}))
    read = samples(observer)
    assert (read["points_issued_total", (PROGRAM,)], read["points_issued_total", ("other",)]) == (2, 2)


def test_an_empty_batch_is_no_observation(observer: MetricsObserver) -> None:
    observer.batch_processed(RAW, 0, 0, 0.0, Effects())
    assert samples(observer)["batch_records_count", ()] == 0


def test_lag_is_what_lies_between_the_commit_and_the_end(observer: MetricsObserver) -> None:
    observer.position(RAW, 3, 90, 100)
    read = samples(observer)
    assert read["lag_records", ("3", RAW)] == 10
    assert read["committed_offset", ("3", RAW)] == 90


def test_the_gauges_of_lost_partitions_go_away(observer: MetricsObserver) -> None:
    tell_everything(observer)
    observer.partitions_lost()
    by_partition = {PREFIX + metric.name for metric in METRICS if "partition" in metric.labels}
    assert not by_partition & {PREFIX + name for name, _ in samples(observer)}


def test_what_the_state_takes_is_told_by_partition(observer: MetricsObserver) -> None:
    observer.store({0: StoreSize(4096, 512), 3: StoreSize(1, 2)}, 64)
    read = samples(observer)
    assert (read["state_disk_bytes", ("0",)], read["state_memtable_bytes", ("3",)]) == (4096, 2)
    assert read["state_block_cache_bytes", ()] == 64


def test_the_limit_of_dead_letters_stands_beside_their_share() -> None:
    assert samples(MetricsObserver(dead_letter_limit=0.3))["dead_letters_limit_ratio", ()] == 0.3


def test_the_cache_is_told_in_totals_and_counted_in_differences(observer: MetricsObserver) -> None:
    observer.cache(5, 10, 3)
    observer.cache(6, 14, 3)
    read = samples(observer)
    assert (read["state_cache_rows", ()], read["state_cache_hits_total", ()]) == (6, 14)
    assert read["state_cache_misses_total", ()] == 3


def test_two_observers_share_nothing(observer: MetricsObserver) -> None:
    observer.transaction_committed(0, 1, 0.1)
    assert samples(MetricsObserver())["transactions_total", ()] == 0


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/plain; version=0.0.4; charset=utf-8"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    ],
)
def test_the_format_is_what_the_scraper_accepts(observer: MetricsObserver, accept: str, content_type: str) -> None:
    assert observer.scrape(accept)[1].startswith(content_type.partition(";")[0])


def test_dead_letters_and_partitions_are_logged_once_a_second(observer: MetricsObserver) -> None:
    with capture_logs() as logs:
        observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
        observer.batch_processed(RAW, 0, 3, 0.002, EFFECTS)
        for _ in range(2):
            observer.position(RAW, 0, 90, 100)
            observer.cache(5, 4, 3)
        observer.partitions_lost()
    assert [entry["event"] for entry in logs] == ["processing", "dead letters", "partitions given up"]
    assert logs[0]["partitions"] == [f"{RAW}-0"]
    assert (logs[1]["reason"], logs[1]["count"]) == ("malformed_json", 2)
