"""The clock of a sandbox: it stands, and is moved forward by those who try things there."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Body
from pydantic import AwareDatetime, BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import AnyKey
from tonne.api.described import answers
from tonne.api.refusals import REFERENCE, ClockGoesForward, NothingAhead, RequestUnfit
from tonne.api.shape import Moment, Shape
from tonne.api.shown import show
from tonne.operations import Office, falling_due
from tonne.refusal import Refused

DAYS_MAX = 400


class Clock(Protocol):
    """A clock that is moved by hand."""

    def now(self) -> datetime:
        """What time it is."""

    def move(self, to: datetime) -> list[str]:
        """Move it; what fell due meanwhile is done in order, and told."""


class DueRow(Shape):
    """Something that falls due."""

    at: Moment
    """When."""
    scheme: str
    """In which scheme."""
    what: str
    """What: a proposal, or what the law names a day for."""


class ClockRow(Shape):
    """What time it is in the sandbox."""

    object: Literal["clock"] = "clock"
    """What this is."""
    now: Moment
    """The moment."""
    next_deadline: DueRow | None
    """What falls due next, within 400 days."""
    done: list[str]
    """What was done because it fell due, in order."""


def _written(said: object) -> object:
    """A moment is written as RFC 3339 has it; a number of seconds is none."""
    if said is not None and not isinstance(said, str):
        raise ValueError("it is no moment, such as 2026-03-31T10:00:00Z")
    return said


_Moment = Annotated[AwareDatetime, BeforeValidator(_written)]


class MoveAsked(Shape):
    """To when the clock is moved: a moment, or what falls due next."""

    to: _Moment | None = None
    """The moment."""
    next_deadline: bool = Field(default=False, strict=True)
    """Whether to what falls due next."""


def routes(office: Office, clock: Clock) -> APIRouter:
    """The addresses of the clock."""
    router = APIRouter(prefix="/sandbox", tags=["sandbox"])
    within = timedelta(days=DAYS_MAX)

    def ahead() -> falling_due.FallingDue | None:
        found = office.ask(
            lambda books: [
                falling_due.next_due(books, law, after=clock.now(), within=within)
                for law in office.schemes.values()
            ]
        )
        return min((each for each in found if each is not None), default=None)

    def shown(request: Request, done: list[str]) -> Response:
        due = ahead()
        row = None if due is None else DueRow(at=due.at, scheme=due.scheme, what=due.what)
        return show(request, ClockRow(now=clock.now(), next_deadline=row, done=done))

    @router.get("/clock", operation_id="get_clock", responses=answers(ClockRow))
    def get_clock(request: Request, caller: AnyKey) -> Response:  # noqa: ARG001  it asks for a key
        """Tell what time it is in the sandbox, and what falls due next."""
        return shown(request, [])

    @router.post("/clock", operation_id="move_clock", responses=answers(ClockRow))
    def move_clock(
        request: Request,
        caller: AnyKey,  # noqa: ARG001  it asks for a key
        body: Annotated[MoveAsked, Body(examples=[{"next_deadline": True}])],
    ) -> Response:
        """Move the clock forward; what falls due meanwhile is done, one after the other."""
        if (body.to is None) != body.next_deadline:
            said = "either a moment or next_deadline is said"
            raise Refused([RequestUnfit(reference=REFERENCE, pointer="/body", said=said)])
        due = ahead() if body.next_deadline else None
        to = body.to if due is None else due.at
        if to is None:
            raise Refused([NothingAhead(reference=REFERENCE, days=DAYS_MAX)])
        now = clock.now()
        if not now <= to <= now + within:
            no = ClockGoesForward(
                reference=REFERENCE, now=now.isoformat(), asked=to.isoformat(), days_max=DAYS_MAX
            )
            raise Refused([no])
        return shown(request, clock.move(to.astimezone(UTC)))

    return router
