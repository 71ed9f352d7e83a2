"""From template files to what Jinja fills in: MJML made HTML, texts in one language. It must not know what mails say.

Compiling takes longer than filling in, so it is done once for a template, for every language and person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateSyntaxError
from mjml import mjml2html

# Parts are put in as text: the compiler's own include would make one cell of all that a part holds.
INCLUDE = re.compile(r'<mj-include path="([^"]+)" />')


# A text to translate whose places, if any, are plain names; without "%", which would have to be doubled in it.
TEXT = re.compile(r"\{% trans %\}((?:[^{}%\n]|\{\{ \w+ \}\})+)\{% endtrans %\}")


class Templates(BaseLoader):
    """The files of a folder as Jinja's templates; one in MJML is its HTML."""

    def __init__(self, folder: Path) -> None:
        self._files = FileSystemLoader(folder)
        self._compiled: dict[str, str] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """The template's text and where it stands."""
        source, path, current = self._files.get_source(environment, template)
        if not template.endswith(".mjml"):
            return source, path, current
        if template not in self._compiled:
            environment.parse(source, template, path)  # so that a mistake is named with its line in the file
            self._compiled[template] = self._html(environment, template, source)
        return self._compiled[template], path, current

    def _html(self, environment: Environment, name: str, source: str) -> str:
        try:
            # No fonts: they would be fetched from elsewhere, which tells others who reads a mail and when.
            return mjml2html(self._with_parts(environment, source), fonts={})
        except ValueError as error:
            raise TemplateSyntaxError(f"this is no MJML: {error}", 0, name) from error

    def _with_parts(self, environment: Environment, source: str) -> str:
        def part(match: re.Match[str]) -> str:
            return self._with_parts(environment, self._files.get_source(environment, match[1])[0])

        return INCLUDE.sub(part, source)


class InOneLanguage(BaseLoader):
    """The same templates with their texts translated once, instead of at every mail."""

    def __init__(self, templates: Templates, say: Callable[[str], str]) -> None:
        self._templates = templates
        self._say = say

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """The template's text and where it stands."""
        source, path, current = self._templates.get_source(environment, template)
        return TEXT.sub(self._translated, source), path, current

    def _translated(self, match: re.Match[str]) -> str:
        words = self._say(re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", match[1]))
        # The empty comments keep what Jinja makes of the blanks around a block.
        return "{##}" + re.sub(r"%\((\w+)\)s", r"{{ \1 }}", words) + "{##}"
