"""The catalogues: nothing is missing in any language, and nothing in them is for a text that is no longer there."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract, extract_from_dir
from babel.messages.pofile import read_po

from flows.language import LOCALE, catalogue, speak
from flows.render import Renderer
from flows.rules.company import read_company
from flows.rules.questions import FORMS
from flows.rules.standard_questions import DEFAULTS, WORDINGS
from flows.rules.values import DEFAULT_LANGUAGE, LANGUAGES
from tests.test_render import CASES, LINKS, RENDERER, TEMPLATES, cases, mail

OTHERS = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]
PLACES = re.compile(r"%\((\w+)\)s")
Text = str | tuple[str, str]


@cache
def texts(folder: str = "email") -> dict[Text, set[str]]:
    """Every text in the templates, with the endings of the files that it stands in."""
    found: dict[Text, set[str]] = {}
    options = {"**": {"trimmed": "true"}}
    for name, _, text, _, _ in extract_from_dir(
        TEMPLATES / folder, [("**.txt", "jinja2"), ("**.mjml", "jinja2")], options
    ):
        found.setdefault(text if isinstance(text, str) else (text[0], text[1]), set()).add(Path(name).suffix)
    return found


def forms(text: Any) -> tuple[str, ...]:
    """A text in each number that it comes in."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    known = catalogue(language)
    for text in texts():
        message = known.get(text[0] if isinstance(text, tuple) else text)
        assert message, f"{language} lacks “{text}”"
        assert not message.fuzzy, f"{language}: somebody has to look at “{text}”"
        words = forms(message.string)
        assert all(words), f"{language} has nothing for “{text}”"
        assert len(words) == (2 if isinstance(text, tuple) else 1)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_what_the_text_names(language: str) -> None:
    for message in catalogue(language):
        for text in forms(message.string):
            assert set(PLACES.findall(text)) == set(PLACES.findall(forms(message.id)[-1])), f"{language}: {text}"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_translated_that_is_no_longer_said(language: str) -> None:
    file = (LOCALE / language / "LC_MESSAGES" / "onward.po").read_bytes()
    kept = {message.id for message in read_po(BytesIO(file)) if message.id}
    assert kept == set(texts())


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("case", CASES)
def test_no_mail_holds_a_word_of_english_or_an_empty_place(case: str, language: str) -> None:
    email = mail(case, language)
    for body in (email.subject, email.text, email.html):
        assert not re.search(r"%\(|\{\{|\{%", body)
        words = " ".join(body.split())
        assert not [text for text in texts() if isinstance(text, str) and len(text) > 8 and text in words]
    assert f'lang="{language}"' in email.html
    assert len(email.html.encode()) < 50_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][1]["questions"]])
def test_in_every_language_the_text_holds_each_question_each_choice_and_the_page(case: str, language: str) -> None:
    text = mail(case, language).text
    words = " ".join(text.split())
    asked = cases(language)[case][1]["questions"]
    assert isinstance(asked, tuple)
    assert re.findall(r"^\[(\d)\] ", text, re.MULTILINE) == [str(question.number) for question in asked]
    for question in asked:
        assert " ".join(f"[{question.number}] {question.wording}".split()) in words
        assert " · ".join(question.choices) in words
    assert f"\n{LINKS.form}\n" in text
    assert " ".join(speak(language).gettext("Just reply to this mail.").split()) in words


def test_the_text_says_what_the_html_says() -> None:
    """But for titles and preheaders, which a text has no place for."""
    only_html = {text for text, files in texts().items() if files == {".mjml"}}
    source = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("email/**/*.mjml"))
    outside = {*re.findall("<mj-preview>(.*?)</mj-preview>", source), *re.findall("<h1[^>]*>(.*?)</h1>", source)}
    named = {"Answer on the page", "Write to people ops"}  # on buttons; the text has the addresses
    parts = [BytesIO(part.encode()) for part in outside]
    shown = {text for part in parts for _, text, _, _ in extract("jinja2", part, options={"trimmed": "true"})}
    assert only_html - named <= shown


PLURALS = {
    ("en", 1): "1 week ago",
    ("en", 2): "2 weeks ago",
    ("en", 0): "0 weeks ago",
    ("de", 1): "vor 1 Woche",
    ("de", 5): "vor 5 Wochen",
    ("fr", 0): "il y a 0 semaine.",
    ("fr", 1): "il y a 1 semaine.",
    ("fr", 2): "il y a 2 semaines.",
    ("es", 1): "hace 1 semana.",
    ("es", 4): "hace 4 semanas.",
}


@pytest.mark.parametrize(("language", "weeks"), PLURALS)
def test_weeks_are_counted_by_the_language(language: str, weeks: int) -> None:
    assert PLURALS[language, weeks] in " ".join(mail("success question", language, weeks=weeks).text.split())


@pytest.mark.parametrize(
    ("language", "quoted"), [("en", "“a”"), ("de", "„a“"), ("fr", "«\u00a0a\u00a0»"), ("es", "«a»")]
)
def test_words_are_quoted_as_the_language_quotes(language: str, quoted: str) -> None:
    assert speak(language).quote("a") == quoted
    assert quoted in mail("check-in", language, last_time="a").text


def test_a_text_that_nobody_translated_yet_is_english_and_the_rest_is_not() -> None:
    jinja = RENDERER.in_language("de")
    mixed = jinja.from_string("{% trans %}Asked it{% endtrans %}, {% trans %}quite new{% endtrans %}")
    assert mixed.render() == "Gefragt, quite new"


BLANKS = "a\n  {% trans %}Asked it{% endtrans %}\nb {% trans %}Hello {{ to_name }},{% endtrans %}\n\nc"


def test_a_text_translated_beforehand_leaves_the_blanks_that_jinja_leaves(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BLANKS)
    jinja = Renderer(tmp_path).in_language("de")
    before, at_each_mail = jinja.get_template("a.txt"), jinja.from_string(BLANKS)
    assert before.render(to_name="Ana") == at_each_mail.render(to_name="Ana") == "a\nGefragtb Hallo Ana,\nc"


@pytest.mark.parametrize("language", OTHERS)
def test_the_shipped_questions_are_there_with_as_many_choices(language: str) -> None:
    assert {(q.form, q.name): len(q.choices) for q in DEFAULTS} == {
        key: len(choices) for key, (_, choices) in WORDINGS[language].items()
    }
    company = read_company({})
    for form in FORMS:
        for ours, base in zip(company.questions(form, language), company.forms[form], strict=True):
            assert ours.wording != base.wording
            assert (ours.name, ours.kind, ours.audience) == (base.name, base.kind, base.audience)
