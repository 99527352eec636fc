"""Pictures of screens in all four languages; run as a script, it makes them anew.

Fonts are drawn a little differently by each version of a browser, so pictures are compared only
where the version is the one that made them, and only as somebody sees them who steps back.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, ViewportSize

from chromium import a_browser
from screens import LOCALES, PICTURED, every_screen
from stage import a_stage, a_visitor

FOLDER = Path(__file__).parent / "browser" / "pictures"
VERSION = FOLDER / "chromium.txt"
"""Which version of the browser made them."""

SIZE = ViewportSize(width=900, height=600)
HEIGHT_MAX = 1_400
COLOURS = 32
STEPS_BACK = 6
REMADE = "if that is meant, look: python tests/pictures.py makes the pictures anew"
FAR = 40.0
"""A place of a picture differs from 0 to 255 once one has stepped back; so much is another page."""


def taken(page: Page) -> Image.Image:
    """A picture of what the page shows."""
    page.evaluate("() => document.fonts.ready.then(() => null)")
    raw = page.screenshot(full_page=True, animations="disabled", caret="hide")
    whole = Image.open(io.BytesIO(raw)).convert("RGB")
    return whole.crop((0, 0, whole.width, min(whole.height, HEIGHT_MAX)))


def place(name: str, language: str) -> Path:
    """Where a picture is kept."""
    return FOLDER / f"{name}-{language}.png"


def differences(page: Page, name: str, language: str) -> Iterator[str]:
    """How what the page shows is not as it was kept."""
    kept_at = place(name, language)
    if not kept_at.exists():
        yield f"there is no picture of it yet: {REMADE}"
        return
    now, kept = taken(page), Image.open(kept_at).convert("RGB")
    if now.size != kept.size:
        yield f"it is {now.size} large and was {kept.size}; {REMADE}"
    elif (far := _far(now, kept)) > FAR:
        yield f"it is {far:.0f} away from its picture; {REMADE}"


def _far(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are at the place where they differ most."""
    difference = ImageChops.difference(one.convert("L"), other.convert("L")).reduce(STEPS_BACK)
    return float(ImageStat.Stat(difference).extrema[0][1])


def remake() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with redirect_stderr(io.StringIO()), a_stage() as stage, a_browser() as browser:
        VERSION.write_text(f"{browser.version.partition('.')[0]}\n")
        for language, locale in LOCALES.items():
            with a_visitor(stage, browser, locale=locale, viewport=SIZE) as visitor:
                for name in every_screen(stage, visitor):
                    if name in PICTURED:
                        small = taken(visitor.page).quantize(COLOURS, dither=Image.Dither.NONE)
                        small.save(place(name, language), optimize=True)


if __name__ == "__main__":
    remake()
    sys.stdout.write(f"{len([*FOLDER.glob('*.png')])} pictures were made anew.\n")
