"""What this is, how to check it, what is kept about people, and why Tonne says no."""

from starlette.responses import Response

from tonne.languages import remedied
from tonne.refusal import Refusal, Refused, catalogue
from tonne.web.refusals import ADDRESSES, NoSuchRefusal
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit


def about(visit: Visit) -> Response:
    """What this is, and how anybody can check it."""
    return visit.show("about.html", schemes=[
        (name, visit.title(law), law.fingerprint) for name, law in visit.office.schemes.items()
    ])  # fmt: skip


def kept(visit: Visit) -> Response:
    """What is kept about people, and why."""
    return visit.show("kept.html")


def refusals(visit: Visit) -> Response:
    """Every refusal by its number."""
    say = visit.reader.gettext
    table = Table(
        title=say("Refusals"),
        columns=(
            Column(key="number", heading=say("Number"), kind="code"),
            Column(key="rule", heading=say("The rule"), kind="text"),
            Column(key="remedy", heading=say("What can be done"), kind="text"),
        ),
        rows=[
            Line(
                values={"number": each.number, "rule": rule(each), "remedy": each.remedy},
                links={"number": f"/refusals/{each.number}"},
                notes={"remedy": remedied(each.remedy, visit.reader).text},
            )
            for each in _ours()
        ],
        downloads="/refusals",
    )
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, None)
    return visit.show("refusals.html", table=table)


def refusal(visit: Visit) -> Response:
    """One refusal: the rule, and what can be done."""
    asked = visit.place("number")
    for kind in _ours():
        if str(kind.number) == asked:
            return visit.show("refusal.html", kind=kind, rule=rule(kind))
    raise Refused([NoSuchRefusal(reference=ADDRESSES, asked=asked[:40])])


def rule(kind: type[Refusal]) -> str:
    """The rule that was not met, in a sentence."""
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _ours() -> list[type[Refusal]]:
    return [kind for kind in catalogue() if kind.__module__.startswith("tonne.")]
