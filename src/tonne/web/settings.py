"""What readers choose for themselves: language, digits, calendar, light or dark."""

import re
from typing import get_args
from urllib.parse import urlsplit

from starlette.responses import Response

from tonne.languages import LANGUAGES, Calendar, Digits
from tonne.web.reader import COOKIE, Reader, Theme
from tonne.web.visit import Visit

YEAR = 365 * 24 * 3600


def settings(visit: Visit) -> Response:
    """The choices, and where to go on once they are made."""
    if visit.request.method == "GET":
        return visit.show(
            "settings.html",
            digits=get_args(Digits),
            calendars=get_args(Calendar),
            themes=get_args(Theme),
            back=inward(visit.asked("back") or "/"),
        )
    code = visit.form.get("lang", "")
    habits = {name: visit.form.get(name) for name in ("digits", "calendar", "theme")}
    before = visit.reader
    # With another language come its digits and its calendar, unless they were chosen as well.
    known = {"lang": code if code in LANGUAGES else before.language.code}
    moved = known["lang"] != before.language.code
    for name, value in habits.items():
        same = value in {None, str(getattr(before, name))}
        if not same or name == "theme" or not moved:
            known[name] = value if value is not None else str(getattr(before, name))
    cookie = "_".join(f"{name}:{value.replace('_', '-')}" for name, value in known.items())
    reader = Reader.of(asked=None, cookie=cookie, header="", zone=before.zone)
    response = visit.go(inward(visit.form.get("back", "/")))
    keep(visit, response, reader)
    return response


def keep(visit: Visit, response: Response, reader: Reader) -> None:
    """Let the reader's browser remember what was chosen."""
    response.set_cookie(
        COOKIE,
        reader.kept(),
        max_age=YEAR,
        path="/",
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )


def inward(address: str) -> str:
    r"""An address of these pages, without a language of its own; the front page for any other.

    >>> inward("/search?q=a"), inward("//elsewhere.example"), inward("/\\elsewhere.example")
    ('/search?q=a', '/', '/')
    """
    if not re.fullmatch(r"/([^/\\\x00-\x20][^\\\x00-\x20]*)?", address):
        return "/"
    parts = urlsplit(address)
    query = "&".join(each for each in parts.query.split("&") if not each.startswith("lang="))
    return parts.path + (f"?{query}" if query else "")
