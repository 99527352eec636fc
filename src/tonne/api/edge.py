"""The outer edge of a door: every request gets a name, a bound and a line in the log.

What is inside answers; here its answer gets the headers that every answer has. Nothing that goes
wrong inside leaves as anything but a problem document.
"""

import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tonne.api.limits import Allowed, Buckets, Limit
from tonne.api.meter import Meter
from tonne.api.problem import TooLarge, problem
from tonne.api.refusals import (
    REFERENCE,
    BooksUnreachable,
    OurFault,
    RequestTooLarge,
    TooManyRequests,
)
from tonne.api.versions import NEWEST
from tonne.refusal import Refusal
from tonne.signin import Trace

Log = Callable[[Mapping[str, object]], None]
"""Takes a line of the log: plain values by name."""

Keeps = Callable[[Trace], Awaitable[None]]
"""Keeps who saw or did what; when it returns, it is kept."""

BYTES_MAX = 1024 * 1024
"""No request is of more bytes; what takes files says so itself, once there is such a thing."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Language": "en",
}
"""An answer that says otherwise of itself is left as it is."""

_OF_AN_ACCOUNT = ("/accounts/{number}", "/my/{number}")
_KEPT_MAX = 300
_FIRST = "/v1"

_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Carbon-Version, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Edge:
    """Stands between the server and the door."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        log: Log,
        meter: Meter,
        limit: Limit,
        clock: Callable[[], float] = time.monotonic,
        bytes_max: int = BYTES_MAX,
        keeps: Keeps | None = None,
        notices: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Guard an app; with ``keeps`` nobody who was let in is answered before it is kept.

        ``notices`` says, by operation, what headers its answers have besides.
        """
        self._notices = notices or {}
        self._keeps = keeps
        self._app, self._log, self._meter = app, log, meter
        self._buckets, self._limit, self._clock = Buckets(limit), limit, clock
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Passage(self, scope, receive, send).go()

    def allowed(self, scope: Scope) -> Allowed:
        """Whether a caller may ask now; callers are told apart by their address."""
        client = scope.get("client")
        return self._buckets.take(client[0] if client else "", at=self._clock())

    async def pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let what is inside answer."""
        await self._app(scope, receive, send)

    @property
    def policy(self) -> str:
        """How often a caller may ask, as a header says it."""
        return self._limit.policy()

    @property
    def bytes_max(self) -> int:
        """How large a request may be."""
        return self._bytes_max

    def now(self) -> float:
        """The moment in seconds."""
        return self._clock()

    def note(self, line: Mapping[str, object]) -> None:
        """Write a line of the log."""
        self._log(line)

    async def keep(self, trace: Trace) -> None:
        """Keep who saw or did what, if anything does."""
        if self._keeps is not None:
            await self._keeps(trace)

    def notices(self, scope: Scope) -> Mapping[str, str]:
        """What the answers of an operation say besides."""
        return self._notices.get(getattr(scope.get("route"), "operation_id", None) or "", {})

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answered request."""
        route = scope.get("route")
        name = getattr(route, "operation_id", None) or getattr(route, "path", None) or "none"
        self._meter.count(route=name, method=_method(scope), status=status, seconds=seconds)


class _Passage:
    """One request on its way through the edge."""

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge, self._send, self._receive = edge, send, receive
        self._asked = scope["method"]
        # What answers to GET answers to HEAD, and says nothing then.
        self.scope = scope
        if self._asked == "HEAD":
            self.scope = {**scope, "method": "GET", "head_alone": True}
        self.id = f"req_{secrets.token_hex(13)}"
        self.scope["state"] = {**scope.get("state", {}), "request_id": self.id}
        self._began, self._status, self._got = edge.now(), 0, 0
        self._allowed: Allowed | None = None
        self._fault: str | None = None
        self._kept = False

    async def go(self) -> None:
        """Answer, count and write down."""
        self._allowed = self._edge.allowed(self.scope)
        try:
            found = self._refused_here()
            if found is not None:
                await found(self.scope, self._receive, self.send)
            else:
                await self._edge.pass_on(self.scope, self.receive, self.send)
        except TooLarge as fault:
            await self._tell(fault.refusal)
        except Exception as fault:  # noqa: BLE001  what goes wrong is told here, and to nobody else
            self._fault = "".join(traceback.format_exception(fault))
            untraced = isinstance(fault, _Untraced)
            no = BooksUnreachable if untraced else OurFault
            await self._tell(no(reference=REFERENCE))
        finally:
            seconds = self._edge.now() - self._began
            self._edge.count(self.scope, self._status, seconds)
            self._edge.note(self._line(seconds))

    def _refused_here(self) -> Response | None:
        assert self._allowed is not None, "it was asked"
        headers = Headers(scope=self.scope)
        if not self._allowed.served:
            wait = max(1, self._allowed.seconds)
            no = TooManyRequests(reference=REFERENCE, seconds=wait)
            return problem(self.scope, [no], headers={"Retry-After": str(wait)})
        if self._asked == "OPTIONS" and "access-control-request-method" in headers:
            return Response(status_code=204, headers=_PREFLIGHT)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._edge.bytes_max:
            no_more = RequestTooLarge(reference=REFERENCE, bytes_max=self._edge.bytes_max)
            return problem(self.scope, [no_more])
        return None

    async def _tell(self, refusal: Refusal) -> None:
        if not self._status:  # Else the answer has begun, and can only be broken off.
            await problem(self.scope, [refusal])(self.scope, self._receive, self.send)

    async def receive(self) -> Message:
        """What comes of the request, as long as it is not too much."""
        message = await self._receive()
        self._got += len(message.get("body", b""))
        if self._got > self._edge.bytes_max:
            no_more = RequestTooLarge(reference=REFERENCE, bytes_max=self._edge.bytes_max)
            raise TooLarge(no_more)
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            await self._keep(message["status"])
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["Request-Id"] = self.id
            limits = self.scope["state"].get("key_limits", ())
            policies = [self._edge.policy, *(each.policy for each in limits)]
            headers["RateLimit-Policy"] = ", ".join(policies)
            if self._allowed is not None:
                told = [each.header for each in (self._allowed, *limits)]
                headers["RateLimit"] = ", ".join(told)
            version = self.scope["state"].get("version", NEWEST)
            headers["Carbon-Version"] = version.isoformat()
            for name, value in self._edge.notices(self.scope).items():
                others = [headers[name]] if name in headers else []
                headers[name] = ", ".join([*others, value])
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        elif self._asked == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    async def _keep(self, status: int) -> None:
        """Keep who saw or did this, before they see it; if it cannot be kept, they do not."""
        state = self.scope["state"]
        person, client = state.get("person"), self.scope.get("client")
        if person is None or self._kept:
            return
        self._kept = True
        route = state.get("pattern") or getattr(self.scope.get("route"), "path", "")
        if "pattern" not in state:  # The routes of the interface do not say where they are mounted.
            route = f"{_FIRST}{route.removeprefix(_FIRST)}"
        about = state.get("account")
        if about is None and any(each in route for each in _OF_AN_ACCOUNT):
            about = self.scope.get("path_params", {}).get("number")
        trace = Trace(
            at=datetime.now(UTC),
            request=self.id,
            person=person,
            key=state.get("key"),
            session=state.get("session"),
            place=client[0] if client else "",
            method=self._asked,
            route=route,
            path=_kept(self.scope["path"]),
            account=None if about is None else _kept(str(about)),
            status=status,
        )
        try:
            await self._edge.keep(trace)
        except Exception as fault:
            raise _Untraced from fault

    def _line(self, seconds: float) -> dict[str, object]:
        client = self.scope.get("client")
        line: dict[str, object] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": "error" if self._fault else "info",
            "request_id": self.id,
            "method": self._asked,
            "path": self.scope["path"],
            "status": self._status,
            "milliseconds": round(seconds * 1000, 1),
            "caller": client[0] if client else None,
        }
        state = self.scope["state"]
        line |= {name: state[name] for name in ("person", "key") if state.get(name)}
        return line if self._fault is None else line | {"fault": self._fault}


class _Untraced(Exception):  # noqa: N818  it is told as a refusal
    """Who saw or did this could not be kept, so it is not answered."""


def _kept(text: str) -> str:
    """A text as far as it is kept; what PostgreSQL takes for an end is left out."""
    return text.replace("\0", "")[:_KEPT_MAX]


def _method(scope: Scope) -> str:
    """The method, of those that are counted: anything could be sent as one."""
    known = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"}
    return scope["method"] if scope["method"] in known else "other"
