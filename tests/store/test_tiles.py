"""PostgreSQL itself refuses that a number is twice or nowhere, whoever asks and however many."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors, sql

from tiling import Owner, Row, is_whole, since_of, tables, tiles, try_it
from world import EUR, SOURCE, A, B, C, World, move

TRIES = {
    "twin": "insert into block_end select * from block_end",
    "loss": "delete from block_end where last = 10",
    "loss of the last": "delete from block_end where last > 99",
    "loss of the whole line": "delete from block_end",
    "loss of everything": "truncate block_end cascade",
    "cut at the end": "update block_end set last = 99 where last > 99",
    "stretch": "update block_end set last = 12 where last = 10",
    "shrink": "update block_end set last = 9 where last = 10",
    "swap": "update block_end set last = 30 - last where last in (10, 20)",
    "nobody's": "update block_end set account = null where last = 10",
    "other series": "update block_end set series = 2 where last = 10",
    "without an end": "insert into block_end values (1, null, 1, 3, 1, 1)",
}


def test_the_line_stays_whole_even_against_its_owner(posted: World, owner: Owner) -> None:
    before = tiles(owner)
    assert posted.blocks(A) == ["EU-1-10"]
    assert is_whole(before)
    for what, statement in TRIES.items():
        with pytest.raises(errors.IntegrityError), owner.transaction():
            owner.execute(statement.encode())
        assert tiles(owner) == before, what


@given(
    ends=st.sets(st.integers(1, 60), max_size=20),
    holders=st.lists(st.sampled_from([3, 4, 5]), min_size=20, max_size=20),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_ends_are_written_each_number_has_one_holder(
    posted: World, owner: Owner, ends: set[int], holders: list[int]
) -> None:
    """Overlap and gap cannot be written down, since a block begins where the one before ends."""
    assert posted.holdings()
    with owner.transaction(force_rollback=True):
        for end, holder in zip(sorted(ends), holders, strict=False):
            owner.execute(
                "insert into block_end values (1, %s, 1, %s, 1, 1) on conflict do nothing",
                (end, holder),
            )
        assert is_whole(tiles(owner))
        for number in range(1, 62):
            rows = owner.execute(
                "select account from block where series = 1 and %s between first and last",
                (number,),
            ).fetchall()
            assert len(rows) == 1, number


def test_the_application_changes_and_removes_nothing(
    posted: World, owner: Owner, app: Owner
) -> None:
    assert posted.holdings()
    # What it may change of sign-in is told in test_signin_rights.
    names = [name for name in tables(owner) if not name.startswith("signin_")]
    assert {"movement", "journal", "block_end", "holding", "account", "hold"} <= set(names)
    for name in names:
        table = sql.Identifier(name)
        (column,) = owner.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
            " and attidentity = '' and attgenerated = ''",
            (name,),
        ).fetchone() or ("",)
        for statement in (
            sql.SQL("update {} set {column} = {column}"),
            sql.SQL("delete from {}"),
            sql.SQL("truncate {} cascade"),
            sql.SQL("alter table {} disable trigger all"),
            sql.SQL("drop table {} cascade"),
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement.format(table, column=sql.Identifier(str(column))))


def test_the_application_does_not_write_what_is_derived(posted: World, app: Owner) -> None:
    assert posted.holdings()
    for statement in (
        "insert into block_end values (1, 5, 1, 3, 1, 1)",
        "insert into holding values (2, 3, 1000, false)",
        "insert into movement values (1, 9, 3, 4, 1, 1, 1, 1, 1, 1)",
        "insert into open_proposal values ('AT-1')",
        "insert into letter_waiting values (1)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement.encode())


def test_the_application_does_not_touch_triggers_or_their_functions(app: Owner) -> None:
    for statement in (
        "create or replace function keep_ends() returns trigger language plpgsql as 'begin end'",
        "drop function move_block",
        "set session_replication_role = replica",
        "create table public.block_end (i integer)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement.encode())


ENTER = """
    insert into journal (number, key, digest, kind, day, at, rulebook, because, reverses)
    values (900, %s, '\\x00', 'transfer', '2005-02-28', now(), 1, %s, null)
"""


def test_numbers_that_are_not_held_do_not_move(posted: World, app: Owner) -> None:
    since = since_of(posted, A.number)
    wrongs: dict[str, Row] = {
        "another holds them": (4, 5, 1, 2, 1, 1, 2, since),
        "as another unit": (3, 5, 2, 2, 1, 1, 2, since),
        "beyond the block": (3, 5, 1, 2, 1, 10, 11, since),
        "not issued": (3, 5, 1, 2, 1, 21, 22, 0),
        "of another origin": (3, 5, 1, 2, 1, 1, 2, 0),
        "not issued, from the source of another series": (1, 5, 1, 2, 1, 1, 2, 0),
        "to nobody": (3, 99, 1, 2, 1, 1, 2, since),
        "to oneself": (3, 3, 1, 2, 1, 1, 2, since),
        "backwards": (3, 5, 1, 2, 1, 2, 1, since),
        "before the first": (3, 5, 1, 2, 1, 0, 1, since),
        "of no series": (3, 5, 1, 2, 9, 1, 2, since),
        "of no kind": (3, 5, 9, 2, 1, 1, 2, since),
    }
    rights = [(4, 5, 1, 1, 1, n, n, since_of(posted, B.number)) for n in range(11, 21)]
    for what, wrong in wrongs.items():
        for among in ([], rights):
            with pytest.raises(psycopg.Error) as refused:
                try_it(app, wrong, *among)
            assert refused.value.sqlstate == ("23514" if what == "backwards" else "TN001"), what
    try_it(app, (3, 5, 1, 2, 1, 1, 2, since))
    assert posted.blocks(C) == ["EU-1-2"]


def test_a_block_is_cut_at_both_ends_of_the_piece(posted: World, app: Owner) -> None:
    try_it(app, (3, 5, 1, 3, 1, 4, 6, since_of(posted, A.number)))
    assert posted.blocks(A) == ["EU-1-3", "EU-7-10"]
    assert posted.blocks(C) == ["EU-4-6"]
    assert posted.run(lambda books: books.check()) == []


def test_a_table_of_the_same_name_does_not_deceive_the_gate(posted: World, app: Owner) -> None:
    assert posted.blocks(C) == []
    app.execute("create temporary table block_end (like public.block_end including all)")
    app.execute("insert into pg_temp.block_end values (1, 99, 1, 5, 1, 1)")
    with pytest.raises(psycopg.Error) as refused:
        try_it(app, (5, 3, 1, 2, 1, 1, 2, 1))
    assert refused.value.sqlstate == "TN001"


def test_a_movement_without_an_entry_is_refused(posted: World, app: Owner) -> None:
    with pytest.raises(errors.NotNullViolation):
        try_it(app, (3, 5, 1, 2, 1, 1, 2, since_of(posted, A.number)), entry=2)


def test_many_movements_are_looked_at_like_a_few(posted: World, app: Owner) -> None:
    since = since_of(posted, A.number)
    rows: list[Row] = [(3, 4, 1, 1, 1, n, n, since) for n in range(1, 12)]
    for wrong in (rows, [*rows[:9], rows[8]]):  # 11 is B's; 9 twice.
        with pytest.raises(psycopg.Error) as refused:
            try_it(app, *wrong)
        assert refused.value.sqlstate in {"TN001", "23505"}
    assert posted.blocks(A) == ["EU-1-10"]
    try_it(app, *rows[:10])
    assert posted.blocks(A) == []


def test_nothing_is_added_to_an_entry_once_it_stands(posted: World, app: Owner) -> None:
    since = since_of(posted, A.number)
    try_it(app, (3, 4, 1, 2, 1, 1, 2, since))
    with pytest.raises(errors.UniqueViolation):
        try_it(app, (3, 4, 1, 2, 1, 3, 4, since))
    try_it(app, (3, 4, 1, 2, 1, 3, 4, since), number=901)


def test_a_key_and_a_reversal_are_used_once(posted: World, owner: Owner) -> None:
    assert posted.holdings()
    first = ENTER.replace("900", "901").replace("null)", "1)")
    owner.execute(first.encode(), ("k", ["law"]))
    with pytest.raises(errors.UniqueViolation, match="journal_key"):
        owner.execute(ENTER, ("k", ["law"]))
    with pytest.raises(errors.UniqueViolation, match="journal_reverses"):
        owner.execute(first.replace("901", "902").encode(), ("another", ["law"]))


def test_a_balance_of_money_does_not_go_below_nothing(posted: World, owner: Owner) -> None:
    posted.do(move(SOURCE, A, 5, asset=EUR))
    with pytest.raises(errors.CheckViolation):
        owner.execute("update holding set count = -1 where not is_source")
    with pytest.raises(errors.CheckViolation):
        try_it(owner, (3, 4, 3, 6, None, None, None, None))
    for wrong in ((3, 99, 3, 1), (3, 4, 3, 0), (3, 4, 3, -1), (3, 3, 3, 1), (3, 4, 1, 1)):
        with pytest.raises(errors.IntegrityError):
            try_it(owner, (*wrong, None, None, None, None))
