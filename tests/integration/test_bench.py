"""The benchmark measures what it says: every contender does the whole work, and does it right."""

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.usefixtures("broker")]


def test_every_contender_of_the_benchmark_comes_to_the_right_rows() -> None:
    command = [sys.executable, "-m", "bench.run", "--events", "4000", "--customers", "500", "--rounds", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    contenders = {row["contender"] for row in json.loads(done.stdout)["runs"]}
    assert contenders == {"pipeline alone", "worker", "plain loop"}
