"""The marks by which mail programs name their quotes and signatures in HTML. Knows nothing of lines."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from flows.mail.colours import stands_out

# By class, id or name: what each client puts around the mail that it quotes.
_QUOTES = {
    ".yahoo_quoted", ".zmail_extra", ".moz-forward-container", "#mail-editor-reference-message-container",
    ".ms-outlook-mobile-reference-message", "#OLK_SRC_BODY_SECTION", "@quote", ".bloop_original_html",
    "#isReplyContent", ".history_container", "#origbody", ".yqt",
    "#mailcontent", ".history", ".x_history",
}  # fmt: skip
_QUOTE_PREFIXES = ("#yahoo_quoted_", ".yahoo_quoted_", ".yqt")
_QUOTE_NAME = re.compile(r"[.#][\w-]*[-_](?:block)?quoted?")  # as most others call it: "front-blockquote"
# These hold blockquotes of their own, and people type between those.
_OPEN_QUOTES = {".gmail_quote", ".gmail_quote_container", ".protonmail_quote", "@messageReplySection"}
# From these on everything is the quote: Outlook puts nothing around it.
DIVIDER, _APPENDED = "#divRplyFwdMsg", "#appendonsend"  # people may type between what is appended and its headers
_FROM_HERE = {DIVIDER, ".OutlookMessageHeader", "#zwchr", "#stopSpelling", "#replySplit"}
_ZOHO_S = "beforequote:::"
# The client's own words, never the person's.
_DROPPED = {
    ".gmail_attr", ".gmail_signature", ".gmail_signature_prefix", ".moz-signature", ".protonmail_signature_block",
    "#Signature", "#ms-outlook-mobile-signature", "#AppleMailSignature", "@messageSignatureSection", ".bloop_sign",
    "#ymail_android_signature", ".ms-outlook-ios-signature", "#composer_signature", ".tutanota-signature", "#signature",
    ".zm_signature", "#lineBreakAtBeginningOfSignature", ".sh-signature", ".spark_signature", ".mailspring-signature",
    "#ymail_ios_signature", ".yahoo-signature", "#x_Signature", ".aol_signature", ".ymail_android_signature",
}  # fmt: skip
_DROPPED_PREFIXES = ("#bloop_sign", "#AppleMailSignature", "#ymail_android_signature", "#ms-outlook-mobile-signature")
# Dropped as far as it is what the client wrote: people type into these, too.
_ATTRIBUTIONS = {".moz-cite-prefix", "#reply-intro", ".gmail_quote_attribution", ".airmail_on", ".WmQuoteAttribution"}
_SEPARATOR = re.compile(r"border-top\s*:(?=[^;]{0,50}\bsolid\b)[^;]{0,50}\b1(?:\.0)?p[tx]", re.I)
_WORD_S = re.compile(
    r"border\s*:\s*none\b.*padding\s*:\s*3\.0pt\s+0", re.I | re.S
)  # as Outlook writes it, and nobody else
_INDENT = re.compile(r"border(?:-left)?:\s*(?:none|0)|margin(?:-left)?:[^;]*40px")


class Marks:
    """What one element says about itself, by class, id, name, type and style."""

    def __init__(self, node: LexborNode) -> None:
        attributes = node.attributes
        self._node = node
        self._style = (attributes.get("style") or "").lower()
        names = (attributes.get("class") or "").split()
        self._title = attributes.get("title") or ""
        self._names = {f".{name}" for name in names} | {f"#{attributes.get('id')}", f"@{attributes.get('name')}"}
        self.bare = node.tag == "blockquote" and not attributes  # as Yandex writes them
        self._cited = (
            "cite" in f"{attributes.get('type')}".lower()
            or "border-left" in self._style
            or any("quote" in name or "cite" in name for name in [*names, attributes.get("data-type") or ""])
        )

    @property
    def stands_out(self) -> bool | None:
        """Whether the words are in a colour that somebody chose; None when nothing is said of it."""
        return stands_out(self._style, self._node.attributes.get("color") or "")

    @property
    def dropped(self) -> bool:
        """Whether the element holds a signature, an attribution, or nothing that a reader sees."""
        if self._names & _ATTRIBUTIONS:
            return _beginning(self._node).rstrip().endswith((":", "："))
        hidden = "display:none" in self._style.replace(" ", "")
        return hidden or bool(self._names & _DROPPED) or self._begins(_DROPPED_PREFIXES)

    @property
    def open_quote(self) -> bool:
        """Whether people type inside, between the blockquotes."""
        return bool(self._names & _OPEN_QUOTES)

    def starts_quote(self, *, divided: bool) -> bool:
        """Whether all that follows in the mail is the quote; `divided` says that there is a DIVIDER somewhere."""
        if self._names & _FROM_HERE or self._title == _ZOHO_S or (not divided and _APPENDED in self._names):
            return True
        # The line above "From: … Sent: …"; anybody may have a line above something else.
        if not _SEPARATOR.search(self._style):
            return False
        return _beginning(self._node).count(":") >= (1 if _WORD_S.search(self._style) else 3)

    def is_quote(self, *, in_open_quote: bool, announced: bool) -> bool:
        """Whether the element is a quote. A bare blockquote needs a line with a colon above: so people indent, too."""
        if self._node.tag == "blockquote":
            if ".gmail_quote" in self._names and not (in_open_quote or announced):
                return False  # Gmail's button for quoting what one likes
            return self._cited or in_open_quote or (announced and not _INDENT.search(self._style))
        if self._names & _QUOTES or self._begins(_QUOTE_PREFIXES):
            return True
        if not self.open_quote and any(map(_QUOTE_NAME.fullmatch, self._names)):
            return True
        # Gmail's forwarded mails have no blockquote inside.
        return self.open_quote and not in_open_quote and self._node.css_first("blockquote") is None

    def _begins(self, prefixes: tuple[str, ...]) -> bool:
        return any(name.startswith(prefixes) for name in self._names)


def _beginning(node: LexborNode) -> str:
    """The first words of an element, as far as an attribution or a label goes."""
    first = islice(node.traverse(include_text=True), 50)
    return "".join(below.text_content or "" for below in first if below.is_text_node)
