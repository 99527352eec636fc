"""Deals as their sides see them: whoever sees the account of a side sees the deal, and nobody else.

Deals are no public record, and their names are numbers that can be guessed.
"""

from tonne import people
from tonne.operations.books import Books
from tonne.operations.contract_grounds import AGREED, DealUnknown
from tonne.operations.deal_words import DEAL, DealStands, the_deal
from tonne.operations.heard import subject_of
from tonne.operations.people import look_at, mandates_on, people_of, person
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.refusal import Refused


def own_names(books: Books, scheme: Scheme, account: str, *, by: str, desk: Desk) -> list[str]:
    """The deals in which an account buys or sells, by name, the newest first.

    For a person who may see the account; 1202 or 1203 for any other.
    """
    look_at(books, scheme, account, by=by, desk=desk)
    begin = subject_of(scheme, "")
    found = books.subjects(DEAL, account)
    return [each.removeprefix(begin) for each in reversed(found) if each.startswith(begin)]


def seen(books: Books, scheme: Scheme, name: str, *, by: str, desk: Desk) -> DealStands:
    """A deal, for who sees the account of a side; 8830 for any other, as if there were none."""
    found = the_deal(books, scheme, name, desk=desk)
    who, law = person(books, by), mandates_on(scheme, desk.day)
    sides = (found.deal.buyer, found.deal.seller)
    if all(any(people.seeing_refusals(who, people_of(books, side), law)) for side in sides):
        raise Refused([DealUnknown(reference=AGREED, deal=name, scheme=scheme.name)])
    return found
