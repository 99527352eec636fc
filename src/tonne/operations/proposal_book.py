"""What was proposed in a registry, as it stands: one by one, what is open, what waits for whom."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice

import msgspec

from tonne import people
from tonne.ledger import Matter, Span
from tonne.operations.auction_words import the_auction
from tonne.operations.books import Books
from tonne.operations.people import code_for, mandates_on, people_of, person
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.wishes import (
    Allocate,
    Cancel,
    ChangeStatus,
    Issue,
    Move,
    OpenAccount,
    Reverse,
    Surrender,
)
from tonne.operations.wishes_of_deals import ConfirmDeal, ProposeDeal
from tonne.operations.wishes_of_emissions import Report, Verify
from tonne.operations.wishes_of_people import (
    Appoint,
    ChangeRight,
    Deactivate,
    Distrust,
    HandOver,
    Remove,
    RestoreMandate,
    RestorePerson,
    SetRules,
    SuspendMandate,
    TakePosition,
    Trust,
    Unfreeze,
)
from tonne.operations.wishes_of_trade import AskWithdrawal, Bid, PutOrder
from tonne.operations.wishes_of_verifiers import AppointVerifier, DismissVerifier
from tonne.people import OPEN, PEOPLE, LifeState, Proposal, ProposalNotMade, ProposalWord
from tonne.refusal import Refused

Wish = (
    Move | Cancel | Surrender | Issue | Allocate | Reverse | OpenAccount | ChangeStatus | HandOver
    | Trust | Distrust | SetRules | Appoint | ChangeRight | Remove | SuspendMandate
    | RestoreMandate | TakePosition | RestorePerson | Deactivate | Unfreeze | PutOrder | Report
    | Verify | AppointVerifier | DismissVerifier | Bid | ProposeDeal | ConfirmDeal | AskWithdrawal
)  # fmt: skip
"""All that may be proposed; the law of a scheme says by whom."""


def proposal(books: Books, scheme: Scheme, code: str) -> Proposal:
    """The proposal of that code as it stands, or 3301."""
    found = people.proposal_of(
        code,
        (
            (each.at, msgspec.json.decode(each.word.body, type=ProposalWord))
            for each in books.words(topic_of(scheme), code)
        ),
    )
    if found is None:
        raise Refused([ProposalNotMade(reference=PEOPLE, proposal=code)])
    return found


def wish_of(standing: Proposal) -> Wish:
    """What was proposed."""
    wish: Wish = msgspec.json.decode(standing.wish, type=Wish)
    return wish


def proposals(
    books: Books,
    scheme: Scheme,
    *,
    states: Sequence[LifeState] | None = OPEN,
    account: str | None = None,
    by: str | None = None,
    made: Span | None = None,
    after: int = 0,
    before: int | None = None,
    newest: bool = False,
    limit: int = 100,
) -> Sequence[Matter]:
    """Proposals by how they stand, in the order in which they were made, or against it."""
    return books.matters(
        topic_of(scheme),
        states=states,
        account=account,
        about=by,
        made=made,
        after=after,
        before=before,
        newest=newest,
        limit=limit,
    )


def waiting_for(
    books: Books, scheme: Scheme, by: str, *, desk: Desk, most: int | None = None
) -> list[Proposal]:
    """What waits for a person to decide: they may, and did not propose it themselves.

    With ``most``, what staff proposed stands first and whole, then so many of others' at most: so
    nobody else fills the list until staff no longer see their own.
    """
    if most is None:
        return [each for _, each in waiting(books, scheme, by, desk=desk)]
    who, law = person(books, by), mandates_on(scheme, desk.day)
    first = [] if who.position is None else of_staff(books, scheme)
    mine = [each for each in first if _decides(books, who, each, law)]
    codes = {each.code for each in mine}
    rest = (each for _, each in waiting(books, scheme, by, desk=desk) if each.code not in codes)
    return [*mine, *islice(rest, most)]


def waiting(
    books: Books, scheme: Scheme, by: str, *, desk: Desk, after: int = 0
) -> Iterator[tuple[int, Proposal]]:
    """The same with numbers, after one of them; no more is read than is taken."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    for matter in _awaiting(books, scheme, who, after=after):
        if matter.about == by:
            continue
        found = proposal(books, scheme, matter.subject)
        if _decides(books, who, found, law):
            yield matter.number, found


def _decides(books: Books, who: people.Person, found: Proposal, law: people.DayMandates) -> bool:
    """Whether a person may approve it."""
    at_account = people_of(books, found.account) if found.account else None
    against = people.deciding_refusals(who, at_account, found, "approve", comment="", law=law)
    return not any(against)


def of_staff(books: Books, scheme: Scheme) -> list[Proposal]:
    """All that staff proposed and that waits for a second person, however much else waits."""
    found = _pages(books, scheme, None, after=0)
    return [
        proposal(books, scheme, each.subject) for each in _proposed_by(books, found, staff=True)
    ]


def of_others(books: Books, scheme: Scheme, *, after: int) -> Iterator[tuple[int, Proposal]]:
    """What all others proposed and that waits, with numbers, after one of them; no sealed bid."""
    matters = _pages(books, scheme, None, after=after)
    for each in _proposed_by(books, matters, staff=False):
        found = proposal(books, scheme, each.subject)
        if not is_sealed(books, scheme, found):
            yield each.number, found


def is_kept_from(books: Books, scheme: Scheme, who: people.Person, found: Proposal) -> bool:
    """Whether a proposal is not told to a person though they see the account: to no staff a bid.

    The authority sells; it is told what others bid once the bids are opened.
    """
    return who.position is not None and is_sealed(books, scheme, found)


def is_sealed(books: Books, scheme: Scheme, found: Proposal) -> bool:
    """Whether it is a bid that was not opened: its auction is not cleared."""
    if found.verb != Bid.verb:
        return False
    wish = wish_of(found)
    assert isinstance(wish, Bid), "what is proposed is what its verb says"
    try:
        return the_auction(books, scheme, wish.auction).cleared is None
    except Refused:
        return True


def _proposed_by(books: Books, found: Iterable[Matter], *, staff: bool) -> Iterator[Matter]:
    """Those of them that somebody of the staff proposed, or those that nobody of them did."""
    known: dict[str, bool] = {}
    for each in found:
        by = each.about
        if by not in known:
            known[by] = person(books, by).position is not None
        if known[by] == staff:
            yield each


def _awaiting(books: Books, scheme: Scheme, who: people.Person, *, after: int) -> Iterator[Matter]:
    """What waits for a second person: for staff all, for others what is on their accounts."""
    accounts: list[str | None] = [None]
    if who.position is None:
        accounts = [*books.subjects("account", who.code)]
    pages = (_pages(books, scheme, account, after=after) for account in accounts)
    yield from merge(*pages, key=lambda each: each.number)


def _pages(books: Books, scheme: Scheme, account: str | None, *, after: int) -> Iterator[Matter]:
    while True:
        page = proposals(
            books, scheme, states=["awaiting_approval"], account=account, after=after, limit=_CHUNK
        )
        yield from page
        if len(page) < _CHUNK:
            return
        after = page[-1].number


_CHUNK = 500


def code_of(scheme: Scheme, by: str, key: str) -> str:
    """The code of a proposal: the same request of the same person has the same."""
    return code_for("txn", scheme.name, by, key)


def topic_of(scheme: Scheme) -> str:
    """What the proposals of a scheme are kept under: schemes may share the books."""
    return f"proposal {scheme.name}"
