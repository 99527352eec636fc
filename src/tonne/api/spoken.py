"""In which language the interface says no: the one that a program asks for, where it is said in it.

Names of rules, statuses and everything else that programs read are never translated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from starlette.types import Scope

from tonne.languages import LANGUAGES, Reading, preferred, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Reading):
    """How whoever stands behind a program reads; where they are nobody knows."""

    def moment(self, at: datetime) -> str:
        """A moment, in UTC."""
        return f"{Reading.moment(self, at)} UTC"

    def gettext(self, text: str) -> str:
        """A sentence in the language."""
        return sentences("api", self.language.code).gettext(text)


def spoken_to(scope: Scope) -> Spoken:
    """How the one reads to whom a request is answered, by its ``Accept-Language``."""
    asked = b",".join(text for name, text in scope["headers"] if name == b"accept-language")
    return _reading(preferred(asked.decode("latin-1")))


@cache
def _reading(code: str) -> Spoken:
    language = LANGUAGES[code]
    return Spoken(language=language, digits=language.digits, calendar=language.calendar, zone=UTC)


def languages_of(codes: Iterable[str]) -> str:
    """The header that names the languages of an answer."""
    return ", ".join(dict.fromkeys(codes))
