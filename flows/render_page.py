"""Templates and facts in, one page out, in the reader's language. It must not know who asks for it, or why."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.language import Speech

TEMPLATES = Path(__file__).parent.parent / "templates"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class PageRenderer:
    """Makes pages out of `<templates>/page/<name>.html`, and holds the files that they ask for."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._templates = templates
        self._spoken: dict[str, Environment] = {}
        self.files: dict[str, tuple[str, bytes]] = {}  # by the name that a page asks for: type and content
        self._names: dict[str, str] = {}
        for path in sorted((templates / "page" / "static").iterdir()):
            content = path.read_bytes()
            # The digest is part of the name, so browsers may keep the file for good.
            name = f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
            self.files[name] = (TYPES[path.suffix], content)
            self._names[path.name] = name

    def page(self, name: str, speech: Speech, facts: Mapping[str, object]) -> str:
        """The page `name` with these facts."""
        return self._environment(speech).get_template(f"page/{name}.html").render(facts, lang=speech.code)

    def _environment(self, speech: Speech) -> Environment:
        if speech.code not in self._spoken:
            self._spoken[speech.code] = self._make(speech)
        return self._spoken[speech.code]

    def _make(self, speech: Speech) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._templates),
            extensions=["jinja2.ext.i18n"],
            undefined=StrictUndefined,
            autoescape=True,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["file"] = lambda name: f"static/{self._names[name]}"
        environment.filters["day"] = speech.date
        return environment
