"""Files written in one step: whoever reads, and whatever is killed, finds the old or the new one, never half of one.

Knows nothing of what stands in them.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from flows.sheet.door import SheetError


def replace_file(path: Path, data: bytes) -> None:
    """Put the data in the place of what was there."""
    with _written_beside(path, data) as temporary:
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    _sync_folder(path.parent)


def create_file(path: Path, data: bytes) -> None:
    """Put the data where nothing was. Raises FileExistsError, and then has changed nothing."""
    with _written_beside(path, data) as temporary:
        try:
            os.link(temporary, path)  # unlike a rename, it fails when somebody was faster
        except FileExistsError:
            raise
        except OSError:  # some network drives and memory sticks have no links
            with path.open("xb") as file:
                file.write(data)
    _sync_folder(path.parent)


def keep_beside(path: Path, data: bytes) -> tuple[Path, bool]:
    """Keep the data under this name, or a numbered one when that is taken; and whether it had to be written.

    What is kept already under one of these names is not kept again, so that doing it twice changes nothing.
    """
    for number in count(1):
        place = path if number == 1 else path.with_name(f"{path.stem} {number}{path.suffix}")
        try:
            create_file(place, data)
        except FileExistsError:
            if place.is_file() and place.read_bytes() == data:
                return place, False
        else:
            return place, True
    raise AssertionError("numbers do not end")


def clear_leftovers(path: Path) -> None:
    """Remove what killed runs left half written. Only safe while nobody else can be writing this file."""
    for leftover in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError):
            leftover.unlink()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one sentence for people."""
    try:
        yield
    except PermissionError as error:
        advice = (
            "close it where it is open, or allow this account to write here; nothing is lost, the next run writes it"
        )
        raise SheetError(f"{path}: it may not be written now; {advice}") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        advice = "mend that and run again; nothing is lost"
        raise SheetError(f"{path}: it could not be written ({reason}); {advice}") from error


@contextmanager
def _written_beside(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a file of its own in the same folder, safely on the disk; gone afterwards, whatever happened."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows cannot open a folder, and does not need to
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
