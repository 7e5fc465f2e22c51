"""Keep a data folder to one worker."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loyalty_stream.runtime.failure import WorkerStopped


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Lock a folder for as long as the context is open; the lock goes with the process, however that ends.

    Raises:
        WorkerStopped: Another worker has it.

    """
    with (folder.absolute() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerStopped(
                f"another worker uses {folder.absolute()}. Give each its own LOYALTY_DATA_DIR"
            ) from None
        yield
