"""Run a Redis that writes what it answers to disk first, and treat it badly."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import redis
from tests.kafka import process
from tests.kafka.client import wait_until
from tests.kafka.settings import free_ports
from tests.redis.find import NoRedisError, RedisPrograms, find_redis

if TYPE_CHECKING:
    import subprocess

_READY_SECONDS_MAX = 20


class LocalRedis:
    """One server on data of its own in `folder`; killed, it comes back with all that it has answered."""

    def __init__(self, programs: RedisPrograms, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        [self.port] = free_ports(1)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.programs = programs
        self._log = folder / "redis.log"
        options = {"port": self.port, "bind": "127.0.0.1", "dir": folder, "save": "", "appendonly": "yes"}
        options["appendfsync"] = "always"
        self._command = [
            str(programs.server),
            *(part for name, at in options.items() for part in (f"--{name}", f"{at}")),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, for the first time or again on the same data, and wait until it answers.

        Raises:
            NoRedisError: It ended, or did not answer in time; the message ends with its log.

        """
        self._process = process.start(self._command, self._log, self.programs.env)
        if not wait_until(lambda: self._ended() or self._answers(), _READY_SECONDS_MAX) or self._ended():
            raise NoRedisError(f"Redis did not start. Its log ends:\n{process.tail(self._log)}")

    def kill(self) -> None:
        """End it without notice (SIGKILL); nothing to do where it never ran."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def client(self) -> "redis.Redis":
        """Return a client, as any reader would use one."""
        return redis.Redis.from_url(self.url, decode_responses=True)

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        client = self.client()
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


@contextmanager
def local_redis(folder: Path) -> Iterator[LocalRedis]:
    """Run a server for as long as the context is open.

    Raises:
        NoRedisError: It cannot be had, or does not start.

    """
    server = LocalRedis(find_redis(), folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
