"""What people hold in hand of an account that they act on: certificates, and its statement."""

from collections.abc import Iterable

from tonne.ledger import Step
from tonne.operations.ask import Statement, statement
from tonne.operations.books import Books
from tonne.operations.people import look_at
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.operations.taken_out import (
    CERTIFICATES,
    TakenOut,
    UnknownTransaction,
    end_of,
    taken_out,
)
from tonne.people import Proposal
from tonne.refusal import Refused


def given_up(
    books: Books, scheme: Scheme, account: str, number: int, *, by: str, desk: Desk
) -> TakenOut:
    """What a transaction took out of an account, for a person who may see that; or 9090."""
    look_at(books, scheme, account, by=by, desk=desk)
    story = books.story(number)
    sources = {each.source.number for each in story.transaction.movements} if story else set()
    if sources != {account}:
        raise Refused([UnknownTransaction(reference=CERTIFICATES, transaction=number)])
    return taken_out(books, scheme, number)


def certified(books: Books, account: str, steps: Iterable[Step]) -> frozenset[int]:
    """The transactions among an account's movements of which there are certificates."""
    gone = [each for each in steps if each.source == account]
    known = books.kept_by(sorted({each.target for each in gone}))
    kinds = {number: each.kind for number, (_, each) in known.items()}
    return frozenset(each.transaction for each in gone if end_of(kinds.get(each.target, "")))


def transaction_of(books: Books, proposal: Proposal) -> int | None:
    """The transaction by which a proposal was carried out that gave units up."""
    if proposal.state != "completed" or not proposal.account:
        return None
    known = books.known(proposal.code)
    story = None if known is None else books.story(known[0])
    if story is None:
        return None
    targets = {each.target.number for each in story.transaction.movements}
    kinds = {each.kind for number in targets for each in books.accounts(number=number)}
    return story.number if kinds and all(map(end_of, kinds)) else None


def own_statement(
    books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk, year: int | None = None
) -> Statement:
    """The whole story of an account, or a year of it, for a person who may see that."""
    look_at(books, scheme, account, by=by, desk=desk)
    return statement(books, scheme, account, desk=desk, year=year)
