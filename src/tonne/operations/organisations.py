"""Account holders as they are seen: all of them by the registry's staff, by others their own.

One's own is the organisation that one belongs to, and whoever holds an account that one sees.
"""

from collections.abc import Sequence

from tonne import people
from tonne.operations.books import Books
from tonne.operations.people import HOLDER, accounts_of, holder, mandates_on, person
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.people import Holder, HolderKind
from tonne.refusal import refuse_if_any

Numbered = tuple[int, Holder]
"""A holder, with a number that grows with every one that becomes known."""


def seen(
    books: Books,
    scheme: Scheme,
    *,
    by: str,
    desk: Desk,
    kinds: Sequence[HolderKind] | None = None,
    after: int = 0,
    limit: int,
) -> Sequence[Numbered]:
    """The holders that a person sees, as they became known; 1202 for who does not act."""
    own = _own(books, scheme, by=by, desk=desk)
    if own is None:
        found = books.matters(HOLDER, states=kinds, after=after, limit=limit)
    else:
        each_own = (books.matters(HOLDER, code, states=kinds, after=after) for code in own)
        found = sorted((each for few in each_own for each in few), key=lambda each: each.number)
    return [(each.number, holder(books, each.subject)) for each in found[:limit]]


def told(books: Books, scheme: Scheme, code: str, *, by: str, desk: Desk) -> Holder | None:
    """A holder, for a person who sees them; nothing for any other, as if there were none."""
    own = _own(books, scheme, by=by, desk=desk)
    hidden = own is not None and code not in own
    return None if hidden or not books.matters(HOLDER, code) else holder(books, code)


def _own(books: Books, scheme: Scheme, *, by: str, desk: Desk) -> set[str] | None:
    """The holders that are somebody's own, by their codes; of the staff none: they see all."""
    who, law = person(books, by), mandates_on(scheme, desk.day)
    refuse_if_any(people.acting_refusals(who))
    if law.sees_all(who):
        return None
    of_accounts = {
        each.holder
        for each in accounts_of(books, by)
        if not any(people.seeing_refusals(who, each, law))
    }
    return {code for code in (who.organisation, *of_accounts) if code}
