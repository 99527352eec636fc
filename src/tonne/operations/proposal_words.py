"""What is kept of a proposal: its entries in the journal, what was said of it, what it held."""

from collections.abc import Sequence
from datetime import date

import msgspec

from tonne.ledger import KeptWord
from tonne.operations.books import Books
from tonne.operations.heard import Wanted, enter, still_held
from tonne.operations.proposal_book import Wish, topic_of
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.wishes import Reverse, TakesUnits
from tonne.operations.wishes_of_trade import AskWithdrawal, Traded
from tonne.people import PEOPLE, Decided, LifeEvent, ProposalWord

MOVES = TakesUnits | Traded | AskWithdrawal
"""Wishes by which units or money move, now or later."""


def taken(scheme: Scheme, wish: Wish, code: str, *, desk: Desk) -> list[Wanted]:
    """What a wish takes from an account, and what is held for it while it waits.

    For what is traded nothing is: what is free is looked at when it comes to that.
    """
    if isinstance(wish, TakesUnits) and wish.count > 0:
        return [Wanted(code, wish.account, wish.unit, wish.count)]
    if isinstance(wish, AskWithdrawal):
        asked = wish.money(scheme, desk)
        return [Wanted(code, wish.account, asked.currency.code, asked.minor)]
    return []


def free(books: Books, entry: int, code: str) -> None:
    """Let what was held for a proposal be free again."""
    if held := still_held(books, [code]):
        books.end_holds(entry, held)


def clock(books: Books, scheme: Scheme, code: str, event: LifeEvent, *, desk: Desk) -> int:
    """The entry of what happens to a proposal by no person's hand."""
    digest, _ = once(books, scheme, f"{code} {event}", event, code)
    return enter_proposal(books, scheme, f"{code} {event}", digest, event, desk=desk)


def enter_proposal(
    books: Books, scheme: Scheme, key: str, digest: bytes, kind: str, *, desk: Desk
) -> int:
    """The entry of what a person does about a proposal."""
    return enter(books, scheme, key=key, digest=digest, kind=kind, because=(PEOPLE,), desk=desk)


def say(
    books: Books,
    scheme: Scheme,
    code: str,
    words: Sequence[ProposalWord],
    *,
    entry: int,
    account: str,
    by: str,
    beside: Sequence[KeptWord] = (),
) -> None:
    """Keep what becomes of a proposal, and what is said beside it."""
    books.say(
        entry,
        [*beside]
        + [
            KeptWord(
                topic_of(scheme), code, msgspec.json.encode(word).decode(),
                state=word.becomes, account=account, about=by, due=word.due,
            )
            for word in words
        ],
    )  # fmt: skip


def proposed_on(books: Books, scheme: Scheme, by: str, day: date) -> int:
    """How much a person proposed on a day that waited, when it was proposed."""
    found = books.words(_PROPOSED, _of_day(scheme, by, day), last=True)
    return msgspec.json.decode(found[0].word.body, type=int) if found else 0


def count_still(books: Books, scheme: Scheme, by: str, day: date) -> None:
    """Let the same person propose nothing beside it until the commit, so that all is counted."""
    books.speak_alone(_PROPOSED, _of_day(scheme, by, day))


def counted(scheme: Scheme, by: str, day: date, count: int) -> KeptWord:
    """That a person has proposed so much on a day that waited, as it is kept."""
    return KeptWord(_PROPOSED, _of_day(scheme, by, day), f"{count}", about=by)


_PROPOSED = "proposed"
"""The topic under which it is counted: of all days, so nothing has to be set back."""


def _of_day(scheme: Scheme, by: str, day: date) -> str:
    return f"{scheme.name} {by} {day}"


def tell_reversed(books: Books, scheme: Scheme, wish: object, code: str, *, desk: Desk) -> None:
    """Say of the proposal whose transaction is reversed that it is."""
    story = books.story(wish.number) if isinstance(wish, Reverse) else None
    if story is None:
        return
    original = story.transaction.key.partition("/")[0]
    matters = books.matters(topic_of(scheme), original, states=["completed"])
    for matter in matters:
        entry = clock(books, scheme, original, "reverse", desk=desk)
        word = Decided(event="reverse", becomes="reversed", comment=code)
        say(books, scheme, original, [word], entry=entry, account=matter.account, by="")
