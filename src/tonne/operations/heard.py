"""What was said in the market of one scheme: kept word for word, and read back into its records."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from tonne import registry
from tonne.ledger import Account, ExceedsHolding, Hold, KeptWord, Transaction
from tonne.operations.books import Books, Spoken
from tonne.operations.cash import movement_of, no_money, unknown_money
from tonne.operations.record import Desk, Receipt, record_all
from tonne.operations.scheme import Scheme
from tonne.operations.units import asset_of
from tonne.quantity import Money
from tonne.refusal import Refusal, Refused, refuse_if_any
from tonne.registry import DayRules

T = TypeVar("T")
PAY = "pay"
_HELD = (ExceedsHolding.number, "What is promised is held, free of other promises")


class Heard(NamedTuple):
    """A word with the record that its body is."""

    spoken: Spoken
    body: object


class Wanted(Struct, frozen=True):
    """So many of an asset that an account is to promise, under a key."""

    key: str
    account: str
    code: str
    count: int


def moment(desk: Desk) -> datetime:
    """The time of what is said: now; or where it takes effect on another day, then at this time.

    The day may be another than that of the clock by one, for days begin elsewhere before.
    """
    if abs(desk.day - desk.at.date()) <= timedelta(days=1):
        return desk.at
    return datetime.combine(desk.day, desk.at.timetz())


def subject_of(scheme: Scheme, name: str) -> str:
    """What words about something are kept under: schemes may share the books."""
    return f"{scheme.name} {name}"


def hear(
    books: Books, scheme: Scheme, topic: str, kinds: object, name: str | None = None
) -> dict[str, list[Heard]]:
    """What was said on a topic, by name, of all names or of one; the names in their order."""
    subject = None if name is None else subject_of(scheme, name)
    start = subject_of(scheme, "")
    found: dict[str, list[Heard]] = {}
    for spoken in books.words(topic, subject):
        if spoken.word.subject.startswith(start):
            body = msgspec.json.decode(spoken.word.body, type=kinds)
            found.setdefault(spoken.word.subject.removeprefix(start), []).append(
                Heard(spoken, body)
            )
    return found


def speak(
    books: Books, scheme: Scheme, entry: int, topic: str, said: Iterable[tuple[str, object]]
) -> None:
    """Keep what was said by an entry, name by name."""
    books.say(
        entry,
        [
            KeptWord(topic, subject_of(scheme, name), msgspec.json.encode(body).decode())
            for name, body in said
        ],
    )


def enter(
    books: Books,
    scheme: Scheme,
    *,
    key: str,
    digest: bytes,
    kind: str,
    because: tuple[str, ...],
    desk: Desk,
) -> int:
    """The entry of what was said, and its number."""
    stamp = scheme.stamp(desk.day, desk.at)
    return books.enter(key=key, digest=digest, kind=kind, year=None, because=because, stamp=stamp)


def grounds_of(decide: Callable[[], T]) -> tuple[T | None, tuple[Refusal, ...]]:
    """What a decision comes to, or why not: so that all grounds are told together."""
    try:
        return decide(), ()
    except Refused as no:
        return None, no.refusals


def promise(
    books: Books, day: DayRules, entry: int, wanted: Sequence[Wanted], *, desk: Desk
) -> None:
    """Hold what is promised from now on, or refuse it where it is not free."""
    each = [one for one in wanted if one.count]
    short = lacking(books, each, day)
    desk.tell([_HELD], short)
    refuse_if_any(short)
    books.add_holds(
        entry,
        [
            Hold(
                key=one.key,
                account=Account(one.account),
                asset=asset_of(one.code, day),
                count=one.count,
            )
            for one in each
        ],
    )


def still_held(books: Books, keys: Iterable[str]) -> list[str]:
    """Those keys under which something is promised now."""
    return [key for key in keys for found in books.holds(key=key) if found.ended is None]


def pay(
    books: Books,
    scheme: Scheme,
    source: str,
    target: str,
    amount: Money,
    *,
    key: str,
    because: tuple[str, ...],
    desk: Desk,
) -> Receipt:
    """Money that one account pays another under an agreement."""
    day = scheme.on(desk.day)
    refuse_if_any([*unknown_money(amount.currency, day), *no_money(amount, day)])
    refuse_if_any(registry.same_account(source, target, reference=day.on_transactions))
    paid = payment(source, target, amount, key=key, because=because)
    return record_all(books, scheme, [paid], desk=desk)[0]


def payment(
    source: str, target: str, amount: Money, *, key: str, because: tuple[str, ...]
) -> Transaction:
    """The transaction by which one account pays another."""
    movement = movement_of(Account(source), Account(target), amount)
    return Transaction(key=key, kind=PAY, movements=(movement,), because=because)


def lacking(books: Books, wanted: Sequence[Wanted], day: DayRules) -> list[ExceedsHolding]:
    """What accounts that are locked from now on do not have free of what is wanted."""
    total: dict[tuple[str, str], int] = {}
    for one in wanted:
        total[one.account, one.code] = total.get((one.account, one.code), 0) + one.count
    books.lock(sorted({account for account, _ in total}))
    free = books.free(list(total))
    return [
        ExceedsHolding(
            account=account,
            asset=code,
            asked=count,
            free=free[account, code],
            held=books.holdings(account).get(code, 0) - free[account, code],
            reference=day.on_transactions,
        )
        for (account, code), count in total.items()
        if count > free[account, code]
    ]
