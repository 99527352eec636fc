"""What a clock came to is paid: year by year, or at once."""

from collections.abc import Iterator, Sequence

from tonne.operations.books import Books
from tonne.operations.clock_words import (
    CLOCK,
    ClockStands,
    Part,
    Settled,
    Unpaid,
    hold_again,
    result,
    the_clock,
)
from tonne.operations.heard import enter, payment, speak, subject_of
from tonne.operations.record import Desk, Receipt, once, record
from tonne.operations.scheme import Scheme
from tonne.operations.tender_grounds import NothingDueAtClock, WithoutAgreement
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal, refuse_if_any


def settle(
    books: Books,
    scheme: Scheme,
    name: str,
    *,
    year: int = 1,
    missed: Sequence[str] = (),
    key: str,
    desk: Desk,
) -> ClockStands:
    """Pay what is due for a year of the path, out of what is on hold for it.

    Who missed its reductions gets nothing of that year, and what was on hold for it is free. Who
    cannot be paid, because of its account, is told with the reason and may be paid later. Where
    the law pays at once, there is one year.
    """
    named = tuple(dict.fromkeys(missed))
    digest, before = once(books, scheme, key, "settle_clock", (name, year, named))
    books.speak_alone(CLOCK, subject_of(scheme, name))
    stands = result(books, scheme, name)
    if before is not None:
        return stands
    law = stands.law(scheme)
    refuse_if_any(
        [
            *scheme.on(desk.day).act_refusals("settle_clock", desk.by),
            *_not_due(stands, scheme, year, named, law.reference),
        ]
    )
    entry = enter(
        books, scheme, key=key, digest=digest, kind="settle_clock", because=(law.reference,),
        desk=desk,
    )  # fmt: skip
    hold_again(books, scheme, stands, 0, entry=entry, desk=desk)
    word = _paid(books, scheme, stands, year, named, key=key, desk=desk)
    speak(books, scheme, entry, CLOCK, [(name, word)])
    found = the_clock(books, scheme, name)
    hold_again(books, scheme, found, found.left(scheme), entry=entry, desk=desk)
    return found


def _paid(
    books: Books,
    scheme: Scheme,
    stands: ClockStands,
    year: int,
    missed: tuple[str, ...],
    *,
    key: str,
    desk: Desk,
) -> Settled:
    """The payments for a year, each on its own, and why some could not be made."""
    law = stands.law(scheme)
    currency = Currency(law.value.currency)
    due = {who: minor for who, minor in stands.due(year, scheme).items() if who not in missed}
    asked = [
        payment(
            stands.opened.buyer,
            who,
            Money(minor, currency),
            key=f"{key}/{who}",
            because=(scheme.clocks.payment.on(stands.opened.on).reference,),
        )
        for who, minor in due.items()
    ]
    answers = dict(zip(due, record(books, scheme, asked, desk=desk), strict=True))
    return Settled(
        year=year,
        paid=tuple(
            Part(bidder=who, minor=due[who], transaction=answer.number)
            for who, answer in answers.items()
            if isinstance(answer, Receipt)
        ),
        missed=missed,
        unpaid=tuple(
            Unpaid(bidder=who, why=tuple(f"[{no.number}] {no}" for no in answer))
            for who, answer in answers.items()
            if not isinstance(answer, Receipt)
        ),
    )


def _not_due(
    stands: ClockStands, scheme: Scheme, year: int, missed: tuple[str, ...], reference: str
) -> Iterator[Refusal]:
    """8859, 8861."""
    due = stands.due(year, scheme)
    if not due:
        years = stands.years(scheme)
        yield NothingDueAtClock(reference=reference, clock=stands.name, year=year, years=years)
    for who in missed:
        if due and who not in due:
            yield WithoutAgreement(reference=reference, clock=stands.name, bidder=who, year=year)
