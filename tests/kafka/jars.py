"""Fetch Apache Kafka's jars from Maven Central, once."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.kafka.errors import NoBrokerError

_POM = Path(__file__).with_name("pom.xml")
_CACHE = _POM.parents[2] / ".cache" / "kafka"
_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_ATTEMPTS = 2
_DOWNLOAD_SECONDS_MAX = 300


def classpath() -> str:
    """Return the JVM class path of a broker; the first call on a machine downloads 43 MB.

    Raises:
        NoBrokerError: Maven is missing, or the download failed twice.

    """
    folder = _CACHE / hashlib.sha256(_POM.read_bytes()).hexdigest()[:12]
    if not folder.is_dir():
        _download(folder)
    return os.pathsep.join(str(jar) for jar in sorted(folder.glob("*.jar")))


def _download(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoBrokerError("Maven (mvn) is not on the PATH; it fetches the broker's jars. Install maven")
    _CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE) as scratch:
        jars = Path(scratch) / "jars"
        command = [maven, "-q", "-B", "-f", str(_POM), _GOAL, "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS_MAX)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
                if attempt == _ATTEMPTS:
                    raise NoBrokerError(f"Maven could not fetch the broker's jars: {_tail(failure)}") from failure
            else:
                break
        if not folder.is_dir():  # another run may have been faster
            jars.rename(folder)


def _tail(failure: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> str:
    return f"{failure}\n{str(failure.stdout or '')[-2000:]}"
