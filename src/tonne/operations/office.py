"""What a door to Tonne needs: the law of the schemes, the books, and the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Protocol, TypeVar

from tonne.operations.books import Books
from tonne.operations.record import Desk
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, Refused
from tonne.registry import Role

T = TypeVar("T")


class Store(Protocol):
    """The books: an operation is run on them whole or not at all."""

    def run(self, operation: Callable[[Books], T], *, keep: bool = True) -> T:
        """Run an operation; with ``keep=False`` nothing of it remains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownScheme(Refusal):
    """A door speaks of the schemes that it was opened for."""

    number: ClassVar[int] = 9004
    remedy: ClassVar[str] = "Name one of the schemes that are named here."

    scheme: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no scheme {self.scheme!r} here, but {', '.join(self.known) or 'none'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The law of the schemes, the books they share, and the clock by which they are served."""

    schemes: Mapping[str, Scheme]
    store: Store
    now: Callable[[], datetime]
    """The moment, in UTC; where the books are a rehearsal, a clock that can be moved."""

    zone: tzinfo = UTC
    """Where a day begins."""

    def scheme(self, name: str) -> Scheme:
        """The scheme of that name, or 9004."""
        found = self.schemes.get(name)
        if found is None:
            law = "Rule of the house: who serves says for which schemes"
            raise Refused([UnknownScheme(reference=law, scheme=name, known=tuple(self.schemes))])
        return found

    def ask(self, question: Callable[[Books], T]) -> T:
        """The answer to a question; nothing is kept."""
        return self.store.run(question, keep=False)

    def do(self, operation: Callable[[Books], T]) -> T:
        """Run an operation and keep what it wrote."""
        return self.store.run(operation)

    def desk(self, by: Role) -> Desk:
        """Who acts, now."""
        at = self.now()
        return Desk(by=by, day=at.astimezone(self.zone).date(), at=at)
