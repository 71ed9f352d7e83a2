"""A mail server that is read by IMAP (RFC 3501), as far as Onward does: over real sockets, with faults on demand."""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from flows.addresses import MailboxAt

# What happens at the next command of a name: an answer, or the end of the connection.
NO, BAD, GONE, CUT, SILENT = "NO", "BAD", "closed", "cut short", "no answer"
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|\(([^()]*)\)|(\S+)')
_DAY = "%d-%b-%Y"


@dataclass
class Stored:
    """One mail in the folder."""

    uid: int
    raw: bytes
    seen: bool = False
    came: date = date(2026, 9, 8)


@dataclass
class Imap:
    """Serves one folder while it is entered. `faults` holds by command what happens at its next uses."""

    user: str = "replies@example.com"
    password: str = 'a secret: "quoted" \\ ü'
    folder: str = "INBOX"
    validity: int = 7
    mails: list[Stored] = field(default_factory=list)
    faults: dict[str, deque[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)  # the commands, in their order
    certificate: Path | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def at(self) -> MailboxAt:
        """Where it is."""
        port = self._server.server_address[1]
        return MailboxAt("127.0.0.1", port, self.certificate is not None, self.user, self.password, self.folder)

    def put(self, *raw: bytes, seen: bool = False) -> list[int]:
        """Deliver mails; their numbers."""
        first = max((mail.uid for mail in self.mails), default=0) + 1
        self.mails += [Stored(first + at, each, seen) for at, each in enumerate(raw)]
        return [first + at for at in range(len(raw))]

    def renumber(self) -> None:
        """Count anew, as a server does after a folder was restored from a copy."""
        self.validity += 1
        for number, mail in enumerate(self.mails, 100):
            mail.uid = number

    @property
    def seen(self) -> list[int]:
        """The mails that are marked as read."""
        return [mail.uid for mail in self.mails if mail.seen]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], box: Imap) -> None:
        self.box = box
        super().__init__(address, _Session)

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        if self.box.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.box.certificate)
            connection = context.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up, hung up; nothing is printed."""


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        self.box, self.inside, self.chosen = self.server.box, False, False
        self.line("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            words = [b"".join(parts) for parts in _WORD.findall(rest)]
            name = " ".join(word.decode().upper() for word in words[: 2 if words[:1] == [b"UID"] else 1])
            self.box.said.append(rest.decode())
            if not self.answer(tag.decode(), name, [w.replace(b'\\"', b'"').replace(b"\\\\", b"\\") for w in words]):
                return

    def answer(self, tag: str, name: str, words: list[bytes]) -> bool:
        """Do what is asked; False when the connection ends."""
        fate = self.box.faults[name].popleft() if self.box.faults.get(name) else ""
        if fate == SILENT:
            self.box.stopped.wait(20)
        if fate in (GONE, SILENT):
            return False
        if fate in (NO, BAD):
            self.line(f"{tag} {fate} not now")
            return True
        if fate == CUT:
            self.wfile.write(b"* 1 FETCH (UID 1 BODY[] {1000}\r\nFrom: a")
            return False
        steps = {"LOGIN": self.login, "SELECT": self.select, "UID SEARCH": self.search, "UID FETCH": self.fetch,
                 "UID STORE": self.store, "AUTHENTICATE": self.authenticate}  # fmt: skip
        if name == "LOGOUT":
            self.line("* BYE")
        if name == "CAPABILITY":
            self.line("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        needed = {"SELECT": self.inside, "UID SEARCH": self.chosen, "UID FETCH": self.chosen, "UID STORE": self.chosen}
        good = needed.get(name, True) and (steps[name](words) if name in steps else name in ("LOGOUT", "CAPABILITY"))
        self.line(f"{tag} {'OK done' if good else 'NO [AUTHENTICATIONFAILED] refused'}")
        return name != "LOGOUT"

    def line(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def login(self, words: list[bytes]) -> bool:
        self.inside = [word.decode() for word in words[1:]] == [self.box.user, self.box.password]
        return self.inside

    def authenticate(self, words: list[bytes]) -> bool:
        self.line("+ ")
        _, user, password = base64.b64decode(self.rfile.readline()).decode().split("\0")
        self.inside = (user, password) == (self.box.user, self.box.password)
        return self.inside

    def select(self, words: list[bytes]) -> bool:
        self.chosen = words[1].decode() == self.box.folder
        if self.chosen:
            self.line(f"* {len(self.box.mails)} EXISTS")
            self.line("* FLAGS (\\Seen)")
            self.line(f"* OK [UIDVALIDITY {self.box.validity}] valid")
        return self.chosen

    def search(self, words: list[bytes]) -> bool:
        what = [word.decode() for word in words[2:]]
        found = [mail.uid for mail in self.box.mails if self.matches(mail, what)]
        if what[0] == "UID" and self.box.mails and not found:
            found = [max(mail.uid for mail in self.box.mails)]  # "n:*" always holds the last mail
        self.line(" ".join(["* SEARCH", *map(str, found)]))
        return True

    def matches(self, mail: Stored, what: list[str]) -> bool:
        if what[0] == "UNSEEN":
            return not mail.seen
        if what[0] == "SINCE":
            return mail.came >= datetime.strptime(what[1], _DAY).replace(tzinfo=UTC).date()
        return mail.uid >= int(what[1].removesuffix(":*"))

    def fetch(self, words: list[bytes]) -> bool:
        for number, mail in self.chosen_mails(words[2]):
            if words[3].endswith(b"RFC822.SIZE"):
                self.line(f"* {number} FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)})")
            else:
                assert b"PEEK" in words[3], "whoever fetches without PEEK marks mails as read"
                self.wfile.write(f"* {number} FETCH (UID {mail.uid} BODY[] {{{len(mail.raw)}}}\r\n".encode())
                self.wfile.write(mail.raw + b")\r\n")
        return True

    def store(self, words: list[bytes]) -> bool:
        assert words[3:] == [b"+FLAGS.SILENT", b"\\Seen"], "nothing else is to be changed"
        for _, mail in self.chosen_mails(words[2]):
            mail.seen = True
        return True

    def chosen_mails(self, numbers: bytes) -> Iterator[tuple[int, Stored]]:
        wanted = {int(number) for number in numbers.split(b",")}
        return ((at, mail) for at, mail in enumerate(self.box.mails, 1) if mail.uid in wanted)


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody signed, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path
