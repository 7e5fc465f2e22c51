"""deploy/Dockerfile is clean to its linter and fits the project; that it builds is not shown here: it takes Docker."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from tests.helpers.setting_names import SETTINGS

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "deploy/Dockerfile"
TEXT: Final = FILE.read_text()
IGNORED: Final = (ROOT / ".dockerignore").read_text().splitlines()


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, FILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_base_image_is_pinned_to_a_full_version() -> None:
    [image] = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", TEXT, re.MULTILINE)
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", image)
    assert set(re.findall(r"^FROM (\S+)", TEXT, re.MULTILINE)) == {"${PYTHON_IMAGE}"}


def test_uv_is_the_one_of_the_makefile() -> None:
    [version] = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert f"uv=={version}" in TEXT


def test_each_loyalty_variable_is_a_setting() -> None:
    found = set(re.findall(r"LOYALTY_[A-Z_]+", TEXT))
    assert found
    assert found <= SETTINGS


def test_the_label_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f'org.opencontainers.image.version="{version}"' in TEXT


def test_the_worker_is_process_1_and_no_root() -> None:
    assert re.search(r'^ENTRYPOINT \["loyalty-stream"\]$', TEXT, re.MULTILINE)
    assert re.findall(r"^USER (\S+)$", TEXT, re.MULTILINE) == ["10001:10001"]


def test_all_that_is_copied_from_the_project_is_sent_to_the_build() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", TEXT, re.MULTILINE)
    sources = {source for line in copies for source in line.split()}
    sent = {line[1:] for line in IGNORED if line.startswith("!")}
    assert sources == {path.split("/")[0] for path in sent}
    assert IGNORED[1] == "*"
