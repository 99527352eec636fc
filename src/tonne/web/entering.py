"""Signing in and out: name, password and code on one form, or a passkey alone."""

from contextlib import suppress

from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.settings import inward
from tonne.web.signing import response_of
from tonne.web.visit import Visit

PASSWORD_MOST = 1_000


def sign_in(visit: Visit) -> Response:
    """The form, and what comes of it."""
    back = inward(visit.sent("back", 500) or visit.asked("back") or "/today")
    if visit.request.method == "GET":
        return form(visit, back=back)
    lodge = gate.lodge_of(visit)
    if visit.sent("step") == "passkey":
        begun = signin.begin_passkey(lodge)
        return JSONResponse({"ticket": begun.ticket, "options": begun.options})
    login = visit.sent("login")
    try:
        if visit.sent("ticket"):
            opened = signin.sign_in_by_passkey(
                lodge,
                ticket=visit.sent("ticket"),
                response=response_of(visit),
                caller=gate.caller(visit),
            )
        else:
            opened = signin.sign_in(
                lodge,
                login=login,
                password=visit.form.get("password", "")[:PASSWORD_MOST],
                code=visit.sent("code"),
                caller=gate.caller(visit),
            )
    except Refused as no:
        return form(visit, back=back, refusals=no.refusals, login=login)
    if visit.token:
        # Whoever had this browser before is out.
        signin.sign_out(lodge, visit.token)
    gate.hold(visit, opened.token, device=opened.device)
    return visit.go(back if back != "/" else "/today")


def form(
    visit: Visit, *, back: str = "/today", refusals: tuple[Refusal, ...] = (), login: str = ""
) -> Response:
    """The ways to sign in: by one's own factors, and by each house elsewhere."""
    lodge = gate.lodge_of(visit)
    return visit.show(
        "sign-in.html",
        http=400 if refusals else 200,
        back=back,
        refusals=refusals,
        login=login,
        providers=houses(lodge),
    )


def houses(lodge: signin.Lodge) -> list[signin.Provider]:
    """The houses elsewhere that can be asked."""
    return [] if lodge.abroad is None else signin.providers(lodge)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.request.method == "POST":
        with suppress(Refused):  # Who was not in is out already.
            gate.member(visit)
        signin.sign_out(gate.lodge_of(visit), visit.token)
        gate.let_go(visit)
        return visit.go("/sign-in")
    return visit.go("/you")
