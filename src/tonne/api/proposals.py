"""Proposals of people, made and decided by their programs: tried, made, seen, decided."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import (
    TRADE,
    Approves,
    Proposes,
    Reads,
    TakesBack,
    account_seen,
    acting,
    has,
    sees,
)
from tonne.api.described import answers
from tonne.api.keys import Key
from tonne.api.narrowed import Made, Several, Sort, between
from tonne.api.shape import Moment, Name, Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.api.wished import Free, WishAsked, told, wish_of
from tonne.ledger import Matter
from tonne.operations import Books, Desk, Office, Scheme, people, proposals
from tonne.people import PEOPLE, LifeEvent, LifeState, Proposal, ProposalNotMade
from tonne.refusal import Refused
from tonne.signin import Key as Shown


class ProposalStep(Shape):
    """An event in the life of a proposal."""

    event: LifeEvent
    """What happened."""
    state: LifeState
    """How it stood then."""
    by: str | None
    """The person who did it; none where its time had come."""
    at: Moment
    """When."""
    comment: str | None
    """What they said of it."""
    refusals: list[int]
    """The numbers of the rules that were against it."""


class ProposalRow(Shape):
    """Something that a person wants done, and how it stands."""

    object: Literal["proposal"] = "proposal"
    """What this is."""
    code: str = Field(examples=["txn_01m808tx00e008000000000000"])
    """Its code."""
    scheme: str
    """The scheme in whose registry it was proposed."""
    verb: str = Field(examples=["transfer"])
    """What is wished."""
    account: str | None
    """On which account, if it is about one."""
    by: str
    """The person who proposed it."""
    state: LifeState
    """How it stands."""
    expected_completion_at: Moment | None
    """When it is carried out, where it waits for that."""
    wish: dict[str, JsonValue]
    """What is wished, in the words of the request."""
    steps: list[ProposalStep]
    """Its life up to now."""


class ForecastRow(Shape):
    """What would become of a proposal; nothing was done."""

    object: Literal["forecast"] = "forecast"
    """What this is."""
    verb: str
    """What is wished."""
    second: bool
    """Whether a second person must agree."""
    expected_completion_at: Moment | None
    """When it would be carried out if all agreed now; none, if at once."""
    trusted: bool
    """Whether units go to an account that is trusted."""


class Said(Shape):
    """Why somebody decides so."""

    comment: Free = Field(default="", examples=["the account was wrong"])
    """What is kept of it, and read by those concerned; who rejects or cancels says it."""


_Asked = Annotated[
    WishAsked,
    Body(
        examples=[
            {
                "verb": "transfer",
                "account": "XE-120-1-0-97",
                "target": "XE-120-7-0-95",
                "unit": "EXA-1",
                "count": 10,
            }
        ]
    ),
]
_Code = Annotated[
    Text,
    Path(description="The code of the proposal.", examples=["txn_01m808tx00e008000000000000"]),
]
_MADE: dict[int | str, dict[str, Any]] = {
    **answers(ForecastRow),
    201: {"description": "It is proposed.", "model": ProposalRow},
}


def routes(office: Office) -> APIRouter:
    """The addresses of proposals, and of what waits for a person."""
    router = APIRouter(prefix="/schemes/{scheme}", tags=["proposals"])
    _making(router, office)
    _listing(router, office)
    _seeing(router, office)
    for event in ("approve", "reject", "cancel"):
        _deciding(router, office, event)
    return router


def _making(router: APIRouter, office: Office) -> None:
    @router.post("/proposals", operation_id="create_proposal", status_code=201, responses=_MADE)
    def create_proposal(
        request: Request,
        scheme: Name,
        caller: Proposes,
        key: Key,
        body: _Asked,
        *,
        dry_run: Annotated[
            bool, Query(description="Only tell what would become of it, or every ground against.")
        ] = False,
    ) -> Response:
        """Propose something; with dry_run nothing is done, and what would become of it is told.

        What trades is proposed by keys that trade as well.
        """
        law, desk, wish = office.scheme(scheme), office.desk("operator"), wish_of(body)
        request.state.account = getattr(wish, "account", None)
        if isinstance(wish, proposals.Traded):
            has(caller, TRADE)

        def rehearse(books: Books) -> proposals.Forecast:
            _sees_its_account(books, law, wish, caller, desk)
            return proposals.rehearse(books, law, wish, by=caller.person, desk=desk)

        def propose(books: Books) -> Proposal:
            _sees_its_account(books, law, wish, caller, desk)
            return proposals.propose(
                books, law, wish, by=caller.person, key=key, desk=desk, signed=caller.id
            )

        if not dry_run:
            return show(request, _row(office.do(propose)), status=201)
        found = office.ask(rehearse)
        row = ForecastRow(
            verb=found.verb,
            second=found.second,
            expected_completion_at=found.due,
            trusted=found.trusted,
        )
        return show(request, row)


def _listing(router: APIRouter, office: Office) -> None:
    @router.get(
        "/proposals", operation_id="list_proposals", responses=answers(ProposalRow, many=True)
    )
    def list_proposals(
        request: Request,
        scheme: Name,
        caller: Reads,
        page: Page,
        made: Made,
        *,
        sort: Sort = "created",
        state: Annotated[
            list[LifeState] | None,
            Several,
            Query(description="Only those that stand so; several with commas between them."),
        ] = None,
        account: Annotated[
            Text | None, Query(description="Only on this account.", examples=["XE-120-1-0-97"])
        ] = None,
        by: Annotated[
            Text | None, Query(description="Only those that this person proposed.")
        ] = None,
    ) -> Response:
        """List the proposals that you see: on your accounts, and your own."""
        law, desk = office.scheme(scheme), office.desk("operator")
        after, before = between(page, sort)
        newest = sort == "-created"

        def question(books: Books) -> list[tuple[int, ProposalRow]]:
            acting(books, caller)

            def found(**only: str) -> list[Matter]:
                filters = {"account": account, "by": by} | only
                return list(
                    proposals.proposals(
                        books, law, states=state, made=made, after=after, before=before,
                        newest=newest, limit=page.more, **filters,
                    )
                )  # fmt: skip

            if account is not None:
                account_seen(books, law, account, key=caller, desk=desk)
                matters = found()
            elif sees(books, law, "", key=caller, desk=desk) is not None:
                matters = found()
            else:
                matters = _of_a_holder(books, law, found, by=by, caller=caller, desk=desk)
            found_once = {each.number: each for each in matters}
            rows = sorted(found_once.items(), reverse=newest)[: page.more]
            return [(number, _seen(books, law, each.subject, caller)) for number, each in rows]

        numbered = office.ask(question)
        numbers = {each.code: str(number) for number, each in numbered}
        return show_list(
            request, page, [each for _, each in numbered], shape=ProposalRow,
            cursor=lambda row: numbers[row.code],
        )  # fmt: skip


def _seeing(router: APIRouter, office: Office) -> None:
    @router.get("/proposals/{code}", operation_id="get_proposal", responses=answers(ProposalRow))
    def get_proposal(request: Request, scheme: Name, code: _Code, caller: Reads) -> Response:
        """Tell how a proposal stands, and its life up to now."""
        law, desk = office.scheme(scheme), office.desk("operator")

        def question(books: Books) -> ProposalRow:
            _the_proposal(books, law, code, caller, desk)
            return _seen(books, law, code, caller)

        return show(request, office.ask(question))

    @router.get("/tasks", operation_id="list_tasks", responses=answers(ProposalRow, many=True))
    def list_tasks(request: Request, scheme: Name, caller: Reads, page: Page) -> Response:
        """List what waits for you: proposals of others that you may approve or reject."""
        law, desk = office.scheme(scheme), office.desk("operator")

        after = page.number() or 0

        def question(books: Books) -> list[tuple[int, Proposal]]:
            acting(books, caller)
            found = proposals.waiting(books, law, caller.person, desk=desk, after=after)
            return [*islice(found, page.more)]

        numbered = office.ask(question)
        numbers = {each.code: str(number) for number, each in numbered}
        rows = [_row(each) for _, each in numbered]
        return show_list(
            request, page, rows, shape=ProposalRow, cursor=lambda row: numbers[row.code]
        )


_SENTENCES: dict[LifeEvent, str] = {
    "approve": "Agree to a proposal of another; what waits for nothing is carried out at once.",
    "reject": "Refuse a proposal, and say why; what it held is free again.",
    "cancel": "Take back a proposal, or stop what is delayed, and say why.",
}


def _deciding(router: APIRouter, office: Office, event: LifeEvent) -> None:
    def decided(request: Request, scheme: str, code: str, caller: Shown, body: Said) -> Response:
        law, desk = office.scheme(scheme), office.desk("operator")

        def decide(books: Books) -> Proposal:
            _the_proposal(books, law, code, caller, desk)
            return proposals.decide(
                books, law, code, event, by=caller.person, comment=body.comment,
                signed=caller.id, desk=desk,
            )  # fmt: skip

        return show(request, _row(office.do(decide)))

    def agreed(
        request: Request, scheme: Name, code: _Code, caller: Approves, body: Said
    ) -> Response:
        return decided(request, scheme, code, caller, body)

    def stopped(
        request: Request, scheme: Name, code: _Code, caller: TakesBack, body: Said
    ) -> Response:
        return decided(request, scheme, code, caller, body)

    router.post(
        f"/proposals/{{code}}/{event}",
        operation_id=f"{event}_proposal",
        responses=answers(ProposalRow),
        description=_SENTENCES[event],
    )(stopped if event == "cancel" else agreed)


def _of_a_holder(
    books: Books,
    law: Scheme,
    found: Callable[..., list[Matter]],
    *,
    by: str | None,
    caller: Shown,
    desk: Desk,
) -> list[Matter]:
    """What somebody sees who is not of the staff: what is on their accounts, and their own."""
    seen = [
        each
        for at_account in people.accounts_of(books, caller.person)
        if sees(books, law, at_account.account, key=caller, desk=desk) is not None
        for each in found(account=at_account.account)
    ]
    return [*seen, *(found(by=caller.person) if by in {None, caller.person} else ())]


def _sees_its_account(
    books: Books, law: Scheme, wish: proposals.Wish, caller: Shown, desk: Desk
) -> None:
    """Nothing of an account is told to who does not see it, also not by grounds against a wish."""
    acting(books, caller)
    if wish.account:
        reports = isinstance(wish, proposals.Verify)
        account_seen(books, law, wish.account, key=caller, desk=desk, reports=reports)


def _the_proposal(books: Books, law: Scheme, code: str, caller: Shown, desk: Desk) -> Proposal:
    """A proposal that the person of a key sees; else 3301, as of one that was not made."""
    acting(books, caller)
    found = proposals.proposal(books, law, code)
    mine = found.by == caller.person
    if not mine and sees(books, law, found.account, key=caller, desk=desk) is None:
        raise Refused([ProposalNotMade(reference=PEOPLE, proposal=code)])
    return found


def _seen(books: Books, law: Scheme, code: str, caller: Shown) -> ProposalRow:
    """A proposal as the person of a key is told it: of a sealed bid staff are told no price."""
    found = proposals.proposal(books, law, code)
    row, who = _row(found), people.person(books, caller.person)
    if not proposals.is_kept_from(books, law, who, found):
        return row
    sealed = {name: row.wish[name] for name in ("verb", "account", "auction")}
    return row.model_copy(update={"wish": sealed})


def _row(found: Proposal) -> ProposalRow:
    return ProposalRow(
        code=found.code,
        scheme=found.scheme,
        verb=found.verb,
        account=found.account or None,
        by=found.by,
        state=found.state,
        expected_completion_at=found.due if found.state == "delayed" else None,
        wish=told(proposals.wish_of(found)),
        steps=[
            ProposalStep(
                event=each.event,
                state=each.state,
                by=each.by or None,
                at=each.at,
                comment=each.comment or None,
                refusals=list(each.refusals),
            )
            for each in found.steps
        ],
    )
