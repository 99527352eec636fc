"""The pages as one application: addresses, languages, headers, and what is said when it is no."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import copy_context
from datetime import timedelta
from typing import Literal, NamedTuple

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tonne import signin
from tonne.languages import LANGUAGES
from tonne.operations import LawNotInForce, Office
from tonne.refusal import Refused
from tonne.rulebook import NotInForce
from tonne.signin import Lodge
from tonne.web import (
    about,
    allotting,
    auctioning,
    by_provider,
    changing,
    checking,
    control,
    dealing,
    deciding,
    enrolling,
    entering,
    explorer,
    gate,
    market,
    mine,
    money,
    operators,
    orders,
    papers,
    proposing,
    registering,
    schemes,
    settings,
    staff,
    today,
    units,
    verifying,
    walking,
)
from tonne.web.reader import COOKIE, READER, Reader
from tonne.web.refusals import ADDRESSES, FORMS, FileTooLong, NoSuchPage
from tonne.web.tables import ENDINGS, Terms
from tonne.web.visit import HERE, Certifier, House, Visit

FORM_MAX = 10_000
FILE_MAX = 4 * 1024 * 1024
"""So many bytes a form has at most, and one that brings a file."""

ENTERING_MAX = 4
"""So many are let try at one time at each door; others wait outside."""

YEAR = 365 * 24 * 3600
NOT_FOUND = {
    1002,
    3301,
    8009,
    8804,
    8830,
    9004,
    9020,
    9090,
    9091,
    9092,
    9180,
    9250,
    9252,
    9253,
    9272,
}
"""Refusals that say that something is not there."""

FORBIDDEN = {1201, 1202, 1203, 1204, 1225, 9127, 9255, 9256}
"""Refusals that say that it is not for whoever asks."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

Handler = Callable[[Visit], Response]


class _Number(Convertor[int]):
    """A number in an address; what has a hundred digits is none, and is not read as one."""

    regex = "[0-9]{1,99}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", _Number())


class Screen(NamedTuple):
    """An address, and what answers there; a table answers as CSV and JSON as well."""

    path: str
    handler: Handler
    table: bool = False
    posts: bool = False
    door: Literal["public", "entry", "own"] = "public"
    """For everybody; to come in by; or for who is in, whose form carries the session's mark."""

    file: bool = False
    """Whether its form brings a file."""


SCREENS: Sequence[Screen] = tuple(
    Screen(*each)
    for each in (
        ("/", explorer.front),
        ("/search", explorer.search, True),
        ("/schemes/{scheme}", schemes.scheme, True),
        ("/schemes/{scheme}/years/{year:number}", schemes.year, True),
        ("/schemes/{scheme}/cancelled", units.cancelled, True),
        ("/schemes/{scheme}/auctions", units.auctions_held, True),
        ("/schemes/{scheme}/auctions/{auction}", auctioning.auction, True),
        ("/accounts/{number}", operators.account, True),
        ("/serials/{serial}", units.serial, True),
        ("/market", market.market, True),
        ("/market/{code}", market.instrument, True),
        ("/refusals", about.refusals, True),
        ("/refusals/{number}", about.refusal),
        ("/verify", checking.verify, False, True, "public", True),
        ("/verify/{scheme}/{transaction:number}", checking.stands),
        ("/about", about.about),
        ("/kept", about.kept),
        ("/settings", settings.settings, False, True),
        ("/sign-in", entering.sign_in, False, True, "entry"),
        ("/enrol", enrolling.begin, False, True, "entry"),
        ("/enrol/factors", enrolling.factors, False, True, "own"),
        (signin.BACK, by_provider.back, False, False, "entry"),
        ("/sign-in/second", by_provider.second, False, True, "entry"),
        ("/sign-in/with/{provider}", by_provider.leave, False, True, "entry"),
        ("/you/link/{provider}", by_provider.link, False, True, "own"),
        ("/sign-out", entering.sign_out, False, True, "own"),
        ("/you", mine.you, False, True, "own"),
        ("/you/factors", changing.change, False, True, "own"),
        ("/today", today.today, False, False, "own"),
        ("/my/{number}", today.account, False, False, "own"),
        ("/my/{number}/certificates/{transaction:number}", papers.certificate, False, False, "own"),
        ("/my/{number}/{year:number}", walking.year, False, False, "own"),
        ("/my/{number}/statement", papers.statement, False, False, "own"),
        ("/my/{number}/orders", orders.orders, False, True, "own"),
        ("/my/{number}/orders/{name}", orders.amend, False, True, "own"),
        ("/my/{number}/auctions", auctioning.own_auctions, False, False, "own"),
        ("/my/{number}/auctions/{auction}", auctioning.own_auction, False, True, "own"),
        ("/my/{number}/money", money.money, True, False, "own"),
        ("/my/{number}/deals", dealing.deals, False, False, "own"),
        ("/my/{number}/deals/{deal}", dealing.deal, False, True, "own"),
        ("/my/{number}/{verb}", proposing.propose, False, True, "own"),
        ("/proposals/{scheme}/{code}", deciding.proposal, False, True, "own"),
        ("/proposals/{scheme}/{code}/table", allotting.table, False, False, "own"),
        ("/desk/{scheme}/allocate", allotting.allocate, False, True, "own", True),
        ("/desk/{scheme}/late", control.late, True, False, "own"),
        ("/desk/{scheme}/reports", verifying.reports, True, False, "own"),
        ("/desk/{scheme}/people/{act}", registering.staff_act, False, True, "own"),
        ("/control/{scheme}", control.room, False, False, "own"),
        ("/desk/{scheme}", staff.desk, False, True, "own"),
    )
)


def pages(
    office: Office,
    *,
    terms: Mapping[str, Terms] | None = None,
    lodge: Lodge | None = None,
    certifier: Certifier | None = None,
    kept_for: timedelta = timedelta(minutes=1),
) -> Starlette:
    """The pages of an office, for a server to serve.

    ``terms`` says by scheme who publishes its data and how they may be used. Where people sign in,
    ``lodge`` lets them in; without it there are only the pages for everybody. ``certifier`` signs
    the certificates that they take with them. Sums over the whole books are worked out anew when
    they are older than ``kept_for``.
    """
    house = House(office, terms=terms or {}, age=kept_for, lodge=lodge, certifier=certifier)
    routes: list[Route | Mount] = [Mount("/static", _Static(directory=HERE / "static"))]
    for screen in SCREENS:
        if lodge is None and screen.door != "public":
            continue
        endings = (*ENDINGS, "html") if screen.table else ("html",)
        for ending in endings:
            path = screen.path if ending == "html" else f"{screen.path}.{ending}"
            methods = ["GET", "POST"] if screen.posts else ["GET"]
            endpoint = _endpoint(house, screen, ending)
            routes.append(Route(path, endpoint, methods=methods))
    return Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=1_000)],
        exception_handlers={HTTPException: _nowhere(house), 500: _broken(house)},
    )


def _endpoint(
    house: House, screen: Screen, ending: str
) -> Callable[[Request], Awaitable[Response]]:
    handler = gate.guarded(screen.handler, screen.door)
    entering_at_once = CapacityLimiter(ENTERING_MAX)

    async def answer(request: Request) -> Response:
        request.state.ending, request.state.pattern = ending, screen.path
        if request.method != "POST":
            return await run_in_threadpool(_answered, house, handler, request, {})
        form = await _form(request, file=screen.file)
        sent = _too_long if form is None else handler
        if screen.door == "entry":
            # Hashing a password is much work: who floods this door keeps no others from theirs.
            return await to_thread.run_sync(
                _answered, house, sent, request, form or {}, limiter=entering_at_once
            )
        return await run_in_threadpool(_answered, house, sent, request, form or {})

    return answer


async def _form(request: Request, *, file: bool) -> Mapping[str, str] | None:
    """What was sent in a form: short texts, by a page of ours; none if a file is too long.

    A file stands beside them in the state of the request, with its name.
    """
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    most = FILE_MAX if file else FORM_MAX
    counts = length.isascii() and length.isdigit() and len(length) <= len(str(most))
    if not counts or int(length) > most:
        if file:
            return None
        raise HTTPException(413)
    async with request.form(max_files=int(file), max_fields=50, max_part_size=most) as sent:
        for value in sent.values():
            if isinstance(value, UploadFile):
                request.state.file = (value.filename or "", await value.read())
        return {name: value for name, value in sent.items() if isinstance(value, str)}


def _too_long(_: Visit) -> Response:
    raise Refused([FileTooLong(reference=FORMS, most=FILE_MAX)])


def _answered(
    house: House, handler: Handler, request: Request, form: Mapping[str, str]
) -> Response:
    """The answer, in the reader's language, with what every answer says of itself."""
    return copy_context().run(_in_language, house, handler, request, form)


def _signed_in(visit: Visit) -> dict[str, gate.Member]:
    """Who is signed in, for the head of a page of theirs that is refused."""
    if not getattr(visit.request.state, "private", False):
        return {}
    try:
        return {"member": gate.member(visit)}
    except Refused:
        return {}


def _in_language(
    house: House, handler: Handler, request: Request, form: Mapping[str, str]
) -> Response:
    asked = request.query_params.get("lang")
    reader = Reader.of(
        asked=asked,
        cookie=request.cookies.get(COOKIE, ""),
        header=request.headers.get("accept-language", ""),
        zone=house.office.zone,
    )
    READER.set(reader)
    visit = Visit(house=house, request=request, reader=reader, form=form)
    try:
        response = handler(visit)
    except Refused as no:
        numbers = {each.number for each in no.refusals}
        if gate.NOT_SIGNED_IN in numbers:
            response = gate.to_the_door(visit)
        else:
            status = 404 if numbers & NOT_FOUND else 403 if numbers & FORBIDDEN else 400
            response = visit.show(
                "refused.html", http=status, refusals=no.refusals, **_signed_in(visit)
            )
    except NotInForce as no:
        not_yet = LawNotInForce(reference=no.reference, asked=str(no))
        response = visit.show("refused.html", http=404, refusals=[not_yet])
    if asked in LANGUAGES:
        settings.keep(visit, response, reader)
    response.headers["Content-Language"] = reader.language.code
    response.headers["Vary"] = "Accept-Language, Cookie"
    gate.keep(visit, response)
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.update(HEADERS)
    return response


def _nowhere(house: House) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is said at an address where there is no page."""

    def refused(visit: Visit) -> Response:
        address = visit.request.url.path[:200]
        raise Refused([NoSuchPage(reference=ADDRESSES, address=address)])

    async def answer(request: Request, error: Exception) -> Response:
        response = await run_in_threadpool(_answered, house, refused, request, {})
        assert isinstance(error, HTTPException), "it is told of these alone"
        response.status_code = error.status_code
        return response

    return answer


def _broken(house: House) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is said when a mistake is ours; what it was stands in the server's log alone."""

    async def answer(request: Request, _: Exception) -> Response:
        def handler(visit: Visit) -> Response:
            return visit.show("broken.html", http=500)

        return await run_in_threadpool(_answered, house, handler, request, {})

    return answer


class _Static(StaticFiles):
    """The files beside the pages: with their mark in the address they never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, and how long it may be kept."""
        response = await super().get_response(path, scope)
        marked = scope.get("query_string", b"").startswith(b"v=") or path.startswith("fonts/")
        keep = f"public, max-age={YEAR}, immutable" if marked else "no-cache"
        response.headers.update({**HEADERS, "Cache-Control": keep})
        return response
