"""A book as anybody may look at it: what rests in it, followed as orders come and go."""

from dataclasses import dataclass, field
from datetime import date

from tonne.market import Book, BookState, Depth
from tonne.operations.books import Books
from tonne.operations.engine_words import BOOK, ORDER, as_message, as_standing
from tonne.operations.heard import subject_of
from tonne.operations.market_views import depth_of
from tonne.operations.scheme import Scheme

__all__ = ["BookWatch"]

_CHUNK = 2_000
"""So many words are read at once."""


@dataclass(slots=True, kw_only=True)
class BookWatch:
    """The book of an instrument, lived again from what was said to it; it serves one at a time."""

    scheme: Scheme
    code: str
    number: int = 0
    """The number of the last word that it was told."""

    _book: Book | None = field(default=None, init=False)

    def follow(self, books: Books, *, day: date) -> int:
        """Catch up with what was said; the number of the last word.

        Who speaks to a book does so alone, so that no word comes in between later.
        """
        clause = self.scheme.instruments.instruments.on(day)
        instrument = self.scheme.instruments.instrument(self.code, on=day)
        subject = subject_of(self.scheme, self.code)
        if self._book is None or self._book.conditions.instrument != instrument:
            state, self.number = BookState(), 0
            for spoken in books.words_page(BOOK, subject, newest=True, limit=1):
                state, self.number = as_standing(spoken.word.body).book, spoken.number
            self._book = Book.restore(state, instrument=instrument, reference=clause.reference)
        while True:
            said = books.words_page(ORDER, subject, after=self.number, limit=_CHUNK)
            for spoken in said:
                self._book.take(as_message(spoken.word.body))
                self.number = spoken.number
            if len(said) < _CHUNK:
                return self.number

    @property
    def phase(self) -> str:
        """The phase of the trading day."""
        return self._known.conditions.phase

    @property
    def last_price(self) -> int | None:
        """The price of the last trade, in ticks."""
        return self._known.last_price

    def depth(self, levels: int) -> Depth:
        """What rests on both sides, the best prices first."""
        return depth_of(self._known, levels)

    @property
    def _known(self) -> Book:
        assert self._book is not None, "it was followed before"
        return self._book
