"""How tests look at the tiles of a series, and write past every decision."""

import psycopg

from world import World

Owner = psycopg.Connection[tuple[object, ...]]


def tiles(owner: Owner) -> list[tuple[int, int]]:
    """First and last of every block of the series EU, which two ways of asking agree on."""
    one = owner.execute("select first, last from block order by last").fetchall()
    assert one == owner.execute("select first, last from line order by last").fetchall()
    return [(int(str(first)), int(str(last))) for first, last in one]


def is_whole(blocks: list[tuple[int, int]]) -> bool:
    """Whether blocks cover the line from its beginning to its end, each number once."""
    begins = [first for first, _ in blocks]
    ends = [last for _, last in blocks]
    return (
        begins == [1, *(last + 1 for last in ends[:-1])]
        and ends[-1] == 2**63 - 1
        and all(first <= last for first, last in blocks)
    )


# Account ids: 1 the source, 3 A, 4 B, 5 C; assets: 1 EUA, 3 EUR.
SAVE = """
    select save_books(array[{number}::bigint], array['k{number}'], array['\\x00'::bytea],
                      array['transfer'], array[null::smallint], array['law'],
                      array[null::bigint], array[null::text], '2005-02-28', now(), {rulebook},
                      {runs}, {entries}, {lines},
                      %s::integer[], %s::integer[], %s::integer[], %s::bigint[],
                      %s::integer[], %s::bigint[], %s::bigint[], %s::bigint[])
"""
Row = tuple[int, int, int, int, int | None, int | None, int | None, int | None]
"""Source, target, asset, count, series, first, last, prior."""


def try_it(
    connection: Owner,
    *rows: Row,
    number: int = 900,
    entry: int = 1,
    rulebook: int = 1,
    runs: tuple[int, ...] | None = None,
) -> None:
    """Movements, as anyone could ask for them who knows the function."""
    statement = SAVE.format(
        number=number,
        rulebook=rulebook,
        runs=f"array{[len(rows)] if runs is None else [*runs]}::integer[]",
        entries=f"array{[entry] * len(rows)}",
        lines=f"array{[*range(1, len(rows) + 1)]}",
    )
    connection.execute(statement.encode(), [list(each) for each in zip(*rows, strict=True)])


def since_of(world: World, number: str) -> int:
    """The transaction that brought an account what it holds."""
    (since,) = {lot.since for lot, _ in world.run(lambda b: b.lots([number], "EUA"))[number]}
    return since


def tables(owner: Owner) -> list[str]:
    """Every table of the books, by the catalogue."""
    rows = owner.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    ).fetchall()
    return [str(name) for (name,) in rows]
