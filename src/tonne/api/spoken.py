"""In which language the interface speaks: the one that a program asks for, where it is said in it.

Names of rules, statuses and everything else that programs read are never translated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal, get_args
from urllib.parse import parse_qs

from fastapi import Query
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


Code = Literal["en", "ne", "fa", "sl"]
assert set(get_args(Code)) == set(LANGUAGES)


def choose_language(
    lang: Annotated[
        Code | None,
        Query(
            description="The language in which sentences are told; what Accept-Language asks for, "
            "if it is not said.",
            examples=["sl"],
        ),
    ] = None,
) -> str | None:
    """The language that is asked for; who speaks finds it in the request (``spoken_to``)."""
    return lang


def spoken_to(scope: Scope) -> Spoken:
    """How the one reads to whom a request is answered: by ``?lang=``, else ``Accept-Language``."""
    said = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [])
    if len(said) == 1 and said[0] in LANGUAGES:
        return _reading(said[0])
    asked = b",".join(text for name, text in scope["headers"] if name == b"accept-language")
    return _reading(preferred(asked.decode("latin-1")))


@cache
def _reading(code: str) -> Spoken:
    language = LANGUAGES[code]
    return Spoken(language=language, digits=language.digits, calendar=language.calendar, zone=UTC)


def languages_of(codes: Iterable[str]) -> str:
    """The header that names the languages of an answer."""
    return ", ".join(dict.fromkeys(codes))
