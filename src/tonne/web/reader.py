"""Who reads a page: in which language, with which digits and calendar, in light or dark."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal, get_args

from tonne.languages import LANGUAGES, Calendar, Digits, Reading, preferred, sentences

Theme = Literal["system", "light", "dark"]

COOKIE = "reader"
"""The one cookie of the pages: what a reader chose, and nothing about who it is."""

_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
POP = "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader(Reading):
    """A reader's language and habits, and whether it is dark about."""

    theme: Theme

    @classmethod
    def of(cls, *, asked: str | None, cookie: str, header: str, zone: tzinfo) -> "Reader":
        """The reader by the address, the cookie, and the browser, in this order."""
        kept = dict(part.split(":", 1) for part in cookie.split("_") if ":" in part)
        code = next(
            (each for each in (asked, kept.get("lang")) if each in LANGUAGES), preferred(header)
        )
        assert code is not None, "a browser's language is one of ours"
        language = LANGUAGES[code]
        digits: Mapping[str, Digits] = {each: each for each in get_args(Digits)}
        calendars: Mapping[str, Calendar] = {each: each for each in get_args(Calendar)}
        themes: Mapping[str, Theme] = {each: each for each in get_args(Theme)}
        return cls(
            language=language,
            digits=digits.get(kept.get("digits", ""), language.digits),
            calendar=calendars.get(kept.get("calendar", "").replace("-", "_"), language.calendar),
            theme=themes.get(kept.get("theme", ""), "system"),
            zone=zone,
        )

    def kept(self) -> str:
        """What the cookie keeps: only what differs from the habit of the language."""
        said = {"lang": self.language.code}
        if self.digits != self.language.digits:
            said["digits"] = self.digits
        if self.calendar != self.language.calendar:
            said["calendar"] = self.calendar.replace("_", "-")
        if self.theme != "system":
            said["theme"] = self.theme
        return "_".join(f"{name}:{value}" for name, value in said.items())

    def gettext(self, text: str) -> str:
        """A sentence in the reader's language."""
        return sentences("web", self.language.code).gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """A sentence in the form that goes with a count."""
        return sentences("web", self.language.code).ngettext(one, many, count)

    def year(self, year: int) -> str:
        """A year of the law, which is Gregorian, and is said to be where readers have another."""
        said = Reading.year(self, year)
        return (
            said if self.calendar == "gregorian" else self.gettext("AD %(year)s") % {"year": said}
        )


READER: ContextVar[Reader] = ContextVar("reader")
"""Whose page is being written, for the filters of the templates."""


def isolated(text: str, direction: str = "ltr") -> str:
    """A code in plain text, kept apart from the text around it."""
    return f"{_ISOLATES[direction]}{text}{POP}"
