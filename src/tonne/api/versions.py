"""Versions of the interface, and what of it is to go: both are lists, and both are told.

Whoever asks what is to go is told so by every answer of it, at least a year before: RFC 9745 since
when, RFC 8594 until when, and a link to what is to be asked instead.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.refusals import REFERENCE, NoSuchThing, VersionUnknown
from tonne.api.shape import Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.refusal import Refused

VERSIONS = (date(2026, 11, 1),)
"""The days on which the interface began to behave otherwise, the oldest first; each is served."""

NEWEST = VERSIONS[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecated:
    """An operation that is to go."""

    operation: str
    """Its name, which stays."""

    since: date
    """From this day on it is told."""

    until: date
    """From this day on it may be gone."""

    instead: str
    """What is to be asked instead, in a sentence."""

    def __post_init__(self) -> None:
        assert self.until >= a_year_after(self.since), "what goes is told a year before"

    def headers(self) -> dict[str, str]:
        """What each of its answers says."""
        return {
            "Deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "Sunset": format_datetime(_midnight(self.until), usegmt=True),
            "Link": f'</v1/deprecations/{self.operation}>; rel="deprecation"',
        }


DEPRECATED: tuple[Deprecated, ...] = ()
"""What is to go: today nothing."""


def a_year_after(day: date) -> date:
    """The same day a year later; after the last of a February with 29 days, the first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def version_of(asked: str | None, served: Collection[date] = VERSIONS) -> date:
    """The version that is asked for, the newest if none is; 9212 if it was never served."""
    if asked is None:
        return max(served)
    for each in served:
        if asked == each.isoformat():
            return each
    known = tuple(each.isoformat() for each in sorted(served))
    raise Refused([VersionUnknown(reference=REFERENCE, asked=asked[:50], known=known)])


def choose_version(
    request: Request,
    carbon_version: Annotated[
        str | None,
        Header(
            description="Answer as the version of this day does; the newest if it is not said.",
            examples=[NEWEST.isoformat()],
        ),
    ] = None,
) -> None:
    """Answer as the version that is asked for: a route finds it in the request."""
    request.state.version = version_of(carbon_version)


class DeprecationRow(Shape):
    """An operation that is to go."""

    object: Literal["deprecation"] = "deprecation"
    """What this is."""
    operation: str = Field(examples=["list_schemes"])
    """Its operationId."""
    deprecated_on: date
    """From this day on every answer of it says so, by the header Deprecation."""
    sunset_on: date
    """From this day on it may be gone: at least a year later. It is in the header Sunset."""
    instead: str
    """What is to be asked instead."""


def routes(deprecated: Sequence[Deprecated]) -> APIRouter:
    """The addresses of what is to go."""
    router = APIRouter(prefix="/deprecations", tags=["deprecations"])
    rows = {each.operation: _row(each) for each in deprecated}

    @router.get("", operation_id="list_deprecations", responses=answers(DeprecationRow, many=True))
    def list_deprecations(request: Request, page: Page) -> Response:
        """List the operations that are to go; where there are none, all of them stay."""
        begin = page.begin(list(rows))
        found = list(rows.values())[begin : begin + page.more]
        return show_list(
            request, page, found, shape=DeprecationRow, cursor=lambda row: row.operation
        )

    @router.get("/{operation}", operation_id="get_deprecation", responses=answers(DeprecationRow))
    def get_deprecation(
        request: Request,
        operation: Annotated[Text, Path(description="Its operationId.", examples=["list_schemes"])],
    ) -> Response:
        """Tell from when an operation is to go, and what is to be asked instead."""
        if operation not in rows:
            no = NoSuchThing(reference=REFERENCE, what="deprecation", name=operation)
            raise Refused([no])
        return show(request, rows[operation])

    return router


def on_answers(deprecated: Sequence[Deprecated]) -> Mapping[str, Mapping[str, str]]:
    """By operation, what its answers say."""
    return {each.operation: each.headers() for each in deprecated}


def _row(each: Deprecated) -> DeprecationRow:
    return DeprecationRow(
        operation=each.operation,
        deprecated_on=each.since,
        sunset_on=each.until,
        instead=each.instead,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
