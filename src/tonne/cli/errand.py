"""What a command is at the office for: the law it is done under, the books, and who acts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from tonne import registry
from tonne.cli import show
from tonne.cli.failures import RefusedInRehearsal, UserFault
from tonne.cli.opening import open_store
from tonne.cli.options import Call
from tonne.ledger import Block, kind_of
from tonne.linking import Standing
from tonne.operations import (
    Answer,
    Books,
    Desk,
    Receipt,
    Scheme,
    founded,
    load_scheme,
    scheme_folder,
    scheme_names,
)
from tonne.quantity import count
from tonne.refusal import Refused, refuse_if_any
from tonne.registry import DayRules
from tonne.store import PostgresStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One command under way: it asks the books, or changes them, and tells the answer."""

    call: Call
    scheme: Scheme
    store: PostgresStore
    desk: Desk
    told: list[registry.Answer] = field(default_factory=list)

    @property
    def law(self) -> DayRules:
        """The registry's rules of the day."""
        return self.scheme.on(self.call.day)

    def ask(self, question: Callable[[Books], T]) -> T:
        """The answer to a question; nothing is kept."""
        return self.store.run(question, keep=False)

    def do(self, operation: Callable[[Books], T], *, doing: str = "") -> T:
        """Run an operation and keep what it wrote, unless this is a dry run."""

        def whole(books: Books) -> T:
            self.told.clear()
            founded(books, self.scheme, desk=self.desk)
            return operation(books)

        return self._run(whole, doing)

    def begin(self, operation: Callable[[Books], T]) -> T:
        """The same where the scheme need not be founded yet."""
        return self._run(operation, "")

    def _run(self, operation: Callable[[Books], T], doing: str) -> T:
        try:
            with show.patience(doing or "Asking the books"):
                return self.store.run(operation, keep=not self.call.dry_run)
        except Refused as refused:
            if self.call.dry_run:
                raise RefusedInRehearsal(refused, self.told) from refused
            raise

    def tell(
        self, finding: str, *tables: show.Table, data: dict[str, object], hint: str = ""
    ) -> None:
        """Tell the answer in the form that was asked for."""
        if self.call.dry_run:
            data = {"dry_run": True, "checks": show.checks_as_data(self.told)} | data
            finding = f"Dry run: nothing was written. Else: {finding}"
            tables = (show.checks_as_table(self.told), *tables)
            hint = "the same without --dry-run"
        if self.call.as_json:
            show.as_json(data)
        else:
            show.tell(finding, *tables, hint=hint)

    def data(self, receipt: Receipt, **facts: object) -> dict[str, object]:
        """What a receipt says to a program; in a dry run no number, since it stands nowhere."""
        stands = receipt.repeated or not self.call.dry_run
        return {
            "transaction": receipt.number if stands else None,
            "repeated": receipt.repeated,
            "key": self.call.key,
            **facts,
        }

    def proposed(self, standing: Standing, **facts: object) -> dict[str, object]:
        """What a proposal to the log says to a program."""
        state = standing.state.name.lower()
        return {"proposal": standing.id, "state": state, **facts, "key": self.call.key}

    def account(self, text: str) -> str:
        """An account number as it is written in the books, refused if it is miswritten."""
        number = text.strip().upper()
        refuse_if_any(registry.number_refusals(number, reference=self.law.on_accounts))
        return number

    def units(
        self, verb: str, unit: str, number: str | None, serials: str | None
    ) -> tuple[int, Block | None]:
        """How many units and which ones, out of what was written."""
        if kind_of(unit) not in self.law.units:
            refuse_if_any([self.law.untyped(verb, unit)])
        block = None if serials is None else a_block(serials)
        if number is None and block is None:
            raise UserFault("How many units?", remedy="Give --count, or --block for certain ones.")
        if number is None and block is not None:
            return block.count, block
        found = count(number or "", reference=self.law.on_transactions)
        if block is not None and block.count != found:
            raise UserFault(
                f"The block {block} is {block.count:,} units, not {found:,}.",
                remedy="Leave --count out, or correct one of the two.",
            )
        return found, block


@contextmanager
def errand(call: Call) -> Iterator[Errand]:
    """Go with a call to the books that it names."""
    scheme = the_scheme(call.scheme)
    scheme.on(call.day)  # A day without law is told before a server is started.
    told: list[registry.Answer] = []
    desk = Desk(by=call.by, day=call.day, at=datetime.now(UTC), told=told if call.dry_run else None)
    with open_store(call.database, make=call.writes) as store:
        yield Errand(call=call, scheme=scheme, store=store, desk=desk, told=told)


def the_scheme(name: str | None) -> Scheme:
    """The scheme of that name or in that folder, with its law."""
    return load_scheme(folder_of(name))


def folder_of(name: str | None) -> Path:
    """Where the law of a scheme lies."""
    known = f"The schemes that come with Tonne are {' and '.join(scheme_names())}."
    if name is None:
        raise UserFault(
            f"No scheme is named. {known}",
            remedy="Name one with --scheme, or once for all with TONNE_SCHEME.",
        )
    folder = scheme_folder(name)
    if not folder.is_dir():
        raise UserFault(
            f"There is no scheme or folder {name!r}. {known}", remedy="Correct the name."
        )
    return folder


def again(receipt: Receipt) -> str:
    """What is said more of a request that was done before."""
    return "; this was done before under the same key" if receipt.repeated else ""


def receipts(answers: Iterable[Answer]) -> list[Receipt]:
    """The receipts, if everything was recorded; else every reason why something was not."""
    found = list(answers)
    refuse_if_any(each for answer in found if isinstance(answer, tuple) for each in answer)
    return [answer for answer in found if isinstance(answer, Receipt)]


def a_block(text: str) -> Block:
    """Serial numbers as people write them, such as EX-1-41-80."""
    series, _, last = text.strip().rpartition("-")
    series, _, first = series.rpartition("-")
    digits = first.isdecimal() and last.isdecimal() and max(len(first), len(last)) < 19  # noqa: PLR2004  more digits than a number of the line has
    if not (series and digits and 0 < int(first) <= int(last)):
        raise UserFault(
            f"{text!r} is no block of serial numbers.",
            remedy="Write series, first and last number with dashes between: EX-1-41-80.",
        )
    return Block(series, int(first), int(last))
