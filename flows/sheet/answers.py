"""The answers workbook: replaced whole, and never over something that a person changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from flows.rules.tabs import Content
from flows.sheet.drawing import draw
from flows.sheet.files import clear_leftovers, explained, keep_beside, replace_file
from flows.sheet.pages import page_to_read


@dataclass(frozen=True, slots=True)
class Written:
    """A file that Onward wrote: the hash of its bytes, and of what stands in it."""

    file: str
    content: str


class AnswersFile:
    """One answers workbook. Its callers take turns; it does not lock by itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._notebook = path.with_name(f".{path.name}.onward")

    def publish(self, contents: Sequence[Content]) -> bool:
        """Make the file hold this; False when it already did. Raises SheetError."""
        with explained(self.path):
            clear_leftovers(self.path)
            clear_leftovers(self._notebook)
            return self._publish(contents)

    def set_aside(self) -> list[str]:
        """The files that people had edited and that are kept beside."""
        return sorted(map(str, self.path.parent.glob(f"{escape(self.path.stem)} (edited *{escape(self.path.suffix)}")))

    def _publish(self, contents: Sequence[Content]) -> bool:
        content = _digest(contents)
        last = self._recognised(self._present())
        if last and last.content == content:
            return False
        data = draw([page_to_read(each) for each in contents])
        present = self._present()  # looked at again: drawing takes a while, and somebody may have saved meanwhile
        last = self._recognised(present)
        if present is not None and not last and present != data:
            keep_beside(self._aside(), present)
        # Noted before it is there, and beside the one that is still there: whichever of the two a kill leaves
        # behind, it is recognised as ours.
        self._note([written for written in (last, Written(_hash(data), content)) if written])
        replace_file(self.path, data)
        return True

    def _present(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _recognised(self, present: bytes | None) -> Written | None:
        """What we know of the file that is there; None when there is none, or somebody else wrote it."""
        if present is None:
            return None
        file = _hash(present)
        return next((written for written in self._noted() if written.file == file), None)

    def _noted(self) -> list[Written]:
        try:
            return [Written(**entry) for entry in json.loads(self._notebook.read_text("utf-8"))]
        except (FileNotFoundError, ValueError, TypeError):  # then nothing is recognised, and all is set aside
            return []

    def _note(self, entries: Sequence[Written]) -> None:
        replace_file(self._notebook, json.dumps([asdict(entry) for entry in entries]).encode())

    def _aside(self) -> Path:
        """Where an edited file is kept: named for when it was last saved, on this machine's clock."""
        saved = datetime.fromtimestamp(self.path.stat().st_mtime, UTC).astimezone()
        return self.path.with_name(f"{self.path.stem} (edited {saved:%Y-%m-%d %H%M}){self.path.suffix}")


def _digest(contents: Sequence[Content]) -> str:
    return _hash(
        repr([(content.tab, [tuple(row) for row in content.rows]) for content in contents]).encode("utf-8", "replace")
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
