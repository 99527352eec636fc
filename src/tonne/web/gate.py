"""Who is in: the session's cookie, what a form must carry, and that nothing of it is kept.

A form is heard if the browser says that a page of ours sent it, and if it carries the mark of the
session. The cookie goes to no other site and is not told to scripts.
"""

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from tonne import signin
from tonne.refusal import Refused
from tonne.signin import Caller, Lodge, Session
from tonne.web.refusals import FORMS, FormForeign
from tonne.web.visit import Visit

NOT_SIGNED_IN = 9140
DEVICE_AGE = 365 * 24 * 3600
AWAY_AGE = 600
STRICT_AGE = 365 * 24 * 3600
"""So long a browser that was here once asks by https alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who is signed in."""

    session: Session
    person: signin.Person

    @property
    def code(self) -> str:
        """By which they are known to the registry."""
        return self.person.code


def guarded(handler: Callable[[Visit], Response], door: str) -> Callable[[Visit], Response]:
    """The handler behind its door."""
    if door == "public":
        return handler

    def answer(visit: Visit) -> Response:
        state = visit.request.state
        state.private, state.cookies = True, {}
        state.token = visit.request.cookies.get(_names(lodge_of(visit))[0], "")
        if visit.request.method == "POST":
            try:
                _heard(visit, door)
            except Refused:
                # Whose browser sent it is told the edge, as of all that is refused.
                with suppress(Refused):
                    member(visit)
                raise
        return handler(visit)

    return answer


def lodge_of(visit: Visit) -> Lodge:
    """Where people are let in."""
    assert visit.lodge is not None, "without it these pages have no address"
    return visit.lodge


def member(visit: Visit) -> Member:
    """Who is signed in, or 9140."""
    lodge = lodge_of(visit)
    session = signin.who(lodge, visit.token)
    # The edge tells it: who was here is kept before they are answered.
    visit.request.state.person, visit.request.state.session = session.person, session.id
    return Member(session=session, person=signin.person(lodge, session.person))


def caller(visit: Visit) -> Caller:
    """Who is at the door."""
    client, request = visit.request.client, visit.request
    return Caller(
        place="unknown" if client is None else client.host,
        agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(_names(lodge_of(visit))[1], ""),
    )


def hold(visit: Visit, token: str, *, device: str = "") -> None:
    """From now on the browser's session goes by that token."""
    session, known = _names(lodge_of(visit))
    visit.request.state.token = token
    visit.request.state.cookies[session] = (token, None)
    if device:
        visit.request.state.cookies[known] = (device, DEVICE_AGE)


def send_off(visit: Visit, held: str) -> None:
    """The browser goes to another house and holds a secret of ours until it is back."""
    visit.request.state.cookies[_away(lodge_of(visit))] = (held, AWAY_AGE if held else 0)


def held_of(visit: Visit) -> str:
    """The secret of a browser that comes back from another house, which is let go."""
    send_off(visit, "")
    return visit.request.cookies.get(_away(lodge_of(visit)), "")


def let_go(visit: Visit) -> None:
    """The browser holds no session any more."""
    visit.request.state.token = ""
    visit.request.state.cookies[_names(lodge_of(visit))[0]] = ("", 0)


def keep(visit: Visit, response: Response) -> None:
    """Send the cookies; a page of somebody is kept by nobody, and comes by https or not at all."""
    if visit.lodge is not None and _secure(visit.lodge):
        response.headers["Strict-Transport-Security"] = f"max-age={STRICT_AGE}"
    if not getattr(visit.request.state, "private", False):
        return
    response.headers["Cache-Control"] = "no-store"
    for name, (value, age) in visit.request.state.cookies.items():
        response.set_cookie(
            name, value, max_age=age, path="/", httponly=True,
            # Who comes back from another house is sent by it, and must bring this one.
            samesite="lax" if name == _away(lodge_of(visit)) else "strict",
            secure=_secure(lodge_of(visit)),
        )  # fmt: skip


def to_the_door(visit: Visit) -> Response:
    """Where to sign in; after that one is here again."""
    if visit.token:
        let_go(visit)
    back = visit.with_asked(lang=None)
    return visit.go(f"/sign-in?{urlencode({'back': back})}")


def _heard(visit: Visit, door: str) -> None:
    """9255: whether a form is ours."""
    headers = visit.request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    ours = site == "same-origin" if origin is None else origin in lodge_of(visit).site.origins
    ours = ours and site in {None, "same-origin"}
    if ours and door == "own":
        given = visit.form.get("form_token", "").encode()
        ours = bool(visit.token) and hmac.compare_digest(given, visit.form_token.encode())
    if not ours:
        raise Refused([FormForeign(reference=FORMS)])


def _away(lodge: Lodge) -> str:
    return f"{_names(lodge)[0]}-away"


def _secure(lodge: Lodge) -> bool:
    return all(each.startswith("https://") for each in lodge.site.origins)


def _names(lodge: Lodge) -> tuple[str, str]:
    """The names of the cookies of the session and of the known browser."""
    prefix = "__Host-" if _secure(lodge) else ""
    return f"{prefix}tonne", f"{prefix}tonne-device"
