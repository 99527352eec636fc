"""What a person has at the door: what they sign in by, and where they are signed in."""

from starlette.responses import Response

from tonne import signin
from tonne.refusal import Refused
from tonne.web import gate
from tonne.web.entering import houses
from tonne.web.visit import Visit
from tonne.web.words import FACTORS


def you(visit: Visit) -> Response:
    """One's factors and sessions; the sessions that are not this one can be ended, with a code."""
    who, lodge = gate.member(visit), gate.lodge_of(visit)
    refusals: tuple[object, ...] = ()
    if visit.request.method == "POST":
        try:
            raised = signin.step_up_by_code(lodge, visit.token, code=visit.sent("code"))
            gate.hold(visit, raised.token)
            signin.end_other_sessions(lodge, visit.token)
            return visit.go("/you")
        except Refused as no:
            if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
                raise
            refusals = no.refusals
    held = [
        each
        for each in signin.factors(lodge, visit.token)
        if each.kind not in {"device", "recovery"}
    ]
    recovery = [each for each in signin.factors(lodge, visit.token) if each.kind == "recovery"]
    return visit.show(
        "you.html",
        http=400 if refusals else 200,
        member=who,
        refusals=refusals,
        factors=held,
        words={name: visit.reader.gettext(text) for name, text in FACTORS.items()},
        providers=houses(lodge),
        unspent=sum(not each.spent for each in recovery),
        sessions=list(reversed(signin.sessions(lodge, visit.token))),
    )
