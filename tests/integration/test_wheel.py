"""The wheel has all that it needs: installed where there is no checkout, it runs."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from email import message_from_string
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from tests.lacking import lack

ROOT: Final = Path(__file__).parents[2]
DEMO: Final = ("demo", "--events=2000", "--customers=150")
SHIPPED: Final = ("avro", "deploy/kafka", "deploy/grafana/dashboards")
CONSOLE: Final = "src/loyalty_stream/ops/web/console"
_SECONDS_MAX: Final = 240
_NOT_OURS: Final = {"PYTHONPATH", "VIRTUAL_ENV"}
"""What would let the checkout be found."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def run(command: Sequence[str | Path], folder: Path) -> str:
    env = {name: value for name, value in os.environ.items() if name not in _NOT_OURS} | {
        "UV_PYTHON_DOWNLOADS": "never"
    }
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=_SECONDS_MAX
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_demo_is_right(output: str) -> None:
    assert "consumed 2000 = applied" in output
    assert "✓ derived events in the topics" in output
    assert "✗" not in output


@pytest.fixture(scope="module")
def uv() -> Path:
    """The uv of `make`, in the version of the Makefile."""
    [version] = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    made = ROOT / f".cache/uv-{version}/bin/uv"
    if not made.exists():
        lack("uv", FileNotFoundError(f"{made} is missing. Run: make setup"))
    return made


@pytest.fixture(scope="module")
def wheel(uv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([uv, "build", "--wheel", "--out-dir", folder, "--python", sys.executable], ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def locked(uv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The versions of uv.lock, as a file of requirements."""
    file = tmp_path_factory.mktemp("lock") / "requirements.txt"
    run([uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--output-file", file], ROOT)
    return file


@pytest.fixture(scope="module")
def installed(uv: Path, wheel: Path, locked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of a fresh environment."""
    folder = tmp_path_factory.mktemp("installed")
    run([uv, "venv", "--python", sys.executable, folder / "venv"], folder)
    run([uv, "pip", "install", "--python", folder / "venv", "--constraints", locked, wheel], folder)
    return folder / "venv/bin/loyalty-stream"


def test_it_carries_every_file_that_is_no_code(wheel: Path) -> None:
    files = [file for folder in SHIPPED for file in (ROOT / folder).rglob("*") if file.is_file()]
    wanted = {f"loyalty_stream/_data/{file.relative_to(ROOT)}" for file in files}
    names = set(ZipFile(wheel).namelist())
    assert wanted
    assert {name for name in names if name.startswith("loyalty_stream/_data/")} == wanted
    assert "loyalty_stream/py.typed" in names
    console = {str(file.relative_to(ROOT / "src")) for file in (ROOT / CONSOLE).iterdir()}
    assert console <= names


def test_its_metadata_has_the_readme_and_says_that_it_is_typed(wheel: Path) -> None:
    archive = ZipFile(wheel)
    [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = message_from_string(archive.read(name).decode())
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).strip() == (ROOT / "README.md").read_text().strip()
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])


def test_installed_with_the_versions_of_the_lock_it_runs_the_demo_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    assert_demo_is_right(run([installed, *DEMO], tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["--help"], ["topics", "--help"]])
def test_it_explains_itself(installed: Path, tmp_path: Path, command: list[str]) -> None:
    assert "Usage: loyalty-stream" in run([installed, *command], tmp_path)


@pytest.mark.long
def test_uvx_runs_it_without_an_installation(uv: Path, wheel: Path, locked: Path, tmp_path: Path) -> None:
    uvx = uv.with_name("uvx")
    command: list[str | Path] = [
        uvx,
        "--python",
        sys.executable,
        "--constraints",
        locked,
        "--from",
        wheel,
        "loyalty-stream",
        *DEMO,
    ]
    assert_demo_is_right(run(command, tmp_path))
