"""Run a real Prometheus on the project's own configuration, and ask it through its HTTP API."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from tests.kafka import process
from tests.kafka.client import wait_until
from tests.kafka.settings import free_ports
from tests.prometheus.find import NoPrometheusError, Programs

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "deploy" / "prometheus" / "prometheus.yml"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
SCRAPE_SECONDS = 1
_READY_SECONDS_MAX = 60


class Prometheus:
    """A server that scrapes a worker and a view, each second rather than as seldom as deployed."""

    def __init__(self, programs: Programs, folder: Path, *, worker_port: int, view_port: int) -> None:
        [self._port] = free_ports(1)
        self.log = folder / "prometheus.log"
        targets = {"loyalty-stream": f"127.0.0.1:{worker_port}", "loyalty-view": f"127.0.0.1:{view_port}"}
        config = folder / "prometheus.yml"
        config.write_text(yaml.safe_dump(config_for(targets)))
        self._command = [
            str(programs.prometheus),
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self._port}",
            "--storage.tsdb.retention.time=1d",
        ]

    @contextmanager
    def running(self) -> Iterator["Prometheus"]:
        """Run for as long as the context is open.

        Raises:
            NoPrometheusError: It ended, or did not answer within a minute; the message ends with its log.

        """
        started = process.start(self._command, self.log)
        try:
            self._wait_ready(started)
            yield self
        finally:
            started.kill()
            started.wait()

    def _wait_ready(self, started: subprocess.Popen[bytes]) -> None:
        if not wait_until(lambda: started.poll() is not None or self._is_ready(), _READY_SECONDS_MAX):
            raise NoPrometheusError(f"Prometheus does not answer. Its log ends:\n{process.tail(self.log)}")
        if started.poll() is not None:
            raise NoPrometheusError(f"Prometheus did not start. Its log ends:\n{process.tail(self.log)}")

    def query(self, expression: str, at: float | None = None) -> list[Any]:
        """Return the samples of an instant query, as of now or of a moment in seconds since the epoch.

        Raises:
            AssertionError: Prometheus refuses the query.

        """
        data = self._get("query", query=expression, time=f"{at or time.time():.3f}")
        result: list[Any] = data["result"]
        return result

    def rules(self) -> list[Any]:
        """Return the rules as Prometheus holds them, with their state and health."""
        data = self._get("rules")
        return [rule for group in data["groups"] for rule in group["rules"]]

    def metadata(self) -> dict[str, Any]:
        """Return type and help of each metric that was scraped."""
        found: dict[str, Any] = self._get("metadata")
        return found

    def _get(self, path: str, **parameters: str) -> Any:  # noqa: ANN401 - JSON
        status, body = self._request(f"/api/v1/{path}?{urlencode(parameters)}")
        answer = json.loads(body)
        assert status == 200, f"{parameters}: {answer.get('error', body)}"
        return answer["data"]

    def _is_ready(self) -> bool:
        try:
            return self._request("/-/ready")[0] == 200
        except OSError:
            return False

    def _request(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def config_for(targets: Mapping[str, str]) -> dict[str, Any]:
    """Return the deployed configuration, scraping a target of each job each second, and evaluating rules as often."""
    config: dict[str, Any] = yaml.safe_load(CONFIG.read_text())
    config["global"] = {"scrape_interval": f"{SCRAPE_SECONDS}s", "evaluation_interval": f"{SCRAPE_SECONDS}s"}
    config["rule_files"] = [str(ALERTS)]
    assert {job["job_name"] for job in config["scrape_configs"]} == targets.keys()
    for job in config["scrape_configs"]:
        job["static_configs"] = [{"targets": [targets[job["job_name"]]]}]
    config.pop("alerting", None)  # nobody is to be told
    return config
