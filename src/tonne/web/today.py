"""Today, for who is signed in: what matters most, what waits for whom, and their accounts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from tonne.operations import Books, Scheme, dealing, own, papers, people, proposals, public, trading
from tonne.people import DayMandates, Person, Proposal
from tonne.refusal import Refused
from tonne.registry import HoldingAccount, SourceDoesNotExist
from tonne.web import gate
from tonne.web.visit import Visit
from tonne.web.wishing import names_in, sentence
from tonne.web.words import STATES


@dataclass(frozen=True, kw_only=True)
class Task:
    """A proposal on a list: in a sentence, how it stands, and since when."""

    scheme: Scheme
    proposal: Proposal
    sentence: str
    state: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class MyDeal:
    """A deal that waits for one of a person's accounts to confirm it."""

    account: HoldingAccount
    deal: dealing.OwnDeal


@dataclass(frozen=True, kw_only=True)
class MyAccount:
    """An account that a person represents, and what it owes."""

    scheme: Scheme
    account: HoldingAccount
    duty: own.Duty | None


def today(visit: Visit) -> Response:
    """The one thing that matters, and below it what waits."""
    member = gate.member(visit)
    who = visit.ask(lambda books: people.person(books, member.code))
    schemes = [each for each in visit.office.schemes.values() if own.has_people(each)]
    mine: list[Proposal] = []
    others: list[Proposal] = []
    accounts: list[MyAccount] = []
    for law in schemes:
        desk = visit.desk
        found = visit.ask(lambda books, law=law: _waits(visit, books, law, member.code))  # type: ignore[misc]  # mypy: the loop's own
        mine += found[0]
        others += found[1]
        accounts += visit.ask(
            lambda books, law=law, desk=desk: [  # type: ignore[misc]
                MyAccount(scheme=law, account=each, duty=own.duty(books, law, each, desk=desk))
                for each in own.accounts(books, law, by=member.code)
            ]
        )
    pressing = sorted(
        (each for each in accounts if each.duty is not None and each.duty.owed),
        key=lambda each: (each.duty.by, -each.duty.short) if each.duty else (),
    )
    return visit.show(
        "today.html",
        member=member,
        who=who,
        mine=tasks(visit, mine),
        others=tasks(visit, others),
        accounts=accounts,
        deals=[each for mine_too in accounts for each in _deals(visit, member, mine_too)],
        pressing=pressing[0] if pressing else None,
        missing=_missing(visit, member, pressing[0]) if pressing else None,
        desks=[
            (each.name, visit.title(each)) for each in schemes if _law(visit, each).sees_all(who)
        ],
        judges=[each.name for each in schemes if _law(visit, each).verifies(who)],
    )


def _law(visit: Visit, scheme: Scheme) -> DayMandates:
    return people.mandates_on(scheme, visit.desk.day)


def account(visit: Visit) -> Response:
    """An account, for who acts on it: what it holds, owes, did, and whom it trusts."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    waiting = visit.ask(
        lambda books: own.of_account(books, law, told.account.number, by=member.code)
    )
    return visit.show(
        "my-account.html",
        member=member,
        scheme=law,
        title=visit.title(law),
        told=told,
        waiting=tasks(visit, waiting),
        certified=visit.ask(
            lambda books: (
                papers.certified(books, told.account.number, told.steps)
                if visit.certifier
                else frozenset()
            )
        ),
        trades=bool(trading.instruments(law, visit.desk.day)),
        auctions="auctions.toml" in law.laws,
        deals="deals.toml" in law.laws,
        money=bool(law.on(visit.desk.day).money()),
        names=visit.ask(
            lambda books: _names(books, [*told.people.mandates, *told.people.verifiers])
        ),
        rights={each.code: each.name for each in law.people.rights.on(visit.desk.day).value},
    )


def _missing(visit: Visit, member: gate.Member, mine: MyAccount) -> trading.Missing | None:
    """What the most pressing duty lacks, and what that costs now."""
    return visit.ask(
        lambda books: trading.missing(
            books, mine.scheme, mine.account.number, by=member.code, desk=visit.desk,
            views=visit.house.views, duty=mine.duty,
        )
    )  # fmt: skip


def _deals(visit: Visit, member: gate.Member, mine: MyAccount) -> list[MyDeal]:
    """The deals that wait for an account to confirm them, the newest first."""
    if "deals.toml" not in mine.scheme.laws:
        return []
    number, by = mine.account.number, member.code
    try:
        found = visit.ask(
            lambda books: dealing.waiting(books, mine.scheme, number, by=by, desk=visit.desk)
        )
    except Refused:
        # Whose mandate is suspended sees nothing of the account.
        return []
    return [MyDeal(account=mine.account, deal=each) for each in found]


def account_of(
    visit: Visit,
    member: gate.Member,
    look_at: Callable[..., own.OwnAccount] = own.account_told,
) -> tuple[Scheme, own.OwnAccount]:
    """The account in the address, if its scheme has people and who asks may look at it."""
    number = visit.place("number")

    def look(books: Books) -> tuple[Scheme, own.OwnAccount]:
        law = public.scheme_of(books, visit.office.schemes, number)
        if law is None or not own.has_people(law):
            reference = "Rule of the books: accounts"
            raise Refused([SourceDoesNotExist(reference=reference, account=number)])
        return law, look_at(books, law, number, by=member.code, desk=visit.desk)

    return visit.ask(look)


def tasks(visit: Visit, found: Sequence[Proposal]) -> list[Task]:
    """Proposals as a list shows them, the oldest first."""
    return [_task(visit, each) for each in found]


def _task(visit: Visit, found: Proposal) -> Task:
    law, wish = visit.office.scheme(found.scheme), proposals.wish_of(found)
    return Task(
        scheme=law,
        proposal=found,
        sentence=sentence(visit, law, wish, names_in(visit, law, wish)),
        state=visit.reader.gettext(STATES[found.state]),
        since=found.steps[-1].at,
    )


def _waits(
    visit: Visit, books: Books, law: Scheme, by: str
) -> tuple[list[Proposal], list[Proposal]]:
    """What waits for a person, and what they wait for."""
    return (
        proposals.waiting_for(books, law, by, desk=visit.desk, most=own.QUEUE_MAX),
        own.made_by(books, law, by),
    )


def _names(books: Books, codes: Sequence[str]) -> dict[str, Person]:
    return {code: people.person(books, code) for code in codes}
