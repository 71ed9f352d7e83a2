"""The peer that sends the same mails over SMTP: mailmerge, from a table and a template, as its users call it."""

from __future__ import annotations

import csv
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flows.bench.cases import Measured
from flows.rules.email import Email
from flows.rules.problems import OnwardError

TEMPLATE = """\
TO: {{email}}
FROM: {{sender}}
REPLY-TO: {{reply_to}}
SUBJECT: {{subject}}
MESSAGE-ID: {{message_id}}
CONTENT-TYPE: multipart/alternative; boundary="=_both"

--=_both
Content-Type: text/plain; charset="utf-8"

{{text}}

--=_both
Content-Type: text/html; charset="utf-8"

{{html}}

--=_both--
"""


def mailmerge() -> str | None:
    """The command, if it is installed here."""
    beside = Path(sys.executable).with_name("mailmerge")
    return str(beside) if beside.exists() else shutil.which("mailmerge")


def run_mailmerge(folder: Path, emails: Sequence[Email], port: int) -> Measured:
    """Let mailmerge send these mails to a server here. Its start counts, as it does for its users; ours is left out."""
    (folder / "template.txt").write_text(TEMPLATE, "utf-8")
    (folder / "server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", "utf-8")
    with (folder / "database.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("email", "sender", "reply_to", "subject", "message_id", "text", "html"))
        for email in emails:
            addresses = (email.to.email, email.sender.email, email.reply_to.email)
            table.writerow((*addresses, email.subject, email.message_id, email.text, email.html))
    words = [
        *(mailmerge() or "mailmerge", "--no-dry-run", "--no-limit", "--template", str(folder / "template.txt")),
        *("--database", str(folder / "database.csv"), "--config", str(folder / "server.conf")),
    ]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise OnwardError(f"mailmerge failed: {done.stderr.strip()[-300:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(len(emails), wall, cpu, peak=after.ru_maxrss / 1024)
