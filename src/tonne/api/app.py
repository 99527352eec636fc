"""The interface for programs: one app that answers for an office, and the edge around it."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tonne import signin
from tonne.api import (
    accounts,
    amending,
    auctions,
    bids,
    compliance,
    deals,
    emissions,
    floor_streams,
    happened,
    hooks,
    house,
    installations,
    markets,
    orders,
    organisations,
    own,
    proposals,
    retirements,
    sandbox,
    schemes,
    tokens,
    units,
    versions,
)
from tonne.api.callers import Callers
from tonne.api.described import describe
from tonne.api.edge import BYTES_MAX, Edge, Keeps, Log
from tonne.api.limits import Limit
from tonne.api.meter import Meter
from tonne.api.problem import (
    on_busy,
    on_http,
    on_not_in_force,
    on_refused,
    on_unfit,
    on_unreachable,
)
from tonne.api.refusals import REFERENCE, ParameterUnknown
from tonne.api.spoken import choose_language
from tonne.api.streams import Streams
from tonne.api.versions import DEPRECATED, NEWEST, Deprecated, choose_version, on_answers
from tonne.operations import Office
from tonne.refusal import Refused
from tonne.rulebook import NotInForce

_PUBLIC = (schemes, accounts, installations, compliance, units, retirements, markets, auctions)
_OWN = (own, organisations, emissions, proposals, orders, amending, deals, bids)
_ON_FAULTS = (
    (Refused, on_refused),
    (NotInForce, on_not_in_force),
    (TimeoutError, on_busy),
    (ConnectionError, on_unreachable),
    (RequestValidationError, on_unfit),
    (HTTPException, on_http),
)


def api(
    office: Office,
    *,
    lodge: signin.Lodge | None = None,
    live: bool = True,
    log: Log = lambda _: None,
    limit: Limit | None = None,
    key_limit: Limit | None = None,
    bytes_max: int = BYTES_MAX,
    streams: Streams | None = None,
    hooks_loopback: bool = False,
    sandbox_clock: sandbox.Clock | None = None,
    clock: Callable[[], float] = time.monotonic,
    keeps: Keeps | None = None,
    works: Callable[[], bool] = lambda: True,
    deprecated: Sequence[Deprecated] = DEPRECATED,
) -> FastAPI:
    """The interface of an office, under ``/v1``: what is public of its schemes.

    With a lodge, programs that show a key act for its person; ``live`` says for which kind of
    books keys are: real ones, or those of a test. Webhooks may be at this machine itself only with
    ``hooks_loopback``. Only a sandbox has a clock that its callers move. ``keeps`` is told who saw
    or did what, before they are answered; ``works`` tells whether what is due is carried out. What
    is ``deprecated`` says so in every answer.

    Others may mount their own doors on it: what they answer passes the same edge.
    """
    meter, streams = Meter(), streams or Streams()
    app = FastAPI(
        title="Tonne",
        version=NEWEST.isoformat(),
        summary="The record of carbon markets, and a door for programs that act for people.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        separate_input_output_schemas=False,
    )
    for kind, answer in _ON_FAULTS:
        app.add_exception_handler(kind, answer)
    first = APIRouter(prefix="/v1", dependencies=[Depends(_known_first), Depends(choose_version)])
    for room in _PUBLIC:
        first.include_router(room.routes(office))
    first.include_router(floor_streams.routes(office, streams))
    if lodge is not None:
        app.state.callers = Callers(lodge=lodge, live=live, limit=key_limit or Limit(), clock=clock)
        first.include_router(tokens.routes(lodge, live=live))
        app.include_router(tokens.metadata_routes(lodge), dependencies=[Depends(_known_only)])
        for room in _OWN:
            first.include_router(room.routes(office))
        tide = happened.Tide()
        first.include_router(happened.routes(office, streams, tide))
        first.include_router(hooks.routes(office, tide, loopback=hooks_loopback))
        if sandbox_clock is not None:
            first.include_router(sandbox.routes(office, sandbox_clock))
    first.include_router(house.catalogue_routes())
    first.include_router(versions.routes(deprecated))
    app.include_router(first)
    app.include_router(
        house.routes(office, meter, lodge=lodge, works=works), dependencies=[Depends(_known_only)]
    )
    app.add_middleware(
        Edge, log=log, meter=meter, limit=limit or Limit(), clock=clock, bytes_max=bytes_max,
        keeps=keeps, notices=on_answers(deprecated),
    )  # fmt: skip
    describe(app, deprecated=[each.operation for each in deprecated])
    app.state.parameters = {}
    return app


def _known_first(request: Request, lang: Annotated[str | None, Depends(choose_language)]) -> None:
    """Refuse what no address of this version knows; in which language is told all of them know."""
    del lang
    _refuse_unknown(request, _parameters(request) | {"lang"})


def _known_only(request: Request) -> None:
    """Refuse a parameter that the address does not know, and one that is said twice."""
    _refuse_unknown(request, _parameters(request))


def _refuse_unknown(request: Request, known: Collection[str]) -> None:
    said = [name for name, _ in request.query_params.multi_items()]
    wrong = [name for name in dict.fromkeys(said) if name not in known or said.count(name) > 1]
    if wrong:
        raise Refused(
            ParameterUnknown(
                reference=REFERENCE,
                pointer=f"/query/{name}",
                parameter=name,
                times=said.count(name) if name in known else 1,
            )
            for name in wrong
        )


def _parameters(request: Request) -> set[str]:
    """The parameters that the address has behind its question mark; looked up once."""
    route, known = request.scope["route"], request.app.state.parameters
    if route.operation_id not in known:
        known[route.operation_id] = {
            each.alias
            for each in get_flat_params(route.dependant)
            if isinstance(each.field_info, params.Query)
        }
    found: set[str] = known[route.operation_id]
    return found
