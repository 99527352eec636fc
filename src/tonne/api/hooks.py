"""Webhooks of programs: where they are told what happens, how that went, and telling it again."""

from dataclasses import replace
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Body, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne import signin
from tonne.api.callers import MARKET, READ, Callers, Hooks, acting
from tonne.api.described import answers
from tonne.api.happened import TRADE_MADE, EventRow, Tide, row_of
from tonne.api.narrowed import Made
from tonne.api.refusals import REFERENCE, ScopeMissing
from tonne.api.shape import Moment, Name, Shape, Text
from tonne.api.shown import PRIVATE, Page, show, show_list
from tonne.operations import Office, happenings
from tonne.people import LifeEvent
from tonne.refusal import Refused
from tonne.signin import Hook, HookTry, hooks

EventType = Literal[
    "proposal.propose", "proposal.approve", "proposal.reject", "proposal.cancel",
    "proposal.fall_due", "proposal.complete", "proposal.terminate", "proposal.reverse",
    "trade.made",
]  # fmt: skip
_OF_PROPOSALS = sorted(f"proposal.{each}" for each in get_args(LifeEvent))
assert set(get_args(EventType)) == {*_OF_PROPOSALS, TRADE_MADE}


class HookRow(Shape):
    """An address that is told what happens to proposals that its person sees, and their trades."""

    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    """What this is."""
    code: str = Field(examples=["whe_01m808tx00e008000000000000"])
    """Its code."""
    scheme: str
    """In which scheme."""
    url: str = Field(examples=["https://books.example/tonne"])
    """The address."""
    types: list[str]
    """Only events of these types; of all that the key is good for, if there are none."""
    state: Literal["running", "failing", "stopped"]
    """Whether it is told, is tried again, or is told nothing any more."""
    stopped_because: str | None
    """Why it was stopped."""
    position: str = Field(examples=["214"])
    """The id of the last event that it has been told, or that did not concern it."""
    failures: int
    """How often the next event could not be told."""
    next_try_at: Moment | None
    """When that is tried again."""
    made_at: Moment
    """When it was made."""
    secret: str | None = Field(examples=["whsec_bm90IGEgc2VjcmV0"])
    """By which messages are signed: it is told once, here, and never again."""


class HookAsked(Shape):
    """A webhook that is to be made."""

    url: str = Field(min_length=1, max_length=500, examples=["https://books.example/tonne"])
    """The address, which begins with https and which everybody on the internet reaches."""
    types: list[EventType] = Field(default=[], max_length=20)
    """Only events of these types; of all that the key is good for, if there are none."""
    after: int | None = Field(default=None, ge=0, le=2**63 - 1, strict=True)
    """Told is what came after the event of this id; what comes from now on, if it is not said."""


class ReplayAsked(Shape):
    """What is to be told again: one event, or everything after one."""

    event: int | None = Field(default=None, ge=1, le=2**63 - 1, strict=True, examples=[214])
    """The id of the one event."""
    after: int | None = Field(default=None, ge=0, le=2**63 - 1, strict=True)
    """The id of the event after which everything is told again."""


class DeliveryRow(Shape):
    """A telling of an event, and how it went."""

    object: Literal["delivery"] = "delivery"
    """What this is."""
    number: int
    """Its number."""
    event: str
    """The id of the event."""
    at: Moment
    """When."""
    status: int | None
    """The status with which it was answered, if it was."""
    heard: bool
    """Whether it was heard: answered with a status of 200 to 299, in time."""
    fault: str | None
    """Why it was not."""


_Code = Annotated[
    Text, Path(description="The code of the webhook.", examples=["whe_01m808tx00e008000000000000"])
]
_MADE: dict[int | str, dict[str, Any]] = {201: {"description": "It is made.", "model": HookRow}}


def hook_message(each: happenings.Happening | happenings.TradeMade) -> bytes:
    """What a webhook is told of an event: what it is, and where more is to be asked."""
    row = row_of(each)
    return Message(type=row.type, timestamp=each.at, data=row).model_dump_json().encode()


class Message(Shape):
    """What a webhook is told."""

    type: str
    """What happened."""
    timestamp: Moment
    """When."""
    data: EventRow
    """The event."""


def routes(office: Office, tide: Tide, *, loopback: bool) -> APIRouter:
    """The addresses of webhooks."""
    router = APIRouter(prefix="/schemes/{scheme}/webhook-endpoints", tags=["webhooks"])
    _making(router, office, tide, loopback=loopback)
    _seeing(router, office)
    _changing(router, office)
    return router


def _making(router: APIRouter, office: Office, tide: Tide, *, loopback: bool) -> None:
    @router.post("", operation_id="create_webhook_endpoint", status_code=201, responses=_MADE)
    def create(
        request: Request, scheme: Name, caller: Hooks, body: Annotated[HookAsked, Body()]
    ) -> Response:
        """Have an address told what happens to the proposals that you see; its secret is told once.

        The key must be good for registry:read too, since that is what the address is told; to be
        told of your own trades, for market:read as well.
        """
        law = office.scheme(scheme)
        for needed in (READ, *((MARKET,) if TRADE_MADE in body.types else ())):
            if needed not in caller.scopes:
                no = ScopeMissing(reference=REFERENCE, needed=(needed,), has=caller.scopes)
                raise Refused([no])
        # A token may be good for less than its key, by which the address is told later.
        all_types = () if MARKET in caller.scopes else _OF_PROPOSALS
        office.ask(lambda books: acting(books, caller))
        made = hooks.make_hook(
            _lodge(request), caller, scheme=law.name, url=body.url, kinds=body.types or all_types,
            position=tide.now(office) if body.after is None else body.after, loopback=loopback,
        )  # fmt: skip
        return show(request, _row(made.hook, made.secret), status=201)

    @router.post("/{code}/secret", operation_id="turn_webhook_secret", responses=answers(HookRow))
    def turn(request: Request, scheme: Name, code: _Code, caller: Hooks) -> Response:
        """Make a new secret, told once; for 24 hours the one before signs too."""
        made = hooks.turn_secret(_lodge(request), caller, office.scheme(scheme).name, code)
        return show(request, _row(made.hook, made.secret))


def _seeing(router: APIRouter, office: Office) -> None:
    @router.get("", operation_id="list_webhook_endpoints", responses=answers(HookRow, many=True))
    def list_all(request: Request, scheme: Name, caller: Hooks, page: Page) -> Response:
        """List your webhooks, in order of making."""
        found = hooks.hooks_of_key(_lodge(request), caller, scheme=office.scheme(scheme).name)
        begin = page.begin([each.id for each in found])
        rows = [_row(each) for each in found[begin : begin + page.more]]
        return show_list(request, page, rows, shape=HookRow, cursor=lambda row: row.code)

    @router.get("/{code}", operation_id="get_webhook_endpoint", responses=answers(HookRow))
    def get_one(request: Request, scheme: Name, code: _Code, caller: Hooks) -> Response:
        """Tell how a webhook of yours stands."""
        name = office.scheme(scheme).name
        found = _lodge(request).ask(lambda keeping: hooks.hook_of(keeping, caller, name, code))
        return show(request, _row(found))

    @router.get(
        "/{code}/deliveries",
        operation_id="list_webhook_deliveries",
        responses=answers(DeliveryRow, many=True),
    )
    def deliveries(  # noqa: PLR0917  as the address has it
        request: Request, scheme: Name, code: _Code, caller: Hooks, page: Page, made: Made
    ) -> Response:
        """List how the tellings of a webhook went, the newest first."""
        name, before = office.scheme(scheme).name, page.number()
        found = hooks.tries_of(
            _lodge(request), caller, name, code, before=before, made=made, limit=page.more
        )
        rows = [_delivery(each) for each in found]
        return show_list(request, page, rows, shape=DeliveryRow, cursor=lambda row: str(row.number))


def _changing(router: APIRouter, office: Office) -> None:
    def changed(
        request: Request, scheme: str, code: str, caller: signin.Key, **what: hooks.Changed
    ) -> Hook:
        name, ((said, change),) = office.scheme(scheme).name, what.items()
        return hooks.change_hook(_lodge(request), caller, name, code, change, what=said)

    @router.post("/{code}/replay", operation_id="replay_webhook", responses=answers(HookRow))
    def replay(
        request: Request,
        scheme: Name,
        code: _Code,
        caller: Hooks,
        body: Annotated[ReplayAsked, Body()],
    ) -> Response:
        """Tell one event again, or everything after one; both may be said."""
        lodge = _lodge(request)

        def change(hook: Hook) -> Hook:
            again = hook.again if body.event is None else (*hook.again, body.event)
            position = hook.position if body.after is None else min(hook.position, body.after)
            return replace(
                hook, again=again[-hooks.AGAIN_MAX :], position=position, due_at=lodge.now()
            )

        return show(request, _row(changed(request, scheme, code, caller, replayed=change)))

    @router.post("/{code}/start", operation_id="start_webhook", responses=answers(HookRow))
    def start(request: Request, scheme: Name, code: _Code, caller: Hooks) -> Response:
        """Start a webhook that was stopped, or try one that fails; it goes on where it was."""
        lodge = _lodge(request)

        def change(hook: Hook) -> Hook:
            return replace(
                hook, stopped_at=None, stopped_why="", failures=0, failing_since=None,
                due_at=lodge.now(),
            )  # fmt: skip

        return show(request, _row(changed(request, scheme, code, caller, started=change)))

    @router.delete(
        "/{code}",
        operation_id="remove_webhook_endpoint",
        status_code=204,
        responses={204: {"description": "It is removed."}},
    )
    def remove(request: Request, scheme: Name, code: _Code, caller: Hooks) -> Response:
        """Remove a webhook, for good."""
        at = _lodge(request).now()

        def change(hook: Hook) -> Hook:
            return replace(hook, removed_at=at)

        changed(request, scheme, code, caller, removed=change)
        return Response(status_code=204, headers=PRIVATE)


def _lodge(request: Request) -> signin.Lodge:
    callers: Callers = request.app.state.callers
    return callers.lodge


def _row(hook: Hook, secret: str | None = None) -> HookRow:
    stopped = hook.stopped_at is not None
    return HookRow(
        code=hook.id,
        scheme=hook.scheme,
        url=hook.url,
        types=list(hook.kinds),
        state="stopped" if stopped else "failing" if hook.failures else "running",
        stopped_because=hook.stopped_why or None,
        position=str(hook.position),
        failures=hook.failures,
        next_try_at=hook.due_at if hook.failures and not stopped else None,
        made_at=hook.made_at,
        secret=secret,
    )


def _delivery(each: HookTry) -> DeliveryRow:
    return DeliveryRow(
        number=each.number,
        event=str(each.event),
        at=each.at,
        status=each.status,
        heard=not each.fault,
        fault=each.fault or None,
    )
