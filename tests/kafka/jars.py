"""Fetch what runs on a JVM from Maven Central, once: Apache Kafka's jars, and what other folders' `pom.xml` name."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.kafka.errors import NoServerError

_POM = Path(__file__).with_name("pom.xml")
_CACHE = _POM.parents[2] / ".cache"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
_ATTEMPTS = 2
_DOWNLOAD_SECONDS_MAX = 300


def classpath(pom: Path = _POM) -> str:
    """Return the JVM class path of what a `pom.xml` names; the first call for a broker downloads 43 MB.

    Raises:
        NoServerError: Maven is missing, or the download failed twice.

    """
    folder = fetched(pom, "copy-dependencies")
    return os.pathsep.join(str(jar) for jar in sorted(folder.glob("*.jar")))


def fetched(pom: Path, goal: str) -> Path:
    """Return the folder into which Maven has copied, or unpacked, what a `pom.xml` names.

    Raises:
        NoServerError: Maven is missing, or the download failed twice.

    """
    folder = _CACHE / pom.parent.name / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if not folder.is_dir():
        _download(pom, goal, folder)
    return folder


def _download(pom: Path, goal: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoServerError(f"Maven (mvn) is not on the PATH; it fetches the jars of {pom}. Install maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        jars = Path(scratch) / "jars"
        places = [f"-DoutputDirectory={jars}", f"-DmarkersDirectory={scratch}/markers"]
        command = [maven, "-q", "-B", "-f", str(pom), f"{_PLUGIN}:{goal}", "-DincludeScope=runtime", *places]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS_MAX)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
                if attempt == _ATTEMPTS:
                    raise NoServerError(f"Maven could not fetch the jars of {pom}: {_tail(failure)}") from failure
            else:
                break
        if not folder.is_dir():  # another run may have been faster
            jars.rename(folder)


def _tail(failure: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> str:
    return f"{failure}\n{str(failure.stdout or '')[-2000:]}"
