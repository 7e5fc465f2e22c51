"""The view beside a worker is started again, ended with the worker, and told of by it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from loyalty_stream.serving.view import in_worker
from loyalty_stream.serving.view.in_worker import ViewInWorker
from tests.kafka.client import wait_until

TELLING = """
from threading import Event
from loyalty_stream.serving.view.in_worker import told_to_worker
from loyalty_stream.serving.view.metrics import ViewMetrics
metrics, stop = ViewMetrics(), Event()
metrics.complete(1_700_000_000_000)
with told_to_worker(metrics.registry, stop):
    stop.wait(60)
"""


def run_instead(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script stand where the view would be."""

    def start(*_: object, stdout: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", script], stdout=stdout)

    monkeypatch.setattr(in_worker, "start_child", start)


def told(view: ViewInWorker) -> str:
    registry = CollectorRegistry()
    registry.register(view)
    return generate_latest(registry).decode()


def test_a_worker_tells_the_metrics_of_its_view_and_nothing_of_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, TELLING)
    with ViewInWorker(lambda: None) as view:
        assert wait_until(lambda: "loyalty_view_complete_until_seconds 1.7e+09" in told(view), 20)
        lines = told(view).splitlines()
        assert "# TYPE loyalty_view_rows_applied_total counter" in lines
        assert "loyalty_view_rows_applied_total 0.0" in lines
        assert not [line for line in lines if "process_" in line]


def test_a_view_ends_once_nobody_hears_it() -> None:
    with subprocess.Popen([sys.executable, "-c", TELLING], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as view:
        assert view.stdout is not None
        assert view.stderr is not None
        assert view.stdout.readline().startswith(b"# HELP")
        view.stdout.close()
        assert view.wait(20) == 0
        assert view.stderr.read() == b""


def test_a_view_that_ends_is_started_again_after_a_pause_and_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(in_worker, "PAUSE_SECONDS", 0.3)
    run_instead(monkeypatch, f"import time; open({str(tmp_path / 'runs')!r}, 'a').write('x'); raise SystemExit(1)")
    restarts: list[float] = []
    with ViewInWorker(lambda: restarts.append(time.monotonic())):
        assert wait_until(lambda: len(restarts) >= 3, 20)
    assert restarts[2] - restarts[0] >= 0.6
    assert len((tmp_path / "runs").read_text()) >= 3
    assert "ended with exit code 1; it is started again in 0.3 s" in caplog.messages[0]


def test_a_view_that_does_not_stop_in_time_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(in_worker, "_STOP_SECONDS_MAX", 0.5)
    ready = tmp_path / "ready"
    run_instead(
        monkeypatch,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"open({str(ready)!r}, 'w').close(); time.sleep(60)",
    )
    restarts: list[None] = []
    with ViewInWorker(lambda: restarts.append(None)) as view:
        assert wait_until(ready.exists, 20)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert view._child is not None
    assert (view._child.poll(), restarts) == (-9, [])
