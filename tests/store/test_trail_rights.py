"""What the application may do with the trail: add to it, and nothing else, with any SQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tiling import Owner
from tonne.signin import Trace
from tonne.store import TrailStore, trail

UPSERT = """
    insert into trace (number, at, request, person, place, method, route, path, status)
    overriding system value values (1, now(), 'r', 'p', '', 'GET', '/', '/', 200)
    on conflict (number) do update set person = 'usr_b'
"""
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def a_trace(
    request: str, *, person: str = "usr_a", account: str | None = None, day: int = 0
) -> Trace:
    """Somebody looked at something."""
    return Trace(
        at=AT + timedelta(days=day), request=request, person=person, key=None, session="ses_1",
        place="192.0.2.1", method="GET", route="/my/{number}", path=f"/my/{account}",
        account=account, status=200,
    )  # fmt: skip


@pytest.fixture
def walked(database: str) -> str:
    """A database in which three requests were kept."""
    with TrailStore(database) as store:
        store.add([a_trace("r1", account="XX-2"), a_trace("r2", person="usr_b", account="XX-2")])
        store.add([a_trace("r3", day=2)])
    return database


@pytest.mark.parametrize(
    "statement",
    [
        "update trace set account = null",
        "update trace set person = 'usr_b' where number = 1",
        "delete from trace",
        "truncate trace",
        "drop table trace",
        "alter table trace disable trigger all",
        "select account from trace",
        UPSERT,
    ],
)
def test_the_application_neither_changes_nor_reads_the_trail_with_sql_of_its_own(
    walked: str, app: Owner, statement: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement.encode())
    assert [each.request for _, each in trail.found(walked, limit=10)] == ["r1", "r2", "r3"]


def test_traces_are_found_by_person_account_and_time_in_order(walked: str) -> None:
    def found(**asked: Any) -> list[str]:  # noqa: ANN401  as it is asked
        return [each.request for _, each in trail.found(walked, **{"limit": 10, **asked})]

    assert found() == ["r1", "r2", "r3"]
    assert found(person="usr_a") == ["r1", "r3"]
    assert found(account="XX-2", person="usr_b") == ["r2"]
    assert found(since=AT + timedelta(days=1)) == ["r3"]
    ((number, first),) = trail.found(walked, limit=1)
    assert first == a_trace("r1", account="XX-2")
    assert found(after=number, limit=1) == ["r2"]


def test_what_is_old_is_forgotten_by_the_owner_and_the_rest_stays(walked: str) -> None:
    assert trail.forget(walked, before=AT + timedelta(days=1)) == 2
    assert [each.request for _, each in trail.found(walked, limit=10)] == ["r3"]


def test_a_trail_whose_connection_was_cut_goes_on_with_another(walked: str, owner: Owner) -> None:
    with TrailStore(walked) as store:
        store.add([a_trace("r4")])
        owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query like '%insert into trace%' and pid <> pg_backend_pid()"
        )
        store.add([a_trace("r5")])
    assert [each.request for _, each in trail.found(walked, limit=10, after=0)][-2:] == ["r4", "r5"]


def test_a_trace_of_nobody_is_not_kept_with_others_that_come_with_it(walked: str) -> None:
    with TrailStore(walked) as store, pytest.raises(psycopg.errors.CheckViolation):
        store.add([a_trace("r6"), a_trace("r7", person="")])
    assert len(trail.found(walked, limit=10)) == 3
