"""Pages: Typst sets them from a template of ours and from data, which it is handed as JSON.

What people wrote reaches a template as a value and never as a part of it. Nothing is fetched, no
font but ours is used, and the same data give the same page.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

HERE = Path(str(files("tonne") / "documents"))
STANDARDS = ("a-3a", "ua-1")
"""A page can be kept for long (PDF/A-3) and read by everybody's aids (PDF/UA-1)."""


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The page that a template makes of data, as PDF.

    A letter that none of our fonts has is allowed by neither standard; a page with one is set
    without them, and shows a box there.
    """
    import typst  # noqa: PLC0415  heavy

    try:
        return _set(template, data, at=at, standards=STANDARDS)
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        logging.getLogger(__name__).info("a letter is in no font of ours: %s", fault)
        return _set(template, data, at=at, standards=())


def picture(template: str, data: Mapping[str, Any], *, at: datetime) -> list[bytes]:
    """The same page after page as pictures in PNG."""
    found = _compile(template, data, at=at, format="png", ppi=110)
    return found if isinstance(found, list) else [found]


def _set(
    template: str, data: Mapping[str, Any], *, at: datetime, standards: tuple[str, ...]
) -> bytes:
    page = _compile(template, data, at=at, format="pdf", pdf_standards=list(standards))
    assert isinstance(page, bytes), "a document is one file"
    return page


def _compile(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    **more: Any,  # noqa: ANN401  Typst's own
) -> bytes | list[bytes]:
    import typst  # noqa: PLC0415  heavy

    templates = HERE / "templates"
    page: bytes | list[bytes] = typst.compile(
        str(templates / template),
        root=str(templates),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
        **more,
    )
    return page


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415  heavy

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(HERE / "fonts")],
    )
