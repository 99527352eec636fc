"""Every screen in every language: it reads from its side, is whole, for all, and as it was."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize

import pictures
from screens import DARK, LOCALES, PICTURED, every_screen
from stage import Come, Stage

WIDE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=360, height=700)
LETTERS = {"en": "Noto Sans", "ne": "Noto Sans Devanagari", "fa": "Vazirmatn", "sl": "Noto Sans"}

READ_BY_AXE = ("sl", "fa")
"""Axe reads each screen once, from either side by turns."""

LOOKED_AT = LOCALES if os.environ.get("TONNE_ALL_SCREENS") else READ_BY_AXE
"""The languages of this run: one of each direction, or all by command (make screens)."""

# Whatever is seen and stands outside the page, or is cut by what it stands in; a table that is too
# wide is moved within itself.
CUT = """() => {
  const cut = [], wide = document.documentElement.scrollWidth;
  const told = (each) => each.outerHTML.slice(0, 120);
  if (wide > innerWidth) cut.push(`the page is ${wide} wide`);
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest(".scroll, .unseen, .skip, svg, [hidden], option")) continue;
    const at = each.getBoundingClientRect();
    if (!at.width || !at.height) continue;
    const hides = getComputedStyle(each).overflowX !== "visible" && each.tagName !== "INPUT";
    const out = at.left < -1 || at.right > innerWidth + 1;
    if (out || (hides && each.scrollWidth > each.clientWidth + 1)) cut.push(told(each));
  }
  for (const each of document.querySelectorAll("button:not([hidden])")) {
    const at = each.getBoundingClientRect();
    if (at.width && (at.height < 44 || at.width < 44)) cut.push(`small: ${told(each)}`);
  }
  return cut;
}"""

SHOWN = """() => document.fonts.ready.then(() => ({
  language: document.documentElement.lang,
  direction: document.documentElement.dir,
  titled: document.title.trim().length > 0,
  heads: [...document.querySelectorAll("h1")].filter((each) => each.innerText.trim()).length,
  fonts: [...document.fonts]
    .filter((each) => each.status === "loaded")
    .map((each) => each.family.replaceAll('"', "")),
}))"""

DRAWN = """async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  do { await frame(); await frame(); }
  while (document.getAnimations().length || !matchMedia("(prefers-color-scheme: light)").matches);
}"""
"""Waits until the page is drawn in its light theme, and every colour has come to its end."""

# Of a long table the first rows are looked at; the others are like them.
FAULTS = """async (only) => {
  // Colours are all of a theme only once the page was drawn in it.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const where = { exclude: ["tbody tr:nth-child(n+6)"] };
  const how = { resultTypes: ["violations"], ...(only.length ? { runOnly: only } : {}) };
  const found = await axe.run(where, how);
  return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html}`));
}"""


@pytest.mark.first
@pytest.mark.parametrize("language", LOOKED_AT)
def test_every_screen_is_whole_for_everybody_and_as_it_was(
    stage: Stage, browser: Browser, come: Come, language: str
) -> None:
    visitor, faults = come(locale=LOCALES[language], viewport=WIDE), list[str]()
    page = visitor.page
    # Another version of the browser draws otherwise; what must be so is tried with every one.
    drawn = browser.version.partition(".")[0] == pictures.VERSION.read_text().strip()
    for place, name in enumerate(every_screen(stage, visitor)):
        found = [*_not_so(page.evaluate(SHOWN), language), *page.evaluate(CUT)]
        if language == READ_BY_AXE[place % 2]:
            page.evaluate(Axe().axe_script)
            found += page.evaluate(FAULTS, [])
            if name in DARK:
                page.emulate_media(color_scheme="dark")
                found += _in_the_end(page)
                page.emulate_media(color_scheme="light")
                page.evaluate(DRAWN)
        # The next screen is opened as this one is left: half as often is all laid out anew.
        page.set_viewport_size(WIDE if place % 2 else NARROW)
        found += [f"otherwise wide: {each}" for each in page.evaluate(CUT)]
        if drawn and name in PICTURED:
            last = page.viewport_size
            page.set_viewport_size(pictures.SIZE)
            found += pictures.differences(page, name, language)
            page.set_viewport_size(last or WIDE)
        faults += [f"{name}: {each}" for each in found]
    assert not faults, "\n".join(faults)


def _in_the_end(page: Page) -> list[str]:
    """What is hard to see in a theme; some colours follow it a moment later, faults stay."""
    found: list[str] = []
    for _ in range(5):
        found = page.evaluate(FAULTS, ["color-contrast"])
        if not found:
            break
    return found


def _not_so(shown: Any, language: str) -> Iterator[str]:  # noqa: ANN401  what the page says
    so = {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "titled": True,
        "heads": 1,
    }
    for fact, value in so.items():
        if shown[fact] != value:
            yield f"{fact} is {json.dumps(shown[fact])}"
    if LETTERS[language] not in shown["fonts"]:
        yield f"its letters are of {shown['fonts']}"
