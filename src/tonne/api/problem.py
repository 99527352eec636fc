"""How the interface says no: a problem document (RFC 9457) that carries every refusal."""

from collections.abc import Iterable, Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path
from starlette.types import Scope

from tonne.api.refusals import (
    REFERENCE,
    BooksBusy,
    BooksUnreachable,
    CursorUnknown,
    FieldUnknown,
    FormNotOffered,
    KeyMissing,
    KeyNotShown,
    MethodUnknown,
    NoSuchThing,
    NothingHere,
    NotKnownHere,
    OurFault,
    ParameterUnknown,
    RequestTooLarge,
    RequestUnfit,
    ScopeMissing,
    TooManyRequests,
    TooManyStreams,
    VersionUnknown,
    WorkStopped,
)
from tonne.api.shape import Shape
from tonne.api.spoken import Spoken, languages_of, spoken_to
from tonne.languages import told
from tonne.operations import KeyUsedBefore, LawLacking, LawNotInForce, UnknownScheme
from tonne.refusal import Refusal, Refused
from tonne.rulebook import NotInForce

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[Refusal], int] = {
    ParameterUnknown: 400, CursorUnknown: 400, FieldUnknown: 400, KeyMissing: 400,
    VersionUnknown: 400,
    KeyNotShown: 401,
    ScopeMissing: 403, NotKnownHere: 403,
    UnknownScheme: 404, LawLacking: 404, LawNotInForce: 404, NothingHere: 404, NoSuchThing: 404,
    MethodUnknown: 405,
    FormNotOffered: 406,
    RequestTooLarge: 413,
    KeyUsedBefore: 422,
    TooManyRequests: 429, TooManyStreams: 429,
    OurFault: 500,
    BooksBusy: 503, BooksUnreachable: 503, WorkStopped: 503,
}  # fmt: skip
"""Which status a refusal has; one that is not named here is a rule that was not met."""

NOT_MET = 409
ABSENT = {"SerialUnknown", "AuctionUnknown", "UnknownInstrument", "SourceDoesNotExist",
          "ProposalNotMade", "HookUnknown", "DealUnknown"}  # fmt: skip
"""Refusals of the operations that say that there is no such thing."""
UNKNOWN_KEY = {"KeyNotLetIn", "TokenOver"}
"""Refusals of the lodge that say that nobody is known by that key."""
NOT_ALLOWED = {
    "PersonNotEnrolled", "NotARepresentative", "NotOfTheStaff", "RightTooSmall", "OwnProposal",
    "ProposedByStaff", "VerifierNotAppointed",
}  # fmt: skip
"""Refusals of the registry that say that this person may not do it."""

_RETRYABLE = {429, 503}


class Ground(Shape):
    """One rule that was not met."""

    pointer: str | None
    """The part of the request that it is about, as a JSON pointer, where it is about one."""
    code: str
    """The name of the rule: it is never translated."""
    check_id: int
    """The number of the rule."""
    detail: str
    """The sentence with the facts."""
    reference: str
    """Where the rule is written."""
    remedy: str
    """What can be done."""
    language: str
    """In which language these two are said: the one that was asked for, or else English."""
    doc_url: str
    """Where the rule is told."""


class Problem(Shape):
    """Why a request was not granted (RFC 9457), with every rule that was not met."""

    type: str
    """The address of the first rule."""
    title: str
    """What it comes to, in a few words."""
    status: int
    """The status of the answer."""
    detail: str
    """The sentences of all rules."""
    instance: str
    """The address that was asked."""
    code: str
    """The name of the first rule."""
    check_id: int
    """The number of the first rule."""
    errors: list[Ground]
    """Every rule that was not met."""
    reference: str
    """Where the first rule is written."""
    remedy: str
    """What can be done about the first."""
    request_id: str
    """The name of the request, as it stands in the log."""
    doc_url: str
    """Where the first rule is told."""
    retryable: bool
    """Whether the same request may be granted a little later."""


class TooLarge(Exception):  # noqa: N818  it is told as a refusal
    """More comes than a request may be of; raised where it is read."""

    def __init__(self, refusal: RequestTooLarge) -> None:
        """The refusal with which it is told."""
        self.refusal = refusal
        super().__init__(str(refusal))


def _(text: str) -> str:
    """Marks a sentence for the catalogues."""
    return text


_TITLES = {
    400: _("The request is not understood"), 401: _("Who are you?"), 403: _("Not allowed"),
    404: _("There is no such thing"),
    405: _("Not in this way"), 406: _("Not in this form"), 413: _("Too large"),
    422: _("The request is not understood"), 429: _("Too many requests"),
    500: _("Our fault"), 503: _("Not now"),
}  # fmt: skip
_REFUSED = _("Refused")


def problem(
    scope: Scope,
    refusals: Sequence[Refusal],
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells these refusals."""
    first, reader = refusals[0], spoken_to(scope)
    grounds = [_ground(each, reader) for each in refusals]
    code = status or max(map(status_of, refusals))
    found = Problem(
        type=_told_at(first),
        title=reader.gettext(_TITLES.get(code, _REFUSED)),
        status=code,
        detail=" ".join(each.detail for each in grounds),
        instance=scope["path"],
        code=first.code,
        check_id=first.number,
        errors=grounds,
        reference=first.reference,
        remedy=grounds[0].remedy,
        request_id=scope["state"]["request_id"],
        doc_url=_told_at(first),
        retryable=code in _RETRYABLE,
    )
    given = {
        "Cache-Control": "no-store",
        "Content-Language": languages_of(
            [reader.language.code, *(each.language for each in grounds)]
        ),
        "Vary": "Accept-Language",
    } | dict(headers or {})
    if code == 401:  # noqa: PLR2004  of HTTP
        given["WWW-Authenticate"] = "Bearer"
    if scope["method"] in {"GET", "HEAD"} and not shows_key(scope):
        given["Access-Control-Allow-Origin"] = "*"
    return JSONResponse(
        found.model_dump(mode="json"), status_code=code, headers=given, media_type=MEDIA_TYPE
    )


def shows_key(scope: Scope) -> bool:
    """Whether a request shows a key; what it is answered is for nobody else."""
    return any(name == b"authorization" for name, _ in scope["headers"])


def status_of(refusal: Refusal) -> int:
    """The status with which a refusal is told."""
    if isinstance(refusal, RequestUnfit):
        return 422 if refusal.pointer.startswith("/body") else 400
    for codes, status in ((ABSENT, 404), (UNKNOWN_KEY, 401), (NOT_ALLOWED, 403)):
        if refusal.code in codes:
            return status
    return STATUS.get(type(refusal), NOT_MET)


def _ground(refusal: Refusal, reader: Spoken) -> Ground:
    said = told(refusal, reader)
    return Ground(
        pointer=getattr(refusal, "pointer", None),
        code=refusal.code,
        check_id=refusal.number,
        detail=said.sentence,
        reference=refusal.reference,
        remedy=said.remedy,
        language=said.language.code,
        doc_url=_told_at(refusal),
    )


def _told_at(refusal: Refusal) -> str:
    return f"/v1/refusals/{refusal.number}"


# What is raised while a request is served, and the answer to it.


def on_refused(request: Request, refused: Exception) -> Response:
    """Rules were not met."""
    assert isinstance(refused, Refused), "it is asked for no other"
    kinds = (TooManyRequests, TooManyStreams)
    waits = [each.seconds for each in refused.refusals if isinstance(each, kinds)]
    headers = {"Retry-After": str(max(waits))} if waits else {}
    return problem(request.scope, refused.refusals, headers=headers)


def on_not_in_force(request: Request, fault: Exception) -> Response:
    """The law was asked about a day on which it was not in force."""
    assert isinstance(fault, NotInForce), "it is asked for no other"
    return problem(request.scope, [LawNotInForce(reference=fault.reference, asked=str(fault))])


def on_busy(request: Request, _: Exception) -> Response:
    """No connection to the books got free in time."""
    return problem(request.scope, [BooksBusy(reference=REFERENCE)], headers={"Retry-After": "1"})


def on_unreachable(request: Request, _: Exception) -> Response:
    """The books cannot be reached."""
    no = BooksUnreachable(reference=REFERENCE)
    return problem(request.scope, [no], headers={"Retry-After": "5"})


def on_unfit(request: Request, fault: Exception) -> Response:
    """A part of the request has not the form that it should have."""
    errors: Iterable[Mapping[str, object]] = getattr(fault, "errors", list)()
    found = [
        RequestUnfit(reference=REFERENCE, pointer=_pointer(each["loc"]), said=_said(each))
        for each in errors
    ]
    return problem(request.scope, found)


def on_http(request: Request, fault: Exception) -> Response:
    """No address, or not in this way."""
    assert isinstance(fault, HTTPException), "it is asked for no other"
    cause = fault.__cause__
    if isinstance(cause, TooLarge):
        return problem(request.scope, [cause.refusal])
    no: Refusal = NothingHere(reference=REFERENCE, path=request.scope["path"])
    headers = fault.headers
    if fault.status_code == 405:  # noqa: PLR2004  of HTTP
        no = MethodUnknown(reference=REFERENCE, method=request.method)
        headers = {"Allow": ", ".join(_methods_at(request))}
    elif fault.status_code != 404:  # noqa: PLR2004  of HTTP
        no = RequestUnfit(reference=REFERENCE, pointer="/body", said=str(fault.detail))
    return problem(request.scope, [no], status=fault.status_code, headers=headers)


def _methods_at(request: Request) -> list[str]:
    """Every method to which an address answers, as it is described: word for word, if it is."""
    address, paths = request.scope["path"], request.app.openapi()["paths"]
    fitting = [path for path in paths if compile_path(path)[0].match(address)]
    # Where a part of an address is a name, another address may have a word of its own there.
    least = min((path.count("{") for path in fitting), default=0)
    return sorted(
        method.upper() for path in fitting if path.count("{") == least for method in paths[path]
    )


def _pointer(place: object) -> str:
    parts = place if isinstance(place, list | tuple) else (place,)
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _said(error: Mapping[str, object]) -> str:
    said = str(error["msg"])
    return said[:1].lower() + said[1:]
