"""The pages in a real browser: keyboard only, without scripts, on small and dark screens, and by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By

from flows.office import Office
from flows.rules.form import LONGEST
from flows.rules.messages import BRIEF, REFLECTION_FORM, SUCCESS_QUESTION
from flows.web.app import make_app
from tests.chrome import (
    MISSING,
    Driver,
    chromium,
    complaints,
    focused,
    leaving,
    press,
    screen,
    served,
    small_targets,
    too_wide,
    violations,
)
from tests.sample import ANA, CLEO, FORM_DAY, MIRA, at, make_sheet, opened
from tests.visits import asked, link

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not here: {MISSING}")

NOW = at("2026-09-15 09:00")
LONG_SKILL = "Zusammenarbeitsvereinbarungsverhandlungsführung in verteilten Teams"


@dataclass(frozen=True)
class Place:
    """A served office, and the links in its mails."""

    base: str
    office: Office
    form: str  # Cleo's reflection form
    check_in: str
    question: str
    brief: str

    def page(self, path: str) -> str:
        """The address of a page."""
        return self.base + path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("pages")
    ana = {**ANA, "start_date": at("2026-08-14 00:00").date(), "growth_skill": LONG_SKILL, "language": "de"}
    make_sheet(folder, [MIRA, ana, CLEO])
    with opened(folder) as office:
        form = asked(office, REFLECTION_FORM, "cleo@example.com", FORM_DAY)
        question = asked(office, SUCCESS_QUESTION, "mira@example.com", FORM_DAY)
        check_in, brief = asked(office, now=NOW), asked(office, BRIEF, "mira@example.com", NOW)
        office.clock = lambda: NOW
        with served(make_app(office, [])) as base:
            yield Place(
                base,
                office,
                link(office, form),
                link(office, check_in),
                link(office, question, "talk"),
                link(office, brief, "seen"),
            )


@pytest.fixture(scope="module")
def with_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def without_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    with chromium(tmp_path_factory.mktemp("plain"), scripts=False) as driver:
        yield driver


@pytest.fixture
def driver(with_scripts: Driver, place: Place) -> Driver:
    """A browser that remembers nothing of the test before."""
    with_scripts.get(place.page("/robots.txt"))
    with_scripts.delete_all_cookies()
    with_scripts.execute_script("localStorage.clear()")
    screen(with_scripts, 1000)
    return with_scripts


def submit(driver: Driver) -> None:
    with leaving(driver):
        driver.find_element(By.CSS_SELECTOR, "form[method=post] button[type=submit]").click()


def text(driver: Driver) -> str:
    return driver.find_element(By.TAG_NAME, "body").text


def fill(driver: Driver, field: str, words: str) -> None:
    driver.find_element(By.NAME, field).send_keys(words)


# -- every state of every page ---------------------------------------------------------------------


def saved_form(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form + "?1=2"))
    fill(driver, "q2", "More work close to the data.")
    submit(driver)


def answered_today(driver: Driver, place: Place) -> None:
    saved_form(driver, place)
    driver.get(place.page(place.form))


def empty_form(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    submit(driver)


def too_long(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    long = "x" * (LONGEST + 1)
    driver.execute_script("document.getElementById('q2').value = arguments[0]", long)
    submit(driver)


def with_draft(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.check_in))
    fill(driver, "q3", "Half a thought")
    driver.get(place.page(place.check_in))


def on_a_break(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.check_in.replace("form", "stop")))
    driver.find_element(By.CSS_SELECTOR, "input[value='2']").click()
    with leaving(driver):
        driver.find_element(By.CSS_SELECTOR, "form:last-of-type button").click()


def no_choice(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.check_in.replace("form", "stop")))
    with leaving(driver):
        driver.find_element(By.CSS_SELECTOR, "form:last-of-type button").click()


def asked_it(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.question + "?is=later"))
    submit(driver)


def seen(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.brief))
    if driver.find_elements(By.CSS_SELECTOR, "form"):
        submit(driver)


def at_address(path: Callable[[Place], str]) -> Callable[[Driver, Place], None]:
    return lambda driver, place: driver.get(place.page(path(place)))


STATES: dict[str, Callable[[Driver, Place], None]] = {
    "a brief, read or not": at_address(lambda place: place.brief),
    "a form": at_address(lambda place: place.form),
    "a check-in in German with a choice": at_address(lambda place: place.check_in + "?1=2&2=4"),
    "an empty form, pressed": empty_form,
    "an answer that is too long": too_long,
    "a draft that is back": with_draft,
    "answers saved": saved_form,
    "answers of today": answered_today,
    "fewer mails": at_address(lambda place: place.check_in.replace("form", "stop")),
    "no choice": no_choice,
    "a break": on_a_break,
    "a talk": at_address(lambda place: place.question),
    "a talk, said": asked_it,
    "a brief, seen": seen,
    "an unknown link": at_address(lambda place: "/form/none"),
    "nothing asked": at_address(lambda place: place.question.replace("talk", "form")),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_light_and_dark(driver: Driver, place: Place, state: str) -> None:
    STATES[state](driver, place)
    for dark in (False, True):
        screen(driver, 1000, dark=dark)
        assert violations(driver) == []


@pytest.mark.parametrize("state", STATES)
def test_everything_fits_and_can_be_hit_on_the_smallest_screen(driver: Driver, place: Place, state: str) -> None:
    STATES[state](driver, place)
    for width in (320, 360, 768, 1600):
        screen(driver, width)
        assert too_wide(driver) == []
        assert small_targets(driver) == []


# -- people ----------------------------------------------------------------------------------------


def test_the_whole_form_is_filled_in_by_keyboard_alone(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    before = len(place.office.ledger.entries())
    order = []
    press(driver, "TAB")
    press(driver, "SPACE", "ARROW_DOWN")
    for words in ("Keyboard work", "Energy", "A skill", "Straight away"):
        press(driver, "TAB")
        order.append(focused(driver))
        press(driver, words)
    press(driver, "TAB")
    assert order == ["q2", "q3", "q4", "q5"]
    with leaving(driver):
        press(driver, "ENTER")
    assert "Saved. Thank you, Cleo Brandt" in driver.title
    assert "Opportunities as they come" in text(driver)
    assert len(place.office.ledger.entries()) == before + 1


def test_after_a_press_the_focus_is_on_what_happened(driver: Driver, place: Place) -> None:
    empty_form(driver, place)
    assert focused(driver) == "alarm"
    press(driver, "TAB", "ENTER")
    assert driver.execute_script("return document.activeElement.name || location.hash") in ("q1", "#q1")
    saved_form(driver, place)
    assert focused(driver).startswith("Saved.")


def test_the_focus_can_be_seen_wherever_it_is(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    for _ in range(7):  # a choice, four texts, the button, the link below
        press(driver, "TAB")
        outline = driver.execute_script(
            "const e = document.activeElement, seen = e.closest('.choice') || e, s = getComputedStyle(seen);"
            "return [s.outlineStyle, parseFloat(s.outlineWidth)]"
        )
        assert outline == ["solid", 3]


def test_nothing_moves(driver: Driver, place: Place) -> None:
    for state in ("a form", "answers saved"):
        STATES[state](driver, place)
        assert driver.execute_script("return document.getAnimations().length") == 0
        moving = driver.execute_script(
            "return [...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s')"
        )
        assert moving == []


def test_without_scripts_everything_works(without_scripts: Driver, place: Place) -> None:
    driver = without_scripts
    driver.get(place.page(place.form + "?1=3"))
    fill(driver, "q3", "No scripts here")
    submit(driver)
    assert "Somewhere in between" in text(driver)
    assert "No scripts here" in text(driver)
    driver.get(place.page(place.form))
    assert driver.find_element(By.NAME, "q3").get_attribute("value") == "No scripts here"


def test_a_draft_comes_back_and_goes_when_it_is_saved(driver: Driver, place: Place) -> None:
    with_draft(driver, place)
    assert driver.find_element(By.NAME, "q3").get_attribute("value") == "Half a thought"
    assert driver.find_element(By.CSS_SELECTOR, "[data-restored]").is_displayed()
    fill(driver, "q3", ", then a whole one")
    submit(driver)
    assert "Half a thought, then a whole one" in text(driver)
    assert driver.execute_script("return localStorage.length") == 0


def test_a_draft_can_be_put_away(driver: Driver, place: Place) -> None:
    with_draft(driver, place)
    driver.find_element(By.CSS_SELECTOR, "[data-restored] button").click()
    assert driver.find_element(By.NAME, "q3").get_attribute("value") == ""
    assert driver.execute_script("return localStorage.length") == 0


def test_what_the_mail_selected_counts_more_than_a_draft(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.check_in))
    driver.find_element(By.CSS_SELECTOR, "input[name=q1][value='1']").click()
    driver.get(place.page(place.check_in + "?1=3"))
    assert driver.find_element(By.CSS_SELECTOR, "input[name=q1][value='3']").is_selected()


def test_a_text_field_grows_with_what_is_written(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    field = driver.find_element(By.NAME, "q2")
    before = field.size["height"]
    field.send_keys("\n".join("line" for _ in range(20)))
    assert field.size["height"] > before * 2


def test_the_page_asks_for_nothing_but_itself(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    fill(driver, "q2", "typing")
    asked_for = driver.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert len(asked_for) >= 2
    assert all(address.startswith(f"{place.base}/static/") for address in asked_for)
    assert complaints(driver) == []


def test_a_break_is_taken_and_undone_by_two_presses(driver: Driver, place: Place) -> None:
    on_a_break(driver, place)
    assert "Du hast Pause" in driver.title
    submit(driver)
    assert "Die Mails kommen wieder" in driver.title
    assert place.office.ledger.break_of("ana@example.com") is None


def test_a_reader_hears_who_reads_each_answer(driver: Driver, place: Place) -> None:
    driver.get(place.page(place.form))
    tree = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {
        (node["role"]["value"], node.get("name", {}).get("value", "")): node.get("description", {}).get("value", "")
        for node in tree
        if node["role"]["value"] in ("textbox", "group", "radiogroup")
    }
    questions = {name: said for (_, name), said in named.items() if name}
    assert len(questions) == 5
    assert all(said.startswith("Read by your manager Mira Patel") for said in questions.values())


def test_the_day_after_nothing_is_shown_any_more(driver: Driver, place: Place) -> None:
    saved_form(driver, place)
    place.office.clock = lambda: NOW + timedelta(days=1)
    try:
        driver.get(place.page(place.form))
        assert driver.find_element(By.NAME, "q2").get_attribute("value") == ""
        assert "There is an answer of yours already" in text(driver)
    finally:
        place.office.clock = lambda: NOW
