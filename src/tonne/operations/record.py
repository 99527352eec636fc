"""The one gate to the books: everything that moves passes the registry and the ledger here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct, structs

from tonne import ledger, registry
from tonne.ledger import Posted, Transaction
from tonne.operations.books import Books, Loaded
from tonne.operations.scheme import Scheme
from tonne.operations.told import ALONE, NotProposed, told_as
from tonne.refusal import Refusal, Refused
from tonne.registry import Cap, Case, DayRules, Original, Role

KEYS = "Rule of the books: the same key gives the same answer, for ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUsedBefore(Refusal):
    """An idempotency key stands for one request only."""

    number: ClassVar[int] = 9001
    remedy: ClassVar[str] = "Use a new key for a new request, or send the old request unchanged."

    key: str
    entry: int

    def __str__(self) -> str:
        return f"The key {self.key!r} was used for another request, number {self.entry}."


class Receipt(Struct, frozen=True, kw_only=True):
    """A transaction stands in the books under this number."""

    number: int
    key: str
    repeated: bool = False
    """Whether it stood there before, so that nothing was done now."""


Answer = Receipt | tuple[Refusal, ...]

_FRESH: Answer = ()
"""Nothing is against it, and it is not yet decided."""

HELD = (ledger.ExceedsHolding.number, "What is moved is held, free of promises")
"""What the ledger checks of every transaction, whoever sends it."""

PART = 500
"""So many transactions of a batch are checked and decided before they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who acts, on what day it takes effect, and at what moment it is written down."""

    by: Role
    day: date
    at: datetime
    told: list[registry.Answer] | None = None
    """Where a dry run wants to be told what every check says of each transaction."""

    def tell(self, checks: Iterable[tuple[int, str]], refusals: Sequence[Refusal]) -> None:
        """Tell a dry run what these checks say, of which those refusals are the grounds."""
        if self.told is not None:
            for number, sentence in checks:
                grounds = tuple(each for each in refusals if each.number == number)
                self.told.append(registry.Answer(number, sentence, not grounds, grounds))

    def tell_failed(self, refusals: Sequence[Refusal]) -> None:
        """Tell a dry run of the registry's checks that failed before there was a transaction."""
        numbers = {each.number for each in refusals}
        self.tell(
            ((each.number, each.sentence) for each in registry.CHECKS if each.number in numbers),
            refusals,
        )


def record(
    books: Books,
    scheme: Scheme,
    batch: Sequence[Transaction],
    *,
    desk: Desk,
    cap: Cap | None = None,
    original: Original | None = None,
) -> list[Answer]:
    """Check and post a batch, each transaction on its own; one is a batch of one.

    A key that stands in the journal for the same request is answered as it was then.
    """
    if not batch:
        return []
    loaded = books.load(batch)
    posting = ledger.Posting(loaded.positions, holds=loaded.holds)
    numbers = iter(loaded.numbers)
    checks = _Checks(loaded, scheme.on(desk.day), desk=desk, cap=cap, original=original)
    stamp = scheme.stamp(desk.day, desk.at)
    answers: list[Answer | None] = []
    # The store writes one part while the next is decided.
    for start in range(0, len(batch), PART):
        part = batch[start : start + PART]
        found = [checks.answer(each) for each in part]
        fresh = [each for each, answer in zip(part, found, strict=True) if answer == _FRESH]
        decisions = posting.decide(fresh, numbers)
        books.save([each for each in decisions if isinstance(each, Posted)], stamp)
        decided = iter(decisions)
        answers.extend(_receipt(next(decided)) if answer == _FRESH else answer for answer in found)
    return [
        # Whether a key is used now is known once the first that had it is decided.
        record(books, scheme, [transaction], desk=desk, cap=checks.cap, original=original)[0]
        if answer is None
        else answer
        for transaction, answer in zip(batch, answers, strict=True)
    ]


def record_all(
    books: Books,
    scheme: Scheme,
    batch: Sequence[Transaction],
    *,
    desk: Desk,
    cap: Cap | None = None,
    original: Original | None = None,
) -> list[Receipt]:
    """Record a batch whole; if anything is refused, all of it is, with every reason."""
    answers = record(books, scheme, batch, desk=desk, cap=cap, original=original)
    refusals = [each for answer in answers if isinstance(answer, tuple) for each in answer]
    if refusals:
        raise Refused(refusals)
    return [answer for answer in answers if isinstance(answer, Receipt)]


def once(
    books: Books, scheme: Scheme, key: str, verb: str, asked: object
) -> tuple[bytes, int | None]:
    """The digest of a request that moves nothing, and its entry if it was made before.

    ``asked`` is all that the caller asks for, but not the day: who sends a request again does it
    later.
    """
    mark = sha256(repr((scheme.name, verb, asked)).encode()).digest()
    known = books.known(key)
    if known is None:
        return mark, None
    if known[1] != mark:
        raise Refused([KeyUsedBefore(reference=KEYS, key=key, entry=known[0])])
    return mark, known[0]


def post_agreed(
    books: Books, scheme: Scheme, batch: Sequence[Transaction], *, desk: Desk
) -> list[Answer]:
    """Post what other registries have been promised: only the ledger decides any more.

    The checks of the registry had their say before it was promised.
    """
    loaded = books.load(batch)
    posting = ledger.post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
    books.save(list(posting.posted), scheme.stamp(desk.day, desk.at))
    return [_receipt(each) for each in posting.decisions]


class _Checks:
    """What the registry has against each transaction of a batch, one after the other."""

    def __init__(
        self,
        loaded: Loaded,
        day: DayRules,
        *,
        desk: Desk,
        cap: Cap | None,
        original: Original | None,
    ) -> None:
        self._loaded = loaded
        self._day = day
        self._desk = desk
        self._original = original
        self._keys: set[str] = set()
        self._told: dict[tuple[str, str], tuple[Refusal, ...]] = {}
        """By verb and kind of unit, whether it is for the log to hear of first."""

        self.cap = cap

    def answer(self, transaction: Transaction) -> Answer | None:
        """Why it is not posted; ``_FRESH`` if nothing is against it, None to ask again later."""
        loaded, key = self._loaded, transaction.key
        if key in loaded.known:
            return _repeated(transaction, loaded.known[key])
        if key in self._keys:
            return None
        if no := self._not_alone(transaction):
            return no
        case = Case(
            transaction=transaction,
            by=self._desk.by,
            day=self._day,
            accounts=loaded.accounts,
            cap=self.cap,
            original=self._original,
        )
        if self._desk.told is not None:
            self._desk.told.extend(_answers(case, loaded))
        if refusals := registry.refusals(case):
            return refusals + _not_there(transaction, loaded)
        if self.cap is not None:
            # The next issuance of the batch finds this one issued.
            count = sum(each.count for each in transaction.movements)
            self.cap = structs.replace(self.cap, issued=self.cap.issued + count)
        self._keys.add(key)
        return _FRESH

    def _not_alone(self, transaction: Transaction) -> tuple[Refusal, ...]:
        """7543: what a registry that is linked with a log proposes to it, before it is done."""
        units = dict.fromkeys(each.asset.kind for each in transaction.movements)
        if len(units) == 1:
            return self._to_tell(transaction.kind, *units)
        found = (no for unit in units for no in self._to_tell(transaction.kind, unit))
        return tuple(dict.fromkeys(found))

    def _to_tell(self, verb: str, unit: str) -> tuple[Refusal, ...]:
        """The same of a verb and a kind of unit, looked up once."""
        key = verb, unit
        if key not in self._told:
            kind = told_as(verb, unit, self._day)
            linked = kind is not None and self._loaded.linked
            self._told[key] = (
                (NotProposed(reference=ALONE, verb=verb, kind=kind or ""),) if linked else ()
            )
        return self._told[key]


def _receipt(decision: ledger.Decision) -> Answer:
    if isinstance(decision, Posted):
        return Receipt(number=decision.number, key=decision.transaction.key)
    return decision


def _repeated(transaction: Transaction, known: tuple[int, bytes]) -> Answer:
    if known[1] == ledger.digest(transaction):
        return Receipt(number=known[0], key=transaction.key, repeated=True)
    return (KeyUsedBefore(reference=KEYS, key=transaction.key, entry=known[0]),)


def explain(
    books: Books,
    scheme: Scheme,
    transaction: Transaction,
    *,
    desk: Desk,
    cap: Cap | None = None,
    original: Original | None = None,
) -> list[registry.Answer]:
    """What every check says of a transaction, and nothing is done: for a dry run."""
    return explain_each(books, scheme, [transaction], desk=desk, cap=cap, original=original)[0]


def explain_each(
    books: Books,
    scheme: Scheme,
    batch: Sequence[Transaction],
    *,
    desk: Desk,
    cap: Cap | None = None,
    original: Original | None = None,
) -> list[list[registry.Answer]]:
    """What every check says of each of many transactions, as if it were alone; nothing is done."""
    loaded, day = books.load(batch), scheme.on(desk.day)
    return [
        _answers(
            Case(
                transaction=transaction,
                by=desk.by,
                day=day,
                accounts=loaded.accounts,
                cap=cap,
                original=original,
            ),
            loaded,
        )
        for transaction in batch
    ]


def _not_there(transaction: Transaction, loaded: Loaded) -> tuple[Refusal, ...]:
    """What the ledger has against a transaction alone, as the books stand."""
    decision = ledger.post(
        loaded.positions, [transaction], numbers=loaded.numbers, holds=loaded.holds
    ).decisions[0]
    return () if isinstance(decision, Posted) else decision


def _answers(case: Case, loaded: Loaded) -> list[registry.Answer]:
    """What the checks of the registry say of a case, and the ledger after them."""
    refusals = _not_there(case.transaction, loaded)
    held = registry.Answer(*HELD, not refusals, refusals)
    return [*registry.explain(case), held]
