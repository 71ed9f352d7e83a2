"""The HTML that mail programs make of a reply, with their own marks around the quote."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.corpus.letters import BELOW, TOP, Letter

_STYLE = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"


def gmail_page(letter: Letter, above: str) -> str:
    """Gmail: a container, the line above, and blockquotes; what is typed between stands in divs between them."""
    head = f'<div dir="ltr" class="gmail_attr">{_linked(above)}<br></div>'
    quote = _quoted(letter, f'<blockquote class="gmail_quote" style="{_STYLE}">')
    body = f'<div class="gmail_quote gmail_quote_container">{head}{quote}</div>'
    typed, tail = (
        _typed(letter.typed),
        _typed(letter.tail) and f'<div class="gmail_signature">{_typed(letter.tail)}</div>',
    )
    if letter.layout == TOP:
        return f'<div dir="ltr">{typed}</div><div>{tail}</div><br>{body}'
    return f'<div dir="ltr">{body}<div><br></div>{typed if letter.layout == BELOW else ""}</div>{tail}'


def proton_page(letter: Letter, above: str) -> str:
    """Proton: one block for the signature, one for the quote."""
    tail = f'<div class="protonmail_signature_block">{_typed(letter.tail)}</div>'
    quote = _quoted(letter, '<blockquote class="protonmail_quote" type="cite">')
    body = f'<div class="protonmail_quote">{escape(above)}<br>{quote}<br></div>'
    typed = _typed(letter.typed)
    return f"{typed}<br>{tail}{body}" if letter.layout == TOP else f"{body}{typed}{tail}"


def yahoo_page(letter: Letter, above: str) -> str:
    """Yahoo: the quote has no blockquote, only a class."""
    quote = (
        f'<div id="ydp1yahoo_quoted_2" class="yahoo_quoted"><div><div>{_linked(above)}</div>{_sent(letter)}</div></div>'
    )
    return f"<html><body><div>{_typed(letter.typed)}<br></div>{_typed(letter.tail)}<div><br></div>{quote}</body></html>"


def gmx_page(letter: Letter, block: Sequence[str]) -> str:
    """GMX and WEB.DE: a div named quote, with header lines inside."""
    style = "margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;"
    quote = f'<div name="quote" style="{style}">{_bold(block)}{_sent(letter)}</div>'
    typed = f"<div>{_typed(letter.typed)}</div><div>{_typed(letter.tail)}</div>"
    return f"<html><body>{typed}<div>&nbsp;{quote}</div></body></html>"


def outlook_web_page(letter: Letter, block: Sequence[str]) -> str:
    """Outlook on the web and on phones: a rule, a named div with header lines, then the mail with nothing around it."""
    tail = f'<div id="ms-outlook-mobile-signature">{_typed(letter.tail)}</div>' if letter.tail else ""
    head = f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{_bold(block)}</font><div>&nbsp;</div></div>'
    rule = '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
    return f"<html><body><div>{_typed(letter.typed)}</div>{tail}{rule}{head}{_sent(letter)}</body></html>"


def outlook_word_page(letter: Letter, block: Sequence[str]) -> str:
    """Outlook on the desktop, as Word writes HTML."""
    paragraphs = "".join(f'<p class="MsoNormal">{escape(line) or "<o:p>&nbsp;</o:p>"}</p>' for line in _lines(letter))
    style = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    head = f'<div><div style="{style}"><p class="MsoNormal">{_bold(block)}</p></div></div>'
    return f'<html><body><div class="WordSection1">{paragraphs}{head}{_sent(letter)}</div></body></html>'


def _lines(letter: Letter) -> list[str]:
    return [*letter.typed.split("\n"), "", *(letter.tail.split("\n") if letter.tail else [])]


def _bold(block: Sequence[str]) -> str:
    return "<br>".join(f"<b>{escape(line.split(' ', 1)[0])}</b> {escape(line.split(' ', 1)[1])}" for line in block)


def _linked(above: str) -> str:
    return escape(above).replace("@", "<wbr>@", 1)


def _typed(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n")) if text else ""


def _sent(letter: Letter) -> str:
    return f"<div>{''.join(_html(line) for line in letter.sent.split(chr(10)))}</div>"


def _html(line: str) -> str:
    return f"<h2>{escape(line)}</h2>" if line.startswith("[") else f"<p>{escape(line.strip())}</p>" if line else ""


def _quoted(letter: Letter, opening: str) -> str:
    """The mail that was sent in blockquotes, opened anew after what was typed between."""
    pieces, number = [opening], None
    for line in letter.sent.split("\n"):
        pieces.append(_html(line))
        number = int(line[1]) if line.startswith("[") else number
        if line.startswith("    ") and number in letter.between:
            pieces.append(f"</blockquote><div><br></div>{_typed(letter.between[number])}<div><br></div>{opening}")
    return "".join([*pieces, "</blockquote>"])
