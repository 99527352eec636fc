"""What the application may change of the records of sign-in, even with SQL of its own, and why."""

import re
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors, sql

from porch import Porch
from tiling import Owner, tables
from tonne import signin
from tonne.store import SigninStore

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sign-in.md"

MAY_UPDATE = {
    "signin_person": {"barred"},
    "signin_provider": {"removed_at"},
    "signin_factor": {"counter", "confirmed_at", "used_at", "removed_at"},
    "signin_session": {"token", "confirmed_at", "seen_at", "ended_at", "ended_why"},
    "signin_ticket": {"used_at"},
    "signin_key": {"used_at", "revoked_at"},
    "signin_hook": {
        "secret",
        "old_secret",
        "old_until",
        "position",
        "again",
        "failures",
        "failing_since",
        "due_at",
        "stopped_at",
        "stopped_why",
        "removed_at",
        "version",
    },
    "signin_hook_try": set[str](),
    "signin_recovery": {"agreed_by", "agreed_at", "signs_from"},
    "signin_tally": {"failures", "last_at", "until"},
    "signin_event": set[str](),
    "signin_token": set[str](),
    "signin_assertion": set[str](),
}
MAY_DELETE = {
    "signin_ticket", "signin_tally", "signin_token", "signin_assertion", "signin_hook_try",
}  # fmt: skip


def may(owner: Owner, right: str, table: str) -> set[str]:
    """The columns of a table to which the application has a right."""
    rows = owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and has_column_privilege('tonne_app', attrelid, attnum, %s)",
        (table, right),
    ).fetchall()
    return {str(name) for (name,) in rows}


def test_the_application_may_change_what_is_named_here_and_nothing_else(owner: Owner) -> None:
    ours = [name for name in tables(owner) if name.startswith("signin_")]
    assert set(ours) == set(MAY_UPDATE)
    for table, columns in MAY_UPDATE.items():
        assert may(owner, "update", table) == columns
        for right, allowed in (("delete", MAY_DELETE), ("truncate", ()), ("trigger", ())):
            found = owner.execute(
                "select has_table_privilege('tonne_app', %s::text, %s)", (table, right)
            ).fetchone()
            assert found == (table in allowed,), (table, right)


def test_the_page_on_sign_in_tells_every_right_with_its_reason() -> None:
    row = re.compile(r"^\| `(signin_\w+)` \| (.*?) \| (.*?) \| (.+) \|$", re.MULTILINE)
    rows = row.findall(PAGE.read_text("utf-8"))
    told = {name: set(re.findall(r"`(\w+)`", columns)) for name, columns, _, _ in rows}
    assert told == MAY_UPDATE
    assert {name for name, _, removes, _ in rows if removes == "yes"} == MAY_DELETE
    assert all(reason.strip() for *_, reason in rows)


@pytest.fixture
def lived(database: str) -> Porch:
    """Records in which somebody was enrolled, signed in and left, and a key was revoked."""
    with SigninStore(database) as store:
        porch = Porch(store)
        opened = porch.sign_in(porch.enrolled())
        made = signin.make_key(
            porch.lodge, opened.token, label="", scopes=["registry:read"], live=True
        )
        signin.revoke_key(porch.lodge, opened.token, key=made.key.id)
        signin.remove_factor(
            porch.lodge,
            opened.token,
            factor=signin.factors(porch.lodge, opened.token)[-1].id,
        )
        signin.sign_out(porch.lodge, opened.token)
    return porch


@pytest.mark.parametrize(
    "statement",
    [
        "update signin_session set ended_at = null",
        "update signin_session set token = sha256('mine'), ended_why = ''",
        "update signin_key set revoked_at = null",
        "update signin_ticket set used_at = null where used_at is not null",
        "update signin_factor set removed_at = null where removed_at is not null",
        "update signin_factor set counter = -1 where kind = 'totp'",
    ],
)
def test_what_is_over_stays_over_against_sql_of_the_applications_own(
    lived: Porch, app: Owner, statement: str
) -> None:
    del lived
    with pytest.raises(errors.CheckViolation, match="what is over stays over"):
        app.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "update signin_event set what = ''",
        "delete from signin_event",
        "update signin_person set administrator = true",
        "update signin_factor set secret = ''",
        "update signin_session set person = person",
        "update signin_session set until = until + interval '1 year'",
        "update signin_key set scopes = array['transfers:approve']",
        "update signin_key set public_key = 'mine'",
        "update signin_token set until = until + interval '1 year'",
        "delete from signin_person",
        "delete from signin_session",
        "truncate signin_event",
    ],
)
def test_neither_records_nor_secrets_nor_rights_are_changed_with_sql_of_ones_own(
    lived: Porch, app: Owner, statement: str
) -> None:
    del lived
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement.encode())


def test_no_secret_can_be_read_out_of_the_database(lived: Porch, owner: Owner) -> None:
    """Everything that stands in any column, beside everything that was secret."""
    told = b""
    for table in MAY_UPDATE:
        name = sql.Identifier(table)
        with owner.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(name)) as out:
            told += b"".join(bytes(each) for each in out)
    assert b"192.0.2.1" in told
    assert b"argon2" not in told
    assert b"sk_live_" not in told
    assert lived.lodge.key.key not in told


def test_two_stores_at_one_time_let_a_code_in_once(database: str) -> None:
    with SigninStore(database) as one, SigninStore(database) as other:
        porch = Porch(one)
        ana = porch.enrolled()
        kept = one.run(lambda keeping: keeping.factors(ana.code))
        (seed,) = [each for each in kept if each.kind == "totp"]
        use: dict[str, Any] = {"after": seed.counter, "counter": seed.counter + 9, "at": porch.at}
        assert [s.run(lambda k: k.use_factor(seed.id, **use)) for s in (one, other)] == [
            True,
            False,
        ]
