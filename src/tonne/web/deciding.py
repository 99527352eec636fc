"""A proposal: what it wants in a sentence, how it stands, and what who reads it may do about it."""

from collections.abc import Mapping

from starlette.responses import Response

from tonne.operations import Scheme, own, papers, proposals
from tonne.people import LifeEvent, Proposal
from tonne.refusal import Refusal, Refused
from tonne.web import allotting, gate, signing
from tonne.web.visit import Visit, unfit
from tonne.web.wishing import names_in, sentence, text_of
from tonne.web.words import EVENTS, STATES

COMMENT_MOST = 1_000
DECIDES: Mapping[str, LifeEvent] = {"approve": "approve", "reject": "reject", "cancel": "cancel"}


def proposal(visit: Visit) -> Response:
    """The proposal, and the decision of it: approved under a signature, refused for a reason."""
    member, law = gate.member(visit), visit.office.scheme(visit.place("scheme"))
    told = _told(visit, member, law)
    if visit.request.method == "GET":
        return _page(visit, member, law, told)
    step = visit.sent("step")
    text = _text(visit, law, told.proposal)
    if step == "passkey":
        return signing.asked_of_passkey(visit, text)
    if step == "sign":
        step = "approve"
    if step not in DECIDES:
        raise unfit("step", step, ", ".join(DECIDES))
    event = DECIDES[step]
    signed = ""
    try:
        if event == "approve":
            signed = signing.signed(visit, text)
        visit.office.do(
            lambda books: proposals.decide(
                books,
                law,
                told.proposal.code,
                event,
                by=member.code,
                comment=visit.sent("comment", COMMENT_MOST),
                signed=signed,
                desk=visit.desk,
            )
        )
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return _page(
            visit, member, law, _told(visit, member, law), refusals=no.refusals, event=event
        )
    return visit.go(f"/proposals/{law.name}/{told.proposal.code}")


def _told(visit: Visit, member: gate.Member, law: Scheme) -> own.OwnProposal:
    code = visit.place("code")
    return visit.ask(
        lambda books: own.proposal_told(books, law, code, by=member.code, desk=visit.desk)
    )


def _page(
    visit: Visit,
    member: gate.Member,
    law: Scheme,
    told: own.OwnProposal,
    *,
    refusals: tuple[Refusal, ...] = (),
    event: str = "",
) -> Response:
    say = visit.reader.gettext
    wish = proposals.wish_of(told.proposal)
    return visit.show(
        "proposal.html",
        http=400 if refusals else 200,
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        proposal=told.proposal,
        sentence=sentence(visit, law, wish, names_in(visit, law, wish)),
        state=say(STATES[told.proposal.state]),
        events={name: say(text) for name, text in EVENTS.items()},
        shown=signing.mark(visit, _text(visit, law, told.proposal)),
        table=allotting.of_proposal(visit, law, told.proposal, wish),
        certified=visit.certifier
        and visit.ask(lambda books: papers.transaction_of(books, told.proposal)),
        refusals=refusals,
        event=event,
        comment=visit.sent("comment", COMMENT_MOST),
    )


def _text(visit: Visit, law: Scheme, found: Proposal) -> str:
    """What is signed by who approves."""
    wish = proposals.wish_of(found)
    said = sentence(visit, law, wish, names_in(visit, law, wish))
    return text_of("approve", law, said, wish, found.code)
