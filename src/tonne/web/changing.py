"""Changing what one signs in by: the password, passkeys, apps for codes, and recovery codes.

Whoever changes something has shown a second factor since they signed in, and not long ago. So a
browser that somebody left, and a session that was stolen before, change nothing. Whatever is
changed, one's other sessions end.
"""

from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.refusal import Refused
from tonne.signin import Seed
from tonne.web import gate
from tonne.web.enrolling import picture
from tonne.web.entering import PASSWORD_MOST
from tonne.web.signing import response_of
from tonne.web.visit import Visit, unfit
from tonne.web.words import FACTORS

ADDRESS = "/you/factors"
ACTS = ("confirm", "password", "remove", "app", "first", "passkey", "recovery")
NOT_FRESH = 9141


def change(visit: Visit) -> Response:
    """First a factor is shown, then others are set and removed."""
    gate.member(visit)
    if visit.request.method == "GET":
        return _page(visit)
    act = visit.sent("act")
    if act not in ACTS:
        raise unfit("act", act, ", ".join(ACTS))
    try:
        if act == "confirm":
            return _confirmed(visit)
        if not _is_confirmed(visit):
            return _page(visit)
        return _changed(visit, act)
    except Refused as no:
        numbers = {each.number for each in no.refusals}
        if gate.NOT_SIGNED_IN in numbers:
            raise
        return _page(visit, http=400, refusals=no.refusals, act=act)


def _confirmed(visit: Visit) -> Response:
    """A second factor is shown: a code, or a passkey."""
    lodge = gate.lodge_of(visit)
    if visit.sent("ticket"):
        raised = signin.step_up_by_passkey(
            lodge, visit.token, ticket=visit.sent("ticket"), response=response_of(visit)
        )
    elif visit.sent("step") == "passkey":
        begun = signin.begin_step_up(lodge, visit.token)
        return JSONResponse({"ticket": begun.ticket, "options": begun.options})
    else:
        raised = signin.step_up_by_code(lodge, visit.token, code=visit.sent("code"))
    gate.hold(visit, raised.token)
    return visit.go(ADDRESS)


def _changed(visit: Visit, act: str) -> Response:
    """What is done to one's factors; the sessions that are not this one end with it."""
    lodge, token = gate.lodge_of(visit), visit.token
    if act == "app":
        return _page(visit, seed=signin.begin_codes(lodge, token), act="first")
    if act == "passkey" and not visit.sent("ticket"):
        begun = signin.begin_new_passkey(lodge, token)
        return JSONResponse({"ticket": begun.ticket, "options": begun.options})
    if act == "password":
        new, current = (
            visit.form.get(name, "")[:PASSWORD_MOST] for name in ("password", "current")
        )
        signin.set_password(lodge, token, new=new, current=current)
    elif act == "remove":
        signin.remove_factor(lodge, token, factor=visit.sent("factor"))
    elif act == "first":
        signin.confirm_codes(lodge, token, factor=visit.sent("factor"), code=visit.sent("code"))
    elif act == "passkey":
        signin.add_passkey(
            lodge,
            token,
            ticket=visit.sent("ticket"),
            response=response_of(visit),
            label=visit.sent("label"),
        )
    elif act == "recovery":
        codes = signin.new_recovery_codes(lodge, token)
        signin.end_other_sessions(lodge, token)
        return visit.show("recovery-codes.html", codes=codes, member=gate.member(visit))
    signin.end_other_sessions(lodge, token)
    return visit.go(ADDRESS)


def _is_confirmed(visit: Visit) -> bool:
    """Whether a factor was shown since signing in, and not long ago."""
    lodge = gate.lodge_of(visit)
    try:
        session = signin.fresh(lodge, visit.token)
    except Refused as no:
        if {each.number for each in no.refusals} != {NOT_FRESH}:
            raise
        return False
    return session.confirmed_at > session.opened_at


def _page(
    visit: Visit,
    *,
    http: int = 200,
    refusals: tuple[object, ...] = (),
    seed: Seed | None = None,
    act: str = "",
) -> Response:
    lodge = gate.lodge_of(visit)
    known = [
        each
        for each in signin.factors(lodge, visit.token)
        if each.kind not in {"device", "recovery"}
    ]
    return visit.show(
        "change.html",
        http=http,
        member=gate.member(visit),
        refusals=refusals,
        confirmed=_is_confirmed(visit),
        factors=known,
        kinds={each.kind for each in known},
        words={name: visit.reader.gettext(text) for name, text in FACTORS.items()},
        seed=seed,
        picture=None if seed is None else picture(seed),
        factor=seed.factor if seed else visit.sent("factor"),
        act=act,
    )
