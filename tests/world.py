"""A small world to try things in: a source, an authority, three operators, a sink; three assets.

``EUA`` and ``ERU`` are numbered in one series, ``EU``; ``EUR`` is money and has no numbers.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from tonne.ledger import (
    Account,
    Asset,
    Block,
    Decision,
    Hold,
    Movement,
    Posted,
    Stamp,
    Transaction,
    post,
)
from tonne.operations import Books
from tonne.registry import HoldingAccount
from tonne.store import MemoryStore, PostgresStore, server

T = TypeVar("T")
Store = MemoryStore | PostgresStore
NewDatabase = Callable[[], AbstractContextManager[str]]

DAY = date(2005, 2, 28)
AT = datetime(2005, 2, 28, 12, 0, tzinfo=UTC)
STAMP = Stamp(scheme="example", rulebook="f1", day=DAY, at=AT)
LAW = ("Example Act, s. 1",)
DIGEST = bytes(32)

SOURCE = Account("XX-0", is_source=True)
AUTHORITY = Account("XX-1")
A, B, C = Account("XX-2"), Account("XX-3"), Account("XX-4")
SINK = Account("XX-9")
NOBODY = Account("XX-404")
KINDS = {SOURCE: "source", AUTHORITY: "authority", SINK: "surrendered"}
ACCOUNTS = (SOURCE, AUTHORITY, A, B, C, SINK)

EUA = Asset("EUA", "EU")
ERU = Asset("ERU", "EU")
EUR = Asset("EUR")

MEMORY = Path("/dev/shm")  # noqa: S108  a folder of random name is made in it
ROOM_BYTES = 4 * 2**30
"""So much memory must be free for a server in it; the journal of the whole replay is the most."""


@contextmanager
def a_server() -> Iterator[str]:
    """The address of a server of our own that nobody has used yet; it is removed afterwards.

    It is in memory where there is room: to make and drop books is mostly to make and drop files.
    """
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = MEMORY if roomy else Path("/var/tmp")  # noqa: S108  as above
    _forget_the_dead(folder)
    # Root's server runs as an ordinary account, which can pass through this folder.
    place = Path(tempfile.mkdtemp(prefix=f"tonne-test-{os.getpid()}-", dir=folder))
    place.chmod(0o711)
    try:
        ours = server.Server(home=place / "home")
        with server.using(ours):
            address = server.url(ours, server.OWNER, "postgres")
            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute("alter system set max_wal_size = '512MB'")
                admin.execute("select pg_reload_conf()")
            yield address
    finally:
        shutil.rmtree(place)


def _forget_the_dead(folder: Path) -> None:
    """Remove our servers of test runs that were killed."""
    for place in folder.glob("tonne-test-*-*"):
        with suppress(FileNotFoundError):  # Another run was faster.
            if place.stat().st_uid == os.geteuid() and not _lives(int(place.name.split("-")[2])):
                server.stop(server.Server(home=place / "home"), "immediate")
                shutil.rmtree(place, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # Somebody else's.
    return True


@contextmanager
def a_copy(address: str, template: str, name: str) -> Iterator[str]:
    """The address of a database of that name made from a template, and dropped after use."""
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f'create database "{name}" template "{template}" strategy file_copy'.encode())
        yield make_conninfo(address, dbname=name)
        admin.execute(f'drop database "{name}" with (force)'.encode())


def holding_account(account: Account) -> HoldingAccount:
    """The account as the registry has it."""
    operator = None if account in KINDS else f"operator {account.number}"
    return HoldingAccount(
        number=account.number,
        kind=KINDS.get(account, "operator"),
        opened=DAY,
        name=f"Account {account.number}",
        registry="XX",
        operator=operator,
    )


@dataclass(slots=True)
class World:
    """A store with the small world in it, and short words for what tests do."""

    store: Store
    name: str = "test"
    _keys: "itertools.count[int]" = field(default_factory=itertools.count)

    @classmethod
    def found(cls, store: Store) -> "World":
        """Open the accounts and add the assets."""
        world = cls(store)

        def operation(books: Books) -> None:
            entry = world.entry(books, "open")
            accounts = [holding_account(each) for each in ACCOUNTS]
            books.open_accounts(entry, accounts, scheme="example", sources=[SOURCE.number])
            books.add_assets([(asset, SOURCE.number) for asset in (EUA, ERU, EUR)])

        world.run(operation)
        return world

    def run(self, operation: Callable[[Books], T], *, keep: bool = True) -> T:
        """Run an operation on the books."""
        return self.store.run(operation, keep=keep)

    def key(self) -> str:
        """A key that was not used before."""
        return f"{self.name}, key {next(self._keys)}"

    def entry(self, books: Books, kind: str = "note") -> int:
        """An entry that moves nothing."""
        return books.enter(
            key=self.key(), digest=DIGEST, kind=kind, year=None, because=LAW, stamp=STAMP
        )

    def transaction(
        self,
        *movements: Movement,
        kind: str = "transfer",
        key: str | None = None,
        year: int | None = None,
        hold: str | None = None,
        reverses: int | None = None,
    ) -> Transaction:
        """Movements that happen together."""
        return Transaction(
            key=key or self.key(),
            kind=kind,
            movements=movements,
            because=LAW,
            year=year,
            hold=hold,
            reverses=reverses,
        )

    def post(
        self, *batch: Transaction, keep: bool = True, stamp: Stamp = STAMP
    ) -> Sequence[Decision]:
        """Load, decide, save: what the operations do, without the law."""

        def operation(books: Books) -> Sequence[Decision]:
            loaded = books.load(batch)
            posting = post(loaded.positions, batch, numbers=loaded.numbers, holds=loaded.holds)
            books.save(list(posting.posted), stamp)
            return posting.decisions

        return self.run(operation, keep=keep)

    def do(self, *movements: Movement, kind: str = "transfer", year: int | None = None) -> Posted:
        """Post one transaction that is accepted."""
        (decision,) = self.post(self.transaction(*movements, kind=kind, year=year))
        assert isinstance(decision, Posted), decision
        return decision

    def issue(self, count: int, *, to: Account = A, asset: Asset = EUA) -> Posted:
        """Issue units straight to an account."""
        return self.do(move(SOURCE, to, count, asset=asset), kind="issuance")

    def hold(self, account: Account, count: int, *, asset: Asset = EUA, key: str = "hold") -> Hold:
        """Promise units."""
        hold = Hold(key=key, account=account, asset=asset, count=count)
        self.promise(hold)
        return hold

    def promise(self, hold: Hold) -> None:
        """Promise units, as the hold says."""
        self.run(lambda books: books.add_holds(self.entry(books), [hold]))

    def change_status(self, account: Account, status: str) -> None:
        """Change how far an account may be used."""

        def operation(books: Books) -> None:
            entry = self.entry(books)
            books.change_status(entry, account=account.number, status=status, reason="as told")

        self.run(operation)

    def blocks(self, account: Account, asset: Asset = EUA) -> list[str]:
        """The blocks of an account as text, in the order in which they came."""
        lots = self.run(lambda books: books.lots([account.number], asset.code))
        return [str(lot.block) for lot, _ in lots.get(account.number, [])]

    def holdings(self) -> dict[str, dict[str, int]]:
        """Who holds how much."""
        found = self.run(
            lambda books: {each.number: books.holdings(each.number) for each in ACCOUNTS}
        )
        return {number: held for number, held in found.items() if held}


def move(
    source: Account,
    target: Account,
    count: int = 0,
    *,
    asset: Asset = EUA,
    numbers: tuple[int, int] | None = None,
) -> Movement:
    """A movement of so many units, or of the numbers first to last."""
    block = None if numbers is None else Block(asset.series or "", *numbers)
    return Movement(
        source=source,
        target=target,
        asset=asset,
        count=count or (block.count if block else 0),
        block=block,
    )
