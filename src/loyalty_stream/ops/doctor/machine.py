"""Look at this machine: versions, the data folder, the port."""

import platform
import re
import shutil
import socket
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

import confluent_kafka

from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.ops.state import StateError, WorkerClient, worker_url
from loyalty_stream.runtime.settings import Settings

_GIB: Final = 1024**3
_FREE_GIB_MIN: Final = 2
_PINNED: Final = re.compile(r"([\w-]+)==([\w.]+)$")


def check_versions(_settings: Settings) -> Iterator[Finding]:
    """Compare the libraries whose inside is used with the versions that were tested."""
    wrong = []
    for requirement in metadata.requires("loyalty-stream") or []:
        pinned = _PINNED.match(requirement)
        if pinned is not None and metadata.version(pinned[1]) != pinned[2]:
            wrong.append(f"{pinned[1]} is {metadata.version(pinned[1])}, tested is {pinned[2]}")
    if wrong:
        yield Finding.problem("versions", "; ".join(wrong), "install loyalty-stream anew with its own dependencies")
        return
    yield Finding.ok(
        "versions",
        f"loyalty-stream {metadata.version('loyalty-stream')}, Python {platform.python_version()}, "
        f"librdkafka {confluent_kafka.libversion()[0]}",
    )


def check_data_dir(settings: Settings) -> Iterator[Finding]:
    """See whether the tables can be kept where they are to be, and whether there is room."""
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as failure:
        yield Finding.problem(
            "data folder", f"cannot write to {folder} ({failure.strerror})", "set LOYALTY_DATA_DIR, or mend its rights"
        )
        return
    disk = shutil.disk_usage(folder)
    held = sum(_size(path) for path in folder.rglob("*"))
    found = f"{folder}: {held / _GIB:.1f} GiB of tables, {disk.free / _GIB:.1f} GiB free"
    if disk.free < max(_FREE_GIB_MIN * _GIB, held):
        fix = "make room for as much again: RocksDB writes a file anew before it deletes the old one"
        yield Finding.warning("data folder", found, fix)
    else:
        yield Finding.ok("data folder", found)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # RocksDB has deleted it meanwhile
        return 0


def check_port(settings: Settings) -> Iterator[Finding]:
    """See whether the port is free, or a worker of ours answers on it."""
    where = f"{settings.http_host}:{settings.http_port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.http_host, settings.http_port))
        except OSError as failure:
            taken = failure.strerror
        else:
            yield Finding.ok("port", f"{where} is free")
            return
    client = WorkerClient(worker_url(settings))
    try:
        status, _ = client.get("/readyz")
    except StateError:
        yield Finding.problem("port", f"{where}: {taken}, and no worker answers there", "set LOYALTY_HTTP_PORT")
    else:
        ready = "ready" if status == 200 else "not ready: see /readyz"  # noqa: PLR2004 - HTTP's OK
        yield Finding.ok("port", f"{where}: a worker answers, {ready}")
    finally:
        client.close()
