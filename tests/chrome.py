"""A real Chromium for the tests of pages, and the pages served over real HTTP."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait
from starlette.types import ASGIApp

from flows.web.serving import listen

# axe comes in the wheel of a library that drives another browser; only its one file is used.
_AXE = find_spec("axe_playwright_python")
AXE = Path(str(_AXE.origin)).with_name("axe.min.js") if _AXE else None
CHROME, DRIVER = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
MISSING = ", ".join(name for name, there in (("Chromium", CHROME), ("chromedriver", DRIVER), ("axe", AXE)) if not there)
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=en-GB",
)
Driver = webdriver.Chrome


@contextmanager
def chromium(profile: Path, *, scripts: bool = True) -> Iterator[Driver]:
    """A browser of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROME)
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=Service(executable_path=str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application at an address of this machine."""
    place = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        place.close()


def screen(driver: Driver, width: int, *, dark: bool = False, height: int = 800) -> None:
    """A screen so many CSS pixels wide, light or dark, for somebody who wants no motion."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@contextmanager
def leaving(driver: Driver) -> Iterator[None]:
    """Do something that leads to another page, and wait until that one is there."""
    page = driver.find_element(By.TAG_NAME, "html")
    yield
    wait = WebDriverWait(driver, 10)
    wait.until(staleness_of(page))
    wait.until(lambda browser: browser.execute_script("return document.readyState") == "complete")


def complaints(driver: Driver) -> list[str]:
    """What the browser's console says went wrong since the last look; a status that was meant is no complaint."""
    entries: list[dict[str, str]] = driver.get_log("browser")  # type: ignore[no-untyped-call]
    return [
        e["message"] for e in entries if e["level"] == "SEVERE" and "responded with a status of" not in e["message"]
    ]


def press(driver: Driver, *keys: str) -> None:
    """Keys on the keyboard, to whatever has the focus."""
    for key in keys:
        webdriver.ActionChains(driver).send_keys(getattr(Keys, key, key)).perform()


def focused(driver: Driver) -> str:
    """What has the focus: its field and value, its id, or its words."""
    return str(
        driver.execute_script(
            "const e = document.activeElement;"
            "return e.name ? e.name + (e.type === 'radio' ? '=' + e.value : '') : e.id || e.className || e.textContent"
        )
    )


def violations(driver: Driver) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice; empty is good."""
    assert AXE
    driver.execute_script(AXE.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: dict[str, Any] = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations', 'incomplete']})"
        ".then(done, (error) => done({violations: [{id: String(error), nodes: []}], incomplete: []}))",
        tags,
    )
    doubtful = [each for each in found["incomplete"] if each["id"] == "color-contrast"]
    return [
        f"{each['id']}: {' | '.join(str(node['html']) for node in each['nodes'])}"
        for each in (*found["violations"], *doubtful)
    ]


def too_wide(driver: Driver) -> list[str]:
    """What stands out at the side of the screen, or of its own box."""
    return list(
        driver.execute_script(
            "const boxed = (e) => e.clientWidth && getComputedStyle(e).display !== 'inline';"
            "const wide = (e) => e.getBoundingClientRect().right > innerWidth + 0.5"
            " || boxed(e) && e.scrollWidth > e.clientWidth + 1;"
            "return [...document.querySelectorAll('body *')].filter(wide).map((e) => e.outerHTML.slice(0, 80))"
        )
    )


def small_targets(driver: Driver) -> list[str]:
    """Controls that are hard to hit: less than 24 pixels either way (WCAG 2.5.8), links in sentences aside."""
    return list(
        driver.execute_script(
            "return [...document.querySelectorAll('button, .button, label.choice, textarea')].filter("
            "(e) => { const b = e.getBoundingClientRect(); return b.width && Math.min(b.width, b.height) < 44; }"
            ").map((e) => e.outerHTML.slice(0, 80))"
        )
    )
