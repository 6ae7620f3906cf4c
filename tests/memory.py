"""Where the tests' databases are: in memory where the machine has room there, as a disk that must have each change for certain is slow."""

import shutil
from pathlib import Path


def memory() -> str | None:
    """A folder in memory, where making a database takes 10 ms and not 100; None where there is none, or little of it."""
    folder = "/dev/shm"
    return folder if Path(folder).is_dir() and shutil.disk_usage(folder).free > 2**30 else None
