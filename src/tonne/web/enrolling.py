"""Enrolment: a person comes with a code, sets what they sign in by, is told what to keep."""

import segno
from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.refusal import Refused
from tonne.signin import FactorShown, Seed
from tonne.web import gate
from tonne.web.entering import PASSWORD_MOST
from tonne.web.signing import response_of
from tonne.web.visit import Visit


def begin(visit: Visit) -> Response:
    """Where the code is given that an administrator told."""
    if visit.request.method == "GET":
        return visit.show("enrol.html", refusals=())
    try:
        opened = signin.open_enrolment(
            gate.lodge_of(visit), code=visit.sent("code"), caller=gate.caller(visit)
        )
    except Refused as no:
        return visit.show("enrol.html", http=400, refusals=no.refusals)
    gate.hold(visit, opened.token)
    return visit.go("/enrol/factors")


def factors(visit: Visit) -> Response:
    """Password, app and passkeys, one after another; at the end the codes that are told once."""
    if visit.request.method == "GET":
        return _page(visit)
    lodge, step = gate.lodge_of(visit), visit.sent("step")
    try:
        if step == "password":
            signin.set_password(
                lodge, visit.token, new=visit.form.get("password", "")[:PASSWORD_MOST]
            )
        elif step == "app":
            return _page(visit, seed=signin.begin_codes(lodge, visit.token))
        elif step == "first":
            signin.confirm_codes(
                lodge, visit.token, factor=visit.sent("factor"), code=visit.sent("code")
            )
        elif step == "passkey":
            begun = signin.begin_new_passkey(lodge, visit.token)
            return JSONResponse({"ticket": begun.ticket, "options": begun.options})
        elif visit.sent("ticket"):
            signin.add_passkey(
                lodge,
                visit.token,
                ticket=visit.sent("ticket"),
                response=response_of(visit),
                label=visit.sent("label"),
            )
        elif step == "finish":
            codes = signin.finish_enrolment(lodge, visit.token)
            gate.let_go(visit)
            return visit.show("recovery-codes.html", codes=codes)
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _page(visit, http=400, refusals=no.refusals, step=step)
    return visit.go("/enrol/factors")


def picture(seed: Seed) -> Markup:
    """The address of a seed as a picture that an app reads."""
    made = segno.make(seed.address, error="m", micro=False)
    return Markup(made.svg_inline(border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704  our own drawing of an address that is percent-encoded


def _page(
    visit: Visit,
    *,
    http: int = 200,
    refusals: tuple[object, ...] = (),
    seed: Seed | None = None,
    step: str = "",
) -> Response:
    had: list[FactorShown] = signin.factors(gate.lodge_of(visit), visit.token)
    kinds = {each.kind for each in had}
    return visit.show(
        "factors.html",
        http=http,
        refusals=refusals,
        step=step,
        kinds=kinds,
        ready="passkey" in kinds or {"password", "totp"} <= kinds,
        seed=seed,
        picture=None if seed is None else picture(seed),
        factor=seed.factor if seed else visit.sent("factor"),
    )
