"""The fields of a posted form (multipart/form-data) as bytes. Never raises, and knows nothing of what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MOST_FIELDS, MOST_HEADERS, MOST_HEADER = 500, 32, 65_536

# Whoever passes a post on may have lost the boundary, or named another one; the body begins with the real one.
_FIRST_LINE = re.compile(rb"(?:\A|\r\n)--([^\r\n]{1,200}?)[ \t]*\r\ncontent-[a-z-]+[ \t]*:", re.I)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `whole` is False when the form broke off in it."""

    name: str  # in lower case
    data: bytes
    is_file: bool = False
    content_type: str = ""
    file_name: str = ""
    whole: bool = True


@dataclass(slots=True)
class _Reader:
    """Collects what the parser finds."""

    fields: list[Field] = field(default_factory=list)
    headers: dict[str, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    data: bytearray | None = None

    def begin(self) -> None:
        if len(self.fields) >= MOST_FIELDS:
            raise FormParserError("too many fields")
        self.headers, self.data = {}, bytearray()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def header_end(self) -> None:
        self.headers.setdefault(bytes(self.name).decode("latin-1").lower(), bytes(self.value))
        self.name, self.value = bytearray(), bytearray()

    def content(self, data: bytes, start: int, end: int) -> None:
        if self.data is not None:
            self.data += memoryview(data)[start:end]

    def end(self, *, whole: bool = True) -> None:
        if self.data is None:
            return
        _, options = parse_options_header(self.headers.get("content-disposition", b""))
        self.fields.append(
            Field(
                name=_text(options.get(b"name", b"")).strip().lower(),
                data=bytes(self.data),
                is_file=b"filename" in options,
                content_type=_text(self.headers.get("content-type", b"")),
                file_name=_text(options.get(b"filename", b"")),
                whole=whole,
            )
        )
        self.data = None


def read_fields(content_type: str, body: bytes) -> list[Field]:
    """Every field of the form in its order, with its bytes as they were posted; of a broken form those before it."""
    for boundary, start in _boundaries(content_type, body):
        reader = _Reader()
        try:
            parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": reader.begin,
                    "on_part_data": reader.content,
                    "on_part_end": reader.end,
                    "on_header_field": reader.header_name,
                    "on_header_value": reader.header_value,
                    "on_header_end": reader.header_end,
                },
                max_header_count=MOST_HEADERS,
                max_header_size=MOST_HEADER,
            )
            parser.write(body[start : _end(body, boundary)])
        except FormParserError:
            pass  # what was read so far is better than nothing
        reader.end(whole=False)
        if reader.fields:
            return reader.fields
    return []


def _boundaries(content_type: str, body: bytes) -> Iterator[tuple[bytes, int]]:
    """The boundaries to try and where the form begins with each: the one that was named, then the one that is there."""
    _, options = parse_options_header(content_type.encode("latin-1", "replace"))
    named = options.get(b"boundary", b"")
    if named and (start := _line(body, b"--" + named)) is not None:
        yield named, start
    if (found := _FIRST_LINE.search(body, 0, MOST_HEADER)) and found[1] != named:
        yield found[1], found.start(1) - 2


def _line(body: bytes, line: bytes) -> int | None:
    """Where a line begins with this; what stands before the first boundary is no field (RFC 2046)."""
    if body.startswith(line):
        return 0
    found = body.find(b"\r\n" + line)
    return None if found < 0 else found + 2


def _end(body: bytes, boundary: bytes) -> int:
    """Where to stop reading: the parser takes its time over each line that only begins like a boundary."""
    mark, place = b"\r\n--" + boundary, 0
    for _ in range(2 * MOST_FIELDS):
        place = body.find(mark, place) + 1
        if not place:
            return len(body)
    return place


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
