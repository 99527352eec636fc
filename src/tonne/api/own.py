"""What is one's own: who a key is, and what the accounts hold that its person sees."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.callers import AnyKey, Reads, account_seen, person_of
from tonne.api.described import answers
from tonne.api.narrowed import Made, Sort, between
from tonne.api.shape import Block, Moment, Name, Shape, Text
from tonne.api.shown import Page, show, show_list
from tonne.ledger import Step, join
from tonne.operations import Books, Desk, Office, Scheme, people
from tonne.people import AccountPeople, Position
from tonne.signin import Key as Shown


class KeyTold(Shape):
    """The key that was shown; its secret is told nowhere."""

    id: str = Field(examples=["key_01m808tx00e008000000000000"])
    """Its code."""
    label: str
    """What it is called."""
    scopes: list[str] = Field(examples=[["registry:read", "transfers:propose"]])
    """What it is good for."""
    live: bool
    """Whether for real books, or for those of a test."""


class AccountOfMine(Shape):
    """An account that a person represents."""

    scheme: str
    """The scheme that it belongs to."""
    number: str = Field(examples=["XE-120-1-0-97"])
    """Its number."""
    right: str = Field(examples=["initiate_and_approve"])
    """What the person may do."""
    suspended: bool
    """Whether they may not for the time being."""


class Me(Shape):
    """Who calls: the person for whom a key acts, and what it is good for."""

    object: Literal["me"] = "me"
    """What this is."""
    person: str = Field(examples=["usr_01m808tx00e008000000000000"])
    """The person, by their code."""
    name: str
    """Their name."""
    state: str
    """How they stand; only who is enrolled acts."""
    position: Position | None
    """Their position at the registry, if they have one."""
    key: KeyTold
    """The key."""
    accounts: list[AccountOfMine]
    """The accounts that they represent."""


class HoldingRow(Shape):
    """Units of one kind in an account."""

    object: Literal["holding"] = "holding"
    """What this is."""
    unit: str = Field(examples=["EXA-1"])
    """What kind of unit; a currency, of money in its smallest coin."""
    held: int
    """How many there are."""
    free: int
    """How many of them are not held for a proposal, an order or a trade."""
    blocks: list[Block]
    """Their numbers, where they have any."""


class MovementOfMine(Shape):
    """Units that came to an account or left it."""

    unit: str
    """What kind of unit."""
    count: int
    """How many."""
    source: str
    """From which account."""
    target: str
    """To which."""
    block: Block | None
    """Their numbers, where they have any."""


class TransactionRow(Shape):
    """A transaction that moved something of an account."""

    object: Literal["transaction"] = "transaction"
    """What this is."""
    number: int
    """Its number."""
    kind: str = Field(examples=["transfer"])
    """What was done."""
    day: date
    """The day on which it took effect."""
    recorded_at: Moment
    """When it was written down."""
    year: int | None
    """For which year, where that was said."""
    movements: list[MovementOfMine]
    """What came and went."""


class RepresentativeOf(Shape):
    """Somebody who represents an account."""

    person: str
    """The person, by their code."""
    right: str
    """What they may do."""
    suspended: bool
    """Whether they may not for the time being."""


class TrustedBy(Shape):
    """An account to which units may go."""

    account: str
    """Its number."""
    description: str
    """What it is trusted for."""
    active: Moment
    """From when."""


class VerifierOf(Shape):
    """A verifier who sees and judges the reports of an account."""

    person: str
    """The verifier, by their code."""
    first_year: int
    """The first year of the reports."""
    last_year: int
    """The last year of them."""


class PeopleOf(Shape):
    """Whose an account is, who acts on it, whom it trusts, and who verifies for it."""

    object: Literal["account_people"] = "account_people"
    """What this is."""
    account: str
    """The account."""
    holder: str | None
    """The account holder, by their code."""
    second_for_trusted: bool
    """Whether a second person agrees to transfers to trusted accounts."""
    outside_list: bool
    """Whether units may go to accounts that are not trusted."""
    second_for_duties: bool
    """Whether a second person agrees to what a duty asks."""
    representatives: list[RepresentativeOf]
    """Who acts on it."""
    trusted: list[TrustedBy]
    """Whom it trusts, now or soon."""
    verifiers: list[VerifierOf]
    """Who judges its reports."""


_Number = Annotated[
    Text, Path(description="The number of the account.", examples=["XE-120-1-0-97"])
]


def routes(office: Office) -> APIRouter:
    """The addresses of what is one's own."""
    router = APIRouter(tags=["own"])
    of_account = "/schemes/{scheme}/accounts/{number}"

    @router.get("/me", operation_id="get_me", responses=answers(Me))
    def get_me(request: Request, caller: AnyKey) -> Response:
        """Tell who a key is: its person, its scopes, and the accounts that they represent."""
        return show(request, office.ask(lambda books: _me(office, books, caller)))

    @router.get(
        f"{of_account}/holdings",
        operation_id="list_holdings",
        responses=answers(HoldingRow, many=True),
    )
    def list_holdings(
        request: Request, scheme: Name, number: _Number, caller: Reads, page: Page
    ) -> Response:
        """List what an account of yours holds, kind by kind."""
        law, desk = office.scheme(scheme), office.desk("operator")
        rows = office.ask(lambda books: _holdings(books, law, number, caller, desk))
        begin = page.begin([each.unit for each in rows])
        shown = rows[begin : begin + page.more]
        return show_list(request, page, shown, shape=HoldingRow, cursor=lambda row: row.unit)

    @router.get(
        f"{of_account}/transactions",
        operation_id="list_transactions",
        responses=answers(TransactionRow, many=True),
    )
    def list_transactions(  # noqa: PLR0917  as the address has it
        request: Request,
        scheme: Name,
        number: _Number,
        caller: Reads,
        page: Page,
        made: Made,
        *,
        sort: Sort = "created",
    ) -> Response:
        """List what moved something of an account of yours."""
        law, desk = office.scheme(scheme), office.desk("operator")
        after, before = between(page, sort)

        def question(books: Books) -> list[Step]:
            account_seen(books, law, number, key=caller, desk=desk)
            return [
                *books.steps_page(
                    number, after=after, before=before, newest=sort == "-created", made=made,
                    limit=page.more,
                )
            ]  # fmt: skip

        rows = _transactions(office.ask(question))
        return show_list(
            request, page, rows, shape=TransactionRow, cursor=lambda row: str(row.number)
        )

    @router.get(
        f"{of_account}/people", operation_id="get_account_people", responses=answers(PeopleOf)
    )
    def get_people(request: Request, scheme: Name, number: _Number, caller: Reads) -> Response:
        """Tell whose an account of yours is, who acts on it, and whom it trusts."""
        law, desk = office.scheme(scheme), office.desk("operator")
        _, found = office.ask(lambda books: account_seen(books, law, number, key=caller, desk=desk))
        return show(request, _people(found))

    return router


def _me(office: Office, books: Books, caller: Shown) -> Me:
    person = person_of(books, caller)
    mine = {each.account: each.mandates for each in people.accounts_of(books, caller.person)}
    kept = books.kept_by(list(mine))
    return Me(
        person=person.code,
        name=person.name,
        state=person.state,
        position=person.position,
        key=KeyTold(id=caller.id, label=caller.label, scopes=list(caller.scopes), live=caller.live),
        accounts=[
            AccountOfMine(
                scheme=kept[number][0],
                number=number,
                right=mandates[person.code].right,
                suspended=mandates[person.code].suspended,
            )
            for number, mandates in mine.items()
            if person.code in mandates and number in kept and kept[number][0] in office.schemes
        ],
    )


def _holdings(
    books: Books, law: Scheme, number: str, caller: Shown, desk: Desk
) -> list[HoldingRow]:
    account_seen(books, law, number, key=caller, desk=desk)
    held = {unit: count for unit, count in sorted(books.holdings(number).items()) if count}
    assets = {each.code: each for each in books.assets(list(held))}
    free = books.free([(number, unit) for unit in held])
    rows = []
    for unit, count in held.items():
        blocks: list[Block] = []
        if assets[unit].serialised:
            lots = books.lots([number], unit).get(number, [])
            blocks = [
                Block(series=each.series, first=each.first, last=each.last)
                for each in join(lot.block for lot, _ in lots)
            ]
        rows.append(
            HoldingRow(unit=unit, held=count, free=free.get((number, unit), 0), blocks=blocks)
        )
    return rows


def _transactions(steps: list[Step]) -> list[TransactionRow]:
    found: dict[int, list[Step]] = {}
    for each in steps:
        found.setdefault(each.transaction, []).append(each)
    return [
        TransactionRow(
            number=number,
            kind=each[0].kind,
            day=each[0].day,
            recorded_at=each[0].at,
            year=each[0].year,
            movements=[_movement(step) for step in each],
        )
        for number, each in found.items()
    ]


def _movement(step: Step) -> MovementOfMine:
    block = (
        None if step.series is None else Block(series=step.series, first=step.first, last=step.last)
    )
    return MovementOfMine(
        unit=step.asset, count=step.units, source=step.source, target=step.target, block=block
    )


def _people(found: AccountPeople) -> PeopleOf:
    return PeopleOf(
        account=found.account,
        holder=found.holder,
        second_for_trusted=found.rules.second_for_trusted,
        outside_list=found.rules.outside_list,
        second_for_duties=found.rules.second_for_duties,
        representatives=[
            RepresentativeOf(person=each.person, right=each.right, suspended=each.suspended)
            for each in found.mandates.values()
        ],
        trusted=[
            TrustedBy(account=each.target, description=each.description, active=each.active)
            for each in found.trusted.values()
        ],
        verifiers=[
            VerifierOf(person=each.person, first_year=each.first_year, last_year=each.last_year)
            for each in found.verifiers.values()
        ],
    )
