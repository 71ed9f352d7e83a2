"""A PostgreSQL server of the tests' own, in a temporary folder, where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.standins.smtp import free_port

WHERE = "/usr/lib/postgresql"  # Debian keeps the server's programs off the path


def programs() -> Path | None:
    """The folder of the server's programs, None when it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max((path.parent for path in Path(WHERE).glob("*/bin/initdb")), default=None)


@contextmanager
def server() -> Iterator[str]:
    """A running server; the address of its database."""
    bin_folder = programs()
    assert bin_folder
    # It will not run as root, and the folder has to belong to whoever it runs as.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="onward-pg-") as name:
        if prefix:
            shutil.chown(name, "postgres")
        data, port = f"{name}/data", free_port()
        _run(*prefix, f"{bin_folder}/initdb", "-D", data, "-U", "onward", "--auth=trust", "--no-sync")
        options = f"-p {port} -k {name} -h 127.0.0.1 -c fsync=off"
        control = [*prefix, f"{bin_folder}/pg_ctl", "-D", data, "-w", "-l", f"{name}/log"]
        _run(*control, "-o", options, "start")
        try:
            yield f"postgresql+psycopg://onward@127.0.0.1:{port}/postgres"
        finally:
            _run(*control, "-m", "immediate", "stop")


def _run(*words: str) -> None:
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False)
    assert done.returncode == 0, done.stderr.decode()
