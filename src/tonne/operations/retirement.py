"""What is asked when a nation retires units: is it in time, and is there room for its kind."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from tonne import compliance
from tonne.compliance import Retirement
from tonne.ledger import Transaction, kind_of
from tonne.operations.books import Books
from tonne.operations.own_checks import RETIRE, retired, tell
from tonne.operations.record import Desk
from tonne.operations.scheme import NATIONS, Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import DayRules

T = TypeVar("T")


def lawful(
    form: Callable[[T], Transaction], books: Books, scheme: Scheme, verb: str, day: DayRules,
    *, desk: Desk | None = None,
) -> Callable[[T], Transaction]:  # fmt: skip
    """Makes the same transactions, but of a retirement the law between nations is asked first."""
    if verb != RETIRE or NATIONS not in scheme.laws:
        return form
    retiring = _Retiring(books, scheme, day)

    def asked(order: T) -> Transaction:
        transaction = form(order)
        found = tuple(retiring.refusals(transaction))
        if desk is not None:
            unit = transaction.movements[0].asset.code
            tell(desk, books, transaction.key, retired(scheme, verb, unit, day), found)
        refuse_if_any(found)
        return transaction

    return asked


class _Retiring:
    """What the law has against retirements, one after the other."""

    def __init__(self, books: Books, scheme: Scheme, day: DayRules) -> None:
        self._books = books
        self._scheme = scheme
        self._day = day
        self._used: Counter[tuple[str, int]] = Counter()
        """Units of forestry projects that are retired, by account and period."""

        self._asked: set[tuple[str, int]] = set()

    def refusals(self, transaction: Transaction) -> Iterator[Refusal]:
        """Why units are not retired; nothing is asked of a period that the law does not have."""
        (movement,) = transaction.movements
        unit, account = movement.asset.kind, movement.target.number
        law, day = self._scheme.nations, self._day
        if self._books.known(transaction.key) is not None:
            return
        if not retired(self._scheme, RETIRE, unit, day):
            return
        number = day.period_of(unit).number
        on = compliance.law_day(number, law)
        line = law.commitment(account.partition("-")[0], on)
        forest = law.project_forest.on(on).value.units
        key = account, number
        if unit in forest and key not in self._asked:
            # Nobody else may retire between the count of what was and our own retirement.
            self._books.wait_for_posts()
            held = self._books.holdings(account)
            self._used[key] = sum(held[each] for each in held if kind_of(each) in forest)
            self._asked.add(key)
        found = tuple(
            compliance.retirement_refusals(
                Retirement(kind=unit, count=movement.count, day=day.day),
                used=self._used[key],
                base_tonnes=None if line is None else line.base_tonnes,
                rules=law,
                on=on,
            )
        )
        if unit in forest and not found:
            self._used[key] += movement.count
        yield from found
