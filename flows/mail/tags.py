"""HTML cut down to the tags and attributes that are read, so that the parser's time stays in proportion.

Knows nothing of what the tags mean in a mail.
"""

from __future__ import annotations

import re

MOST_HTML, MOST_TAGS = 1_000_000, 10_000

HIDDEN = {"head", "style", "script", "title", "template"}
BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip
_KEPT = BLOCKS | HIDDEN | {"br", "span"}
_KEPT_ATTRIBUTE = re.compile(
    r"(?<![\w-])(class|id|name|type|data-type|title|style|start|color)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+)", re.I
)
_TAG = re.compile(
    r"""<!--(?:-?>|.*?(?:-->|\Z))|<[!?][^>]*+(?:>|\Z)|"""
    r"""<(/?)([a-z][^\s/>]*+)((?:[^>=]|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?)*+)(?:>|\Z)""",
    re.I | re.S,
)


def tame(html: str) -> str:
    """The same HTML with only the tags and attributes that are read here, and only so many of them.

    The parser takes square time, minutes for a megabyte, on deep nesting and on tags with thousands of attributes.
    """
    html = html[:MOST_HTML]
    pieces, done, tags = [], 0, 0
    for tag in _TAG.finditer(html):
        pieces.append(html[done : tag.start()].replace("<", "&lt;"))
        done = tag.end()
        name = (tag[2] or "").lower()
        name = "span" if name == "font" else name  # whose nesting costs the parser square time
        if name in _KEPT:
            pieces.append(f"<{tag[1]}{name}{_attributes(tag[3])}>")
            tags += 1
        if tags >= MOST_TAGS:
            return "".join(pieces)
    return "".join(pieces) + html[done:].replace("<", "&lt;")


def _attributes(text: str) -> str:
    found = _KEPT_ATTRIBUTE.findall(text[:2000])
    return "".join(
        f' {key}="{value.strip(chr(34) + chr(39)).replace(chr(34), "&quot;")[:300]}"' for key, value in found
    )
