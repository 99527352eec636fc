"""What every store promises of sign-in: the same tests on memory and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from operator import methodcaller
from typing import Any, Protocol

import psycopg
import pytest

from porch import START
from tonne import signin
from tonne.signin import (
    Event,
    Factor,
    Keeping,
    Key,
    Person,
    Recovery,
    Session,
    Tally,
    Ticket,
)
from tonne.store import MemorySigninStore, SigninStore

Unfit = tuple[type[Exception], ...]
Act = Callable[[Any], object]


class Tried(Protocol):
    """Records of which everything is tried, also what no type allows."""

    def run(self, operation: Callable[[Any], Any], *, keep: bool = True) -> Any:  # noqa: ANN401
        """Run an operation."""


LATER = START + timedelta(hours=1)
CODES = [signin.new_code("usr", START, bytes(9) + bytes([place])) for place in range(4)]
ANA, EVA, MEI, NOBODY = CODES


def person(code: str) -> Person:
    return Person(
        code=code, login=f"login {code[-1]}", name="", administrator=True, barred=False,
        enrolled_at=START,
    )  # fmt: skip


def factor(**facts: object) -> Factor:
    made = Factor(
        id="fac_1", person=ANA, kind="totp", secret=b"s", counter=5, label="", made_at=START,
        confirmed_at=None, used_at=None, removed_at=None,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def session(**facts: object) -> Session:
    made = Session(
        id="ses_1", person=ANA, token=bytes(32), factors=("password", "code"), enrolling=False,
        place="here", agent="", opened_at=START, confirmed_at=START, seen_at=START, until=LATER,
        ended_at=None, ended_why="",
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def ticket(**facts: object) -> Ticket:
    made = Ticket(
        digest=bytes(32), kind="proof", person=ANA, session=None, act=b"", challenge=b"c",
        made_at=START, until=LATER,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def key(**facts: object) -> Key:
    made = Key(
        id="key_1", person=ANA, organisation=None, label="", digest=bytes(32),
        scopes=("market:trade", "registry:read"), live=True, made_at=START, used_at=None,
        revoked_at=None,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def recovery(**facts: object) -> Recovery:
    made = Recovery(
        id="rec_1", person=ANA, reason="lost", asked_by=EVA, asked_at=START, until=LATER,
        agreed_by=None, agreed_at=None, signs_from=None,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def event(**facts: object) -> Event:
    made = Event(at=START, kind="failed", person=ANA, by=None, place="here", what="password")
    return replace(made, **facts)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "postgres"])
def records(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """Records of each kind, in which three people are enrolled."""

    def enrol(keeping: Keeping) -> None:
        for code in CODES[:3]:
            keeping.add_person(person(code))

    if request.param == "memory":
        memory = MemorySigninStore()
        memory.run(enrol)
        yield memory
        return
    with SigninStore(request.getfixturevalue("database")) as store:
        store.run(enrol)
        yield store


def test_what_is_kept_is_found_again_as_it_was(records: Tried) -> None:
    kept = (factor(), session(), ticket(session="ses_1"), key(), recovery(), event())

    def put(keeping: Keeping) -> None:
        keeping.add_factor(factor())
        keeping.add_session(session())
        keeping.add_ticket(ticket(session="ses_1"))
        keeping.add_key(key())
        keeping.add_recovery(recovery())
        keeping.add_event(event())

    records.run(put)
    assert records.run(lambda k: k.people()) == [person(code) for code in CODES[:3]]
    assert records.run(lambda k: k.person(ANA)) == person(ANA)
    assert records.run(lambda k: k.person_by_login(person(EVA).login)) == person(EVA)
    assert records.run(lambda k: k.factors(ANA)) == [kept[0]]
    assert records.run(lambda k: k.factor("fac_1", "totp")) == kept[0]
    assert records.run(lambda k: k.session_by_token(bytes(32))) == kept[1]
    assert records.run(lambda k: k.sessions(ANA)) == [kept[1]]
    assert records.run(lambda k: k.take_ticket(bytes(32), "proof", START)) == kept[2]
    assert records.run(lambda k: k.key_by_digest(bytes(32))) == kept[3]
    assert records.run(lambda k: k.keys(ANA)) == records.run(lambda k: k.keys()) == [kept[3]]
    assert records.run(lambda k: k.recovery("rec_1")) == kept[4]
    assert records.run(lambda k: k.recoveries()) == [kept[4]]
    assert [*records.run(lambda k: k.events())] == [event(number=1)]


def test_what_is_not_there_is_not_found(records: Tried) -> None:
    for question in (
        lambda k: k.person(NOBODY),
        lambda k: k.person(""),
        lambda k: k.person_by_login("x"),
        lambda k: k.person_by_login(""),
        lambda k: k.factor("x", "totp"),
        lambda k: k.session_by_token(b"x"),
        lambda k: k.take_ticket(b"x", "proof", START),
        lambda k: k.key("x"),
        lambda k: k.key_by_digest(b"x"),
        lambda k: k.recovery("x"),
        lambda k: k.recovery(""),
        lambda k: k.signs_from(ANA),
    ):
        assert records.run(question) is None
    for several in (
        lambda k: k.factors(ANA),
        lambda k: k.sessions(ANA),
        lambda k: k.keys(ANA),
        lambda k: k.recoveries(),
        lambda k: [*k.events()],
    ):
        assert records.run(several) == []


UNFIT: dict[str, Act] = {
    "a login twice": lambda k: k.add_person(replace(person(NOBODY), login=person(ANA).login)),
    "a code twice": lambda k: k.add_person(replace(person(ANA), login="another")),
    "no login": lambda k: k.add_person(replace(person(NOBODY), login="")),
    "a factor of nobody": lambda k: k.add_factor(factor(person=NOBODY)),
    "two passwords": lambda k: [
        k.add_factor(factor(id=name, kind="password")) for name in ("a", "b")
    ],
    "a counter that falls": lambda k: [
        k.add_factor(factor()), k.use_factor("fac_1", after=5, counter=4, at=START)
    ],
    "a session of nobody": lambda k: k.add_session(session(person=NOBODY)),
    "a session without end": lambda k: k.add_session(session(until=START)),
    "a token twice": lambda k: [k.add_session(session(id=name)) for name in ("a", "b")],
    "an ended session that rises": lambda k: [
        k.add_session(session()), k.end_session("ses_1", START, "x"),
        k.turn_session("ses_1", bytes(31) + b"1", START),
    ],
    "a ticket of nobody": lambda k: k.add_ticket(ticket(person=NOBODY)),
    "a ticket of no session": lambda k: k.add_ticket(ticket(session="x")),
    "a key of nobody": lambda k: k.add_key(key(person=NOBODY)),
    "a key for nothing": lambda k: k.add_key(key(scopes=())),
    "a key for both": lambda k: k.add_key(
        key(scopes=("transfers:approve", "transfers:propose"))
    ),
    "a secret twice": lambda k: [k.add_key(key(id=name)) for name in ("a", "b")],
    "a recovery of oneself": lambda k: k.add_recovery(recovery(asked_by=ANA)),
    "an agreement by who asked": lambda k: [
        k.add_recovery(recovery()), k.agree("rec_1", EVA, START, LATER)
    ],
    "an agreement by oneself": lambda k: [
        k.add_recovery(recovery()), k.agree("rec_1", ANA, START, LATER)
    ],
    "an agreement too late": lambda k: [
        k.add_recovery(recovery()), k.agree("rec_1", MEI, LATER, LATER)
    ],
    "an agreement by nobody": lambda k: [
        k.add_recovery(recovery()), k.agree("rec_1", NOBODY, START, LATER)
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", UNFIT)
def test_what_would_break_a_rule_is_kept_by_no_store(
    records: Tried,
    unfit: Unfit,
    what: str,
) -> None:
    with pytest.raises(unfit):
        records.run(UNFIT[what])
    assert records.run(lambda k: len(k.people())) == 3
    assert records.run(lambda k: k.factors(ANA)) == []


def test_a_counter_is_used_by_one_of_two(records: Tried) -> None:
    records.run(lambda k: k.add_factor(factor()))
    use = {"after": 5, "counter": 6, "at": START}
    assert records.run(lambda k: k.use_factor("fac_1", **use)) is True
    assert records.run(lambda k: k.use_factor("fac_1", **use)) is False
    (kept,) = records.run(lambda k: k.factors(ANA))
    assert (kept.counter, kept.used_at) == (6, START)


def test_a_removed_factor_is_neither_found_nor_used(records: Tried) -> None:
    records.run(lambda k: k.add_factor(factor()))
    records.run(lambda k: k.confirm_factor("fac_1", LATER))
    assert records.run(lambda k: k.factors(ANA)) == [factor(confirmed_at=LATER)]
    for _ in range(2):
        records.run(lambda k: k.remove_factor("fac_1", LATER))
    assert records.run(lambda k: k.factors(ANA)) == []
    assert records.run(lambda k: k.factor("fac_1", "totp")) is None
    used = records.run(lambda k: k.use_factor("fac_1", after=5, counter=6, at=LATER))
    assert used is False
    records.run(lambda k: k.confirm_factor("fac_1", LATER))
    records.run(lambda k: k.add_factor(factor(id="fac_2", kind="password")))
    records.run(lambda k: k.remove_factor("fac_2", LATER))
    records.run(lambda k: k.add_factor(factor(id="fac_3", kind="password")))
    assert [each.id for each in records.run(lambda k: k.factors(ANA))] == ["fac_3"]


def test_a_ticket_is_good_once_in_time_and_for_its_kind(records: Tried) -> None:
    records.run(lambda k: k.add_ticket(ticket()))
    for kind, at in (("enrolment", START), ("proof", LATER)):
        assert records.run(methodcaller("take_ticket", bytes(32), kind, at)) is None
    assert records.run(lambda k: k.take_ticket(bytes(32), "proof", START)) == ticket()
    assert records.run(lambda k: k.take_ticket(bytes(32), "proof", START)) is None


def test_the_tickets_of_a_kind_are_used_up_together(records: Tried) -> None:
    records.run(lambda k: [k.add_ticket(ticket()), k.add_ticket(ticket(kind="enrolment"))])
    records.run(lambda k: k.void_tickets(ANA, "enrolment", START))
    assert records.run(lambda k: k.take_ticket(bytes(32), "enrolment", START)) is None
    assert records.run(lambda k: k.take_ticket(bytes(32), "proof", START)) == ticket()


def test_what_is_long_over_is_forgotten_and_nothing_else(records: Tried) -> None:
    early = ticket(until=START + timedelta(minutes=1), digest=b"e" * 32)
    old = Tally(key=b"o" * 32, failures=3, last_at=START, until=START)
    young = replace(old, key=b"y" * 32, until=LATER)
    records.run(lambda k: [k.add_ticket(early), k.add_ticket(ticket())])
    records.run(lambda k: k.put_tallies([old, young]))
    records.run(lambda k: k.forget(START + timedelta(minutes=2)))
    assert records.run(lambda k: k.take_ticket(b"e" * 32, "proof", START)) is None
    assert records.run(lambda k: k.take_ticket(bytes(32), "proof", START)) == ticket()
    assert records.run(lambda k: k.lock_tallies([old.key, young.key])) == [young]


def test_a_session_is_seen_turned_and_ended_for_good(records: Tried) -> None:
    records.run(lambda k: k.add_session(session()))
    records.run(lambda k: k.see_session("ses_1", LATER))
    assert records.run(lambda k: k.sessions(ANA)) == [session(seen_at=LATER)]
    new = b"n" * 32
    records.run(lambda k: k.turn_session("ses_1", new, LATER))
    assert records.run(lambda k: k.session_by_token(bytes(32))) is None
    turned = session(token=new, seen_at=LATER, confirmed_at=LATER)
    assert records.run(lambda k: k.session_by_token(new)) == turned
    assert records.run(lambda k: k.end_session("ses_1", LATER, "why")) is True
    assert records.run(lambda k: k.end_session("ses_1", START, "again")) is False
    assert records.run(lambda k: k.end_session("x", START, "again")) is False
    records.run(lambda k: k.see_session("ses_1", START))
    ended = replace(turned, ended_at=LATER, ended_why="why")
    assert records.run(lambda k: k.session_by_token(new)) == ended
    assert records.run(lambda k: k.sessions(ANA)) == []


def test_a_key_is_used_and_revoked_for_good(records: Tried) -> None:
    records.run(lambda k: k.add_key(key()))
    records.run(lambda k: k.use_key("key_1", START))
    assert records.run(lambda k: k.key("key_1")) == key(used_at=START)
    assert records.run(lambda k: k.revoke_key("key_1", LATER)) is True
    assert records.run(lambda k: k.revoke_key("key_1", START)) is False
    assert records.run(lambda k: k.revoke_key("x", START)) is False
    records.run(lambda k: k.use_key("key_1", LATER))
    assert records.run(lambda k: k.keys(ANA)) == [key(used_at=START, revoked_at=LATER)]


def test_a_recovery_is_agreed_to_once_and_says_from_when_one_signs(records: Tried) -> None:
    records.run(lambda k: k.add_recovery(recovery()))
    signs = LATER + timedelta(days=1)
    assert records.run(lambda k: k.agree("rec_1", MEI, START, signs)) is True
    assert records.run(lambda k: k.agree("rec_1", MEI, START, LATER)) is False
    assert records.run(lambda k: k.agree("x", MEI, START, LATER)) is False
    agreed = recovery(agreed_by=MEI, agreed_at=START, signs_from=signs)
    assert records.run(lambda k: k.recovery("rec_1")) == agreed
    assert records.run(lambda k: k.signs_from(ANA)) == signs
    assert records.run(lambda k: k.signs_from(EVA)) is None


def test_failures_are_counted_by_key_and_forgotten(records: Tried) -> None:
    tallies = [
        Tally(key=bytes([place]) * 32, failures=place, last_at=START, until=LATER)
        for place in (2, 1)
    ]
    keys = [each.key for each in tallies]
    assert records.run(lambda k: k.lock_tallies(keys)) == []
    records.run(lambda k: k.put_tallies(tallies))
    assert records.run(lambda k: k.lock_tallies(keys)) == tallies[::-1]
    records.run(lambda k: k.put_tallies([replace(tallies[0], failures=9)]))
    assert records.run(lambda k: k.lock_tallies(keys[:1]))[0].failures == 9
    records.run(lambda k: k.forget_tallies(keys[:1]))
    assert records.run(lambda k: k.lock_tallies(keys)) == tallies[1:]


def test_a_person_is_barred_and_admitted_and_otherwise_the_same(records: Tried) -> None:
    for barred in (True, False):
        records.run(methodcaller("bar", ANA, barred=barred))
        assert records.run(lambda k: k.person(ANA)) == replace(person(ANA), barred=barred)


def test_events_are_read_in_order_by_whom_they_concern_and_in_parts(records: Tried) -> None:
    rows = [event(what="1"), event(what="2", person=EVA, by=ANA), event(what="3", person=MEI)]
    for each in rows:
        records.run(methodcaller("add_event", each))

    def told(**asked: object) -> list[str]:
        return [each.what for each in records.run(lambda k: k.events(**asked))]

    assert told() == ["1", "2", "3"]
    assert told(person=ANA) == ["1", "2"]
    assert told(person=EVA) == ["2"]
    assert told(after=1) == ["2", "3"]
    assert told(after=1, limit=1) == ["2"]
    assert told(person=ANA, after=1) == ["2"]


def test_what_is_not_kept_leaves_nothing(records: Tried) -> None:
    def put(keeping: Keeping) -> None:
        keeping.add_factor(factor())
        keeping.add_event(event())
        keeping.put_tallies([Tally(key=bytes(32), failures=1, last_at=START, until=START)])

    records.run(put, keep=False)
    assert records.run(lambda k: k.factors(ANA)) == []
    assert [*records.run(lambda k: k.events())] == []
    assert records.run(lambda k: k.lock_tallies([bytes(32)])) == []


def test_records_are_reached_again_after_the_server_was_away(database: str) -> None:
    with SigninStore(database) as store, psycopg.connect(database, autocommit=True) as admin:
        store.run(lambda keeping: keeping.add_person(person(ANA)))
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        found = store.run(lambda keeping: keeping.person(ANA))
    assert found is not None
