"""Signing in with a house elsewhere: the browser goes there, comes back, and shows a code of ours.

It goes by a page of ours and not by a form's answer, for forms of ours go nowhere else. It comes
back to a page of ours and not to the next at once, for the session's cookie is not sent where
another site sends the browser.
"""

from starlette.responses import Response

from tonne import signin
from tonne.refusal import Refused
from tonne.signin import Halfway, Linked
from tonne.web import entering, gate
from tonne.web.visit import Visit


def leave(visit: Visit) -> Response:
    """Go there to sign in."""
    if visit.request.method == "GET":
        return visit.go("/sign-in")
    try:
        return _go(visit, "")
    except Refused as no:
        return entering.form(visit, refusals=no.refusals)


def link(visit: Visit) -> Response:
    """Go there to be known here by it from now on, having shown a code of one's app."""
    if visit.request.method == "GET":
        return visit.go("/you")
    gate.member(visit)
    lodge = gate.lodge_of(visit)
    raised = signin.step_up_by_code(lodge, visit.token, code=visit.sent("link_code"))
    gate.hold(visit, raised.token)
    return _go(visit, raised.token)


def back(visit: Visit) -> Response:
    """Come back: linked, let in, or asked for a code."""
    lodge = gate.lodge_of(visit)
    try:
        found = signin.end_provider(
            lodge,
            held=gate.held_of(visit),
            state=visit.asked("state"),
            code=visit.request.query_params.get("code", "")[:CODE_MOST],
            caller=gate.caller(visit),
        )
    except Refused as no:
        return entering.form(visit, refusals=no.refusals)
    if isinstance(found, Halfway):
        return _ask(visit, found.ticket)
    if isinstance(found, Linked):
        return visit.show("moved.html", to="/you", house="")
    gate.hold(visit, found.token, device=found.device)
    return visit.show("moved.html", to="/today", house="")


def second(visit: Visit) -> Response:
    """The code of one's app, after the other house's word."""
    if visit.request.method == "GET":
        return visit.go("/sign-in")
    try:
        opened = signin.sign_in_second(
            gate.lodge_of(visit),
            ticket=visit.sent("ticket"),
            code=visit.sent("code"),
            caller=gate.caller(visit),
        )
    except Refused as no:
        return entering.form(visit, refusals=no.refusals)
    gate.hold(visit, opened.token, device=opened.device)
    return visit.go("/today")


CODE_MOST = 2_000
"""No house gives a longer code."""


def _go(visit: Visit, token: str) -> Response:
    lodge, asked = gate.lodge_of(visit), visit.place("provider")
    origin = visit.request.headers.get("origin", "")
    if origin not in lodge.site.origins:
        origin = lodge.site.origins[0]
    going = signin.begin_provider(lodge, provider=asked, origin=origin, token=token)
    gate.send_off(visit, going.held)
    house = next(each.name for each in signin.providers(lodge) if each.id == asked)
    return visit.show("moved.html", to=going.address, house=house)


def _ask(visit: Visit, ticket: str) -> Response:
    return visit.show("second.html", ticket=ticket)
