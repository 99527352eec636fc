"""What is asked of one account costs no more where there are many others in the books."""

from collections.abc import Callable
from typing import Any

import psycopg

from bureau import Bureau, usr
from land import UNIT, VERIFIED, Land, accepted, desk, receipt, report
from tonne import operations
from tonne.operations import Books, Opening, SurrenderOrder, own, own_year
from tonne.store import PostgresStore
from world import NewDatabase

OTHERS = 120
DAY = "2026-04-10"
READ = """
    select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint
      from pg_stat_xact_user_tables
"""
Question = Callable[[Books, Land], object]


def duty(books: Books, land: Land) -> object:
    """What the steelworks owes."""
    (account,) = books.accounts(number=land.number("steel"))
    return own.duty(books, land.scheme, account, desk=desk(DAY))


def account(books: Books, land: Land) -> object:
    """All of the steelworks' account, as its representative sees it."""
    number = land.number("steel")
    return own.account_told(books, land.scheme, number, by=usr("ann"), desk=desk(DAY))


def year(books: Books, land: Land) -> object:
    """The year of the steelworks."""
    number, told = land.number("steel"), desk(DAY)
    return own_year.own_year(books, land.scheme, number, 2025, by=usr("ann"), desk=told)


def test_what_an_account_is_told_is_found_without_looking_at_others(
    new_database: NewDatabase,
) -> None:
    # Where others were before, the server has seen other tables, and may plan otherwise.
    with new_database() as database, PostgresStore(database) as store:
        land = Land(store).settle()
        Bureau(land).settle()
        land.emit("steel", 70)
        receipt(land.surrender("steel", 20))
        counted(database)
        few = [told(land, each) for each in (duty, account, year)]
        crowd(land)
        counted(database)
        many = [told(land, each) for each in (duty, account, year)]
        assert [answer for answer, _ in many] == [answer for answer, _ in few]
        # Another plan may read a few rows more or less; of others there are twenty and more.
        for (_, before), (_, now) in zip(few, many, strict=True):
            assert now <= before + 16
        # What is owed is what was emitted and not surrendered.
        assert [each.owed for each in (few[0][0], few[2][0])] == [50, 50]  # type: ignore[attr-defined]


def told(land: Land, question: Question) -> tuple[object, int]:
    """What is answered, and how many rows the server read for it.

    The server is to go by its indexes: of a handful of rows it would rather read all.
    """

    def rows(books: Any) -> int:  # noqa: ANN401  as PostgreSQL has them
        row = books._execute(READ).fetchone()  # noqa: SLF001  past what the application asks
        assert row is not None
        return int(row[0])

    def asked(books: Any) -> tuple[object, int]:  # noqa: ANN401  as above
        books._execute("set local enable_seqscan = off")  # noqa: SLF001  as above
        before = rows(books)
        found = question(books, land)
        return found, rows(books) - before

    assert isinstance(land.store, PostgresStore)
    return land.store.run(asked, keep=False)


def crowd(land: Land) -> None:
    """Many operators come: with units, tonnes of the same year, surrenders, and some excluded."""
    names = [f"PLANT-{place}" for place in range(OTHERS)]
    openings = [
        Opening(kind="operator", name=name, registry="XE", operator=name, identifier=1_000 + place)
        for place, name in enumerate(names)
    ]
    opened = land.do(
        operations.open_accounts, openings, key="many", on="2025-01-01", by="administrator"
    )
    land.allocate(dict.fromkeys(names, 5))
    out, obliged = names[:20], names[20:]
    land.do(operations.exclude, out, year=2025, reason="small", key="exclude", on="2026-03-01")
    reports = [(report(name, 3, on="2026-03-31"), VERIFIED) for name in obliged]
    land.do(operations.verify, reports, key="verify", on="2026-03-31", by="operator")
    orders = [
        SurrenderOrder(key=land.key(), account=each.number, year=2025, unit=UNIT, count=3)
        for each in opened
        if each.operator in obliged
    ]
    assert accepted(land.do(operations.surrender, orders, on="2026-04-05", by="operator"))


def counted(database: str) -> None:
    """Let the planner know the tables, as it does after a while by itself."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("analyze")
