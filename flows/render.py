"""Templates and facts in, one Email out, in the recipient's language. It must not know when or why a mail is due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from traceback import walk_tb

from jinja2 import (
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)

from flows.compiling import InOneLanguage, Templates
from flows.language import Speech, speak
from flows.rules.email import Address, Email
from flows.rules.links import mailto
from flows.rules.problems import OnwardError

WIDTH = 72  # columns of a text body: leaves room for a few "> " of quoting

# What no mail may carry: control characters, halves of surrogate pairs, and the two characters that are none.
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_MARKER = re.compile(r"\[(\d+)\]")
_HANG = re.compile(r" *(?:\[\d+\] )?")


class RenderError(OnwardError):
    """One mail cannot be rendered: which template, which line, what is wrong there."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything about a mail but its words."""

    key: str
    sender: Address
    to: Address
    reply_to: Address
    message_id: str  # with its angle brackets
    thread: str  # the root id, "<...>", that all mails of one occasion share
    stop: str  # the address that stops the mails
    date: datetime
    language: str = "en"
    stop_page: str = ""  # the page that does so at one press, if it can be reached safely
    answers: str = ""  # the id of the mail that this one answers, "<...>"


class Renderer:
    """Makes mails out of `<templates>/email/<message>/{subject.txt, body.txt, body.mjml}`.

    Templates are compiled once in each language, at their first use, and held.
    """

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        self._files = Templates(templates)
        self._spoken: dict[str, Environment] = {}

    def in_language(self, code: str) -> Environment:
        """Jinja with the words and dates of one language, for mails and pages alike."""
        speech = speak(code)
        if speech.code not in self._spoken:
            self._spoken[speech.code] = _environment(self._files, speech)
        return self._spoken[speech.code]

    def email(self, message: str, envelope: Envelope, facts: Mapping[str, object]) -> Email:
        """The mail `message` with these facts. Raises RenderError."""
        known = {name: one_line(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        jinja = self.in_language(envelope.language)
        subject = one_line(self._render(jinja, f"email/{message}/subject.txt", known))
        known["subject"] = subject
        return Email(
            key=envelope.key,
            kind=message,
            sender=envelope.sender,
            to=envelope.to,
            reply_to=envelope.reply_to,
            subject=subject,
            text=_layout(self._render(jinja, f"email/{message}/body.txt", known)),
            html=self._render(jinja, f"email/{message}/body.mjml", known),
            message_id=envelope.message_id,
            date=envelope.date,
            headers=_headers(envelope),
        )

    def _render(self, jinja: Environment, name: str, facts: Mapping[str, object]) -> str:
        try:
            rendered = jinja.get_template(name).render(facts)
        except Exception as error:  # a template can raise anything that Python can
            raise RenderError(f"{self._where(name, error)}: {_what(error, facts)}") from error
        return _clean(rendered)

    def _where(self, name: str, error: Exception) -> str:
        """The template file and the line that failed, which may be one that `name` extends or imports."""
        line: int | None = None
        if isinstance(error, TemplateNotFound):
            name = str(error.name or name)
        elif isinstance(error, TemplateSyntaxError):
            name, line = error.name or name, error.lineno or None
        else:
            for frame, number in walk_tb(error.__traceback__):
                file = Path(frame.f_code.co_filename)
                # The lines of compiled MJML are not those of the file that people edit.
                if file.is_relative_to(self._templates) and file.suffix != ".mjml":
                    name, line = file.relative_to(self._templates).as_posix(), number
        return f"{self._templates.name}/{name}" + (f", line {line}" if line else "")


def _environment(files: Templates, speech: Speech) -> Environment:
    jinja = Environment(
        loader=InOneLanguage(files, speech.gettext),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "mjml")),  # a text is no markup, it would show "&amp;"
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def when(moment: date | datetime) -> str:
        return speech.moment(moment) if isinstance(moment, datetime) else speech.date(moment)

    def quoted(words: str) -> str:
        return type(words)(speech.quote(words))

    jinja.policies["ext.i18n.trimmed"] = True
    jinja.install_gettext_translations(speech, newstyle=True)  # type: ignore[attr-defined]
    jinja.globals |= {"lang": speech.code, "mailto": mailto}
    jinja.filters |= {"one_line": one_line, "lines": lines, "when": when, "quoted": quoted}
    return jinja


def one_line(text: str) -> str:
    """The text as one line, and never with a question's marker in it: replies are cut at those."""
    return _MARKER.sub(r"(\1)", " ".join(_clean(text).split()))


def lines(text: str) -> list[str]:
    """The lines of what a person wrote, without empty ones around them."""
    return [line.rstrip() for line in _clean(text).strip().split("\n")]


def _clean(text: str) -> str:
    # Hardly any text has something to clean, and one look is cheaper than two passes over a whole mail.
    return _CONTROL.sub("", _BREAK.sub("\n", text)) if _CONTROL.search(text) else text


def _headers(envelope: Envelope) -> dict[str, str]:
    headers = {
        "Auto-Submitted": "auto-replied" if envelope.answers else "auto-generated",  # RFC 3834
        # Not "All": Exchange would then keep the bounces to itself as well.
        "X-Auto-Response-Suppress": "OOF, AutoReply, DR, RN, NRN",
        "List-Unsubscribe": f"<mailto:{envelope.stop}?subject=stop>",
        # Gmail threads by subject and References together; an id that was never sent does as a root.
        "References": " ".join(filter(None, (envelope.thread, envelope.answers))),
    }
    if envelope.answers:
        headers["In-Reply-To"] = envelope.answers
    if envelope.stop_page.startswith("https:"):
        # RFC 8058: one press in the mail program, and the page is sent a POST; opening it stops nothing.
        headers["List-Unsubscribe"] = f"<{envelope.stop_page}>, {headers['List-Unsubscribe']}"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _what(error: Exception, facts: Iterable[str]) -> str:
    if isinstance(error, TemplateNotFound):
        return "there is no such template; write it, or correct the name that asks for it"
    if not isinstance(error, TemplateError):
        # Only the kind: the text of such an error may quote an answer.
        return f"this line failed with {type(error).__name__}; correct the template or the fact it uses"
    missing = re.fullmatch(r"'(\w+)' is undefined", error.message or "")
    near = get_close_matches(missing[1], facts, 1) if missing else []
    return f"{error.message}; " + (f"did you mean “{near[0]}”?" if near else "correct the template")


def _layout(text: str) -> str:
    """The text body as people read it: wrapped, without trailing blanks, one empty line at most."""
    lines = (_wrapped(line.expandtabs(4).rstrip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _wrapped(line: str) -> str:
    if len(line) <= WIDTH:
        return line
    hang = _HANG.match(line)
    start = hang[0] if hang else ""
    rows, row = [], start
    for word in line[len(start) :].split(" "):
        if len(row) + len(word) > WIDTH and row != start:  # a long word stays whole, or addresses could not be pressed
            rows.append(row.rstrip(" "))
            row = start = " " * len(start)
        row += f"{word} "
    return "\n".join((*rows, row.rstrip(" ")))
