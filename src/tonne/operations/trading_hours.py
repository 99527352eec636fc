"""The books of a scheme's exchange as they stand, and by the clock: opened, closed, settled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from tonne.market import Instrument
from tonne.operations.books import Books
from tonne.operations.engine import Engine, Run
from tonne.operations.engine_book import Live
from tonne.operations.heard import subject_of
from tonne.operations.record import Desk
from tonne.operations.scheme import INSTRUMENTS, SETTLEMENT, Scheme
from tonne.operations.trading_day import due_messages
from tonne.rulebook import NotInForce

Ask = Callable[[Callable[[Books], bool]], bool]


@dataclass(slots=True)
class Views:
    """The books of instruments as they stand, kept until somebody tells one anything."""

    _kept: dict[str, Live] = field(default_factory=dict)

    def of(self, books: Books, scheme: Scheme, code: str, *, desk: Desk) -> Live:
        """The book of an instrument, to be looked at and not to be told anything.

        It is kept, so nothing may have been told to it that is not committed.
        """
        subject = subject_of(scheme, code)
        live = self._kept.get(subject)
        if live is None or not live.stands(books, desk.day):
            live = Engine(scheme, code).look(books, desk=desk)
            self._kept[subject] = live
        return live


def instruments(scheme: Scheme, day: date) -> tuple[Instrument, ...]:
    """What is traded in a scheme on a day; nothing where its law says nothing of it."""
    if INSTRUMENTS not in scheme.laws:
        return ()
    try:
        return scheme.instruments.instruments.on(day).value
    except NotInForce:
        return ()


@dataclass(slots=True)
class Hours:
    """What the clock does on the exchange of a scheme, whoever else is there."""

    scheme: Scheme
    views: Views = field(default_factory=Views)

    def keep(self, ask: Ask, run: Run, *, desk: Desk) -> list[str]:
        """Tell every book what is due, and settle what is; what was done.

        ``ask`` runs a question and ``run`` an operation that is kept. Where nothing is due nothing
        is written.
        """
        done: list[str] = []
        for instrument in instruments(self.scheme, desk.day):
            code, subject = instrument.code, subject_of(self.scheme, instrument.code)
            engine = Engine(self.scheme, code)
            if ask(partial(self.is_due, code=code, desk=desk)):
                engine.serve(run, [], key=f"clock {subject} {desk.at.isoformat()}", desk=desk)
                done.append(f"{code} by the clock")
            if ask(partial(self.is_settled, code=code, desk=desk)):
                engine.settle(run, key=f"settlement {subject} {desk.day}", desk=desk)
                done.append(f"{code} settled")
        return done

    def is_due(self, books: Books, *, code: str, desk: Desk) -> bool:
        """Whether the clock has anything to say to a book: it opens, it closes, a day begins.

        Or an account whose orders rest there is not open any more.

        A book that nobody has told anything waits for its first order, which opens it.
        """
        live = self.views.of(books, self.scheme, code, desk=desk)
        due = due_messages(
            live.book.conditions, live.book.last_price, desk.at, self.scheme.calendar
        )
        return bool(live.entry) and (any(due) or live.is_left(books))

    def is_settled(self, books: Books, *, code: str, desk: Desk) -> bool:
        """Whether trades of a book are settled now: their day has come, and they were not tried."""
        if SETTLEMENT not in self.scheme.laws:
            return False
        live = self.views.of(books, self.scheme, code, desk=desk)
        due = any(e.due is not None and e.due <= desk.day for e in live.unsettled.values())
        return due and books.known(f"settlement {live.subject} {desk.day}") is None
