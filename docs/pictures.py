"""The README's pictures, taken of the product itself: `make pictures`.

The sample team lives through its first days in a folder of its own; Chromium shows a mail and a page as people see
them, and LibreOffice the workbook. Needs what the browser tests need, LibreOffice Calc, pdftoppm, and fonts that know
Japanese, since some of the sample people do.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from datetime import timedelta
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Border, Side

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # `tests` is no part of the installed package

from flows.demo.play import START, furnish, live  # noqa: E402
from flows.letterbox.mails import letters  # noqa: E402
from flows.letterbox.round import Round  # noqa: E402
from flows.letterbox.routes import Letterbox  # noqa: E402
from flows.services import open_office  # noqa: E402
from flows.settings import quiet_prefect, read_settings, stay_in  # noqa: E402
from flows.web.app import make_app  # noqa: E402
from tests.chrome import MISSING, Driver, chromium, screen, served  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SHOWN = {  # tabs, and the columns that a picture has room for
    "Check-ins": ("Week", "Name", "Growth skill", "Practised", "Energy", "Noticed", "Next time", "By"),
    "Status": ("Name", "Now", "Growth skill", "Last mail", "Check-ins asked", "Check-ins answered"),
}
PHONE, DESKTOP = 390, 1080
ZOE = "zoe.clarke@harbour.example"
DAYS = 9  # the first week, and the check-ins of the second


def main() -> None:
    """Take every picture."""
    tools = ("soffice", "pdftoppm")
    missing = [name for name in tools if not shutil.which(name)] + ([MISSING] if MISSING else [])
    if missing:
        sys.exit(f"These pictures need what is not here: {', '.join(missing)}; .ci/run installs the browser.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        take_all(Path(folder))
    for path in sorted(PICTURES.glob("*.png")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


def take_all(home: Path) -> None:
    """Let the sample team live, then look."""
    stay_in(home, os.environ)
    quiet_prefect(os.environ)
    settings = read_settings()
    with open_office(settings) as office:
        furnish(office)
        live(office, settings, START + timedelta(days=DAYS))
        office.clock = lambda: START + timedelta(days=DAYS)
        outbox = settings.data / "outbox"
        letterbox = Letterbox(office, outbox, Round(office, may_travel=False), "")
        app = make_app(office, [], more=letterbox.routes())
        with served(app) as base, chromium(home / "profile") as driver:
            mails = {re.sub(r"[^a-z-].*", "", letter.path.name) + " " + letter.to: letter for letter in letters(outbox)}
            check_in = mails[f"growth-check-in {ZOE}"]
            for dark in (False, True):
                shoot(driver, f"{base}/mailbox/mail/{check_in.id}/frame?look={'dark' if dark else 'light'}",
                      f"check-in-{'dark' if dark else 'light'}", PHONE, dark)  # fmt: skip
            not_answered_yet(home / "ledger.sqlite")
            form = next(
                s for s in office.ledger.sendings(START) if s.message == "reflection-form" and s.recipient == ZOE
            )
            office.clock = lambda: form.at
            page = f"{base}/form/{office.tokens.page(form.key)}?1=2"
            shoot(driver, page, "form-light", DESKTOP)
            shoot(driver, page, "form-dark", PHONE, dark=True)
            shoot(driver, f"{base}/mailbox/mail/{check_in.id}", "mailbox", DESKTOP)
        sheets(settings.answers if isinstance(settings.answers, Path) else home, home)


def not_answered_yet(ledger: Path) -> None:
    """Take the reflections back, once the sheet has them, for a form as it is when it is opened first."""
    with sqlite3.connect(ledger) as connection:
        connection.execute("delete from entries where form = 'Reflection form'")


def shoot(driver: Driver, address: str, name: str, width: int, dark: bool = False) -> None:
    """The whole page at this width."""
    screen(driver, width, dark=dark)
    driver.get(address)
    height = driver.execute_script("return document.documentElement.scrollHeight")
    screen(driver, width, dark=dark, height=min(int(height), 2400))
    driver.save_screenshot(str(PICTURES / f"{name}.png"))


def sheets(workbook: Path, folder: Path) -> None:
    """The tabs of the workbook, as LibreOffice draws them."""
    for tab in SHOWN:
        copy = folder / f"{tab}.xlsx"
        keep_one(workbook, tab, copy)
        run("soffice", f"-env:UserInstallation=file://{folder / 'office'}", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder), str(copy))  # fmt: skip
        crop(copy.with_suffix(".pdf"), PICTURES / f"sheet-{tab.lower()}")


def keep_one(workbook: Path, tab: str, copy: Path) -> None:
    """A copy with one tab, drawn on one wide page."""
    book = openpyxl.load_workbook(workbook)
    for name in book.sheetnames:
        if name != tab:
            book.remove(book[name])
    sheet = book[tab]
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    widths = {n: each.width for each in sheet.column_dimensions.values() for n in range(each.min, each.max + 1)}
    sheet.column_dimensions.clear()  # the workbook names several columns in one; a picture hides some of them
    line = Border(bottom=Side("thin", color="FFD9D4C8"))
    for number, column in enumerate(sheet.iter_cols(), 1):
        shown = sheet.column_dimensions[column[0].column_letter]
        shown.width, shown.hidden = widths.get(number, 12), column[0].value not in SHOWN[tab]
        for cell in column:
            cell.border = line
    for cells in sheet.iter_rows():
        sheet.row_dimensions[cells[0].row].height = 14 * max(lines_in(cell, widths) for cell in cells) + 3
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = None
    book.save(copy)


def lines_in(cell: Cell, widths: dict[int, float]) -> int:
    """How many lines what a shown cell says will take."""
    if cell.parent.column_dimensions[cell.column_letter].hidden:
        return 1
    wide = {"W", "F"}  # as Japanese is
    length = sum(2 if unicodedata.east_asian_width(sign) in wide else 1 for sign in str(cell.value or ""))
    return max(1, math.ceil(1.15 * length / widths.get(cell.column, 12)))


def crop(pdf: Path, target: Path) -> None:
    """The first page without its white margins."""
    scale = ("-r", "110", "-f", "1", "-l", "1", "-singlefile")
    run("pdftoppm", *scale, str(pdf), str(pdf.with_suffix("")))
    left, top, width, height = inked(pdf.with_suffix(".ppm").read_bytes())
    box = ("-x", str(left), "-y", str(top), "-W", str(width), "-H", str(height))
    run("pdftoppm", *scale, *box, "-png", str(pdf), str(target))


def inked(ppm: bytes) -> tuple[int, int, int, int]:
    """Where the picture is not white: left, top, width, height, with a little air."""
    match = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
    if not match:
        raise SystemExit("pdftoppm wrote something that is no picture.")
    width, height, pixels = int(match[1]), int(match[2]), ppm[match.end() :]
    lines = [pixels[y * width * 3 : (y + 1) * width * 3] for y in range(height)]
    white = b"\xff" * (width * 3)
    rows = [y for y, line in enumerate(lines) if line != white]
    left = min(len(lines[y]) - len(lines[y].lstrip(b"\xff")) for y in rows) // 3
    right = max(len(lines[y].rstrip(b"\xff")) for y in rows) // 3
    air = 12
    top, left = max(0, rows[0] - air), max(0, left - air)
    return left, top, min(width, right + air) - left, min(height, rows[-1] + air) - top


def run(*words: str) -> None:
    """A program of this machine, to its end."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
