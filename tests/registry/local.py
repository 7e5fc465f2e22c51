"""Run Apicurio Registry on the local JVM, with its storage in memory: up in about eight seconds."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kafka import process
from tests.kafka.errors import NoServerError
from tests.kafka.jars import fetched
from tests.kafka.settings import free_ports

if TYPE_CHECKING:
    import subprocess

_POM = Path(__file__).with_name("pom.xml")
_API = "/apis/ccompat/v7"
_HEAP = ("-Xms64m", "-Xmx256m")
_READY_SECONDS_MAX = 90


class LocalRegistry:
    """One registry, its log in `folder`; stopped, it forgets what it knew."""

    def __init__(self, folder: Path) -> None:
        java = shutil.which("java")
        if java is None:
            raise NoServerError("java is not on the PATH. Install Java 17 or newer")
        [runner] = fetched(_POM, "unpack-dependencies").glob("*-runner.jar")
        [self._port] = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}{_API}"
        self._log = folder / "registry.log"
        where = ("-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={self._port}")
        self._command = [java, *_HEAP, *where, "-jar", str(runner)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the registry and wait until it answers.

        Raises:
            NoServerError: It ended, or did not answer in time; the message ends with its log.

        """
        self._process = process.start(self._command, self._log)
        deadline = time.monotonic() + _READY_SECONDS_MAX
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.2)
        self.kill()
        raise NoServerError(f"the registry did not start. Its log ends:\n{process.tail(self._log)}")

    def kill(self) -> None:
        """End the registry without notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", f"{_API}/subjects")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def local_registry() -> Iterator[LocalRegistry]:
    """Run a registry for as long as the context is open.

    Raises:
        NoServerError: Java or Maven is missing, or the registry does not start.

    """
    with tempfile.TemporaryDirectory(prefix="loyalty-registry-", ignore_cleanup_errors=True) as folder:
        registry = LocalRegistry(Path(folder))
        registry.start()
        try:
            yield registry
        finally:
            registry.kill()
