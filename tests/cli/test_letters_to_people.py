"""Sentences about e-mail: who is written what, in which language, once, and what is never sent."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import typer
from aiosmtpd.controller import Controller
from psycopg import errors

from bureau import Bureau, usr
from land import UNIT, Land
from porch import ELSEWHERE, HOME, PASSWORD, Porch
from tiling import Owner
from tonne import signin
from tonne.cli.alarms import Alarms
from tonne.cli.posting import Post, a_post, gather, send
from tonne.documents import LANGUAGES, address_refusals, write_mail
from tonne.operations import Office, happenings, people, proposals
from tonne.people import Proposal, Registered
from tonne.refusal import Refused
from tonne.store import Mail, MemorySigninStore, MemoryStore, OutboxStore

SITE = "https://registry.example"


class Box:
    """A server of e-mail on this machine that keeps what comes, and may refuse."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.says = "250 taken"

    async def handle_RCPT(self, _s: Any, _t: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: ANN401, N802  its own
        if not self.says.startswith("250"):
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _t: Any, envelope: Any) -> str:  # noqa: ANN401, N802  its own
        self.came.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"


@pytest.fixture(scope="module")
def controller() -> Iterator[tuple[Box, int]]:
    """A real server, on a free port."""
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Controller(box, hostname="127.0.0.1", port=port)
    running.start()
    yield box, port
    running.stop()


@pytest.fixture
def box(controller: tuple[Box, int]) -> Box:
    """The server, with nothing in it."""
    box, _ = controller
    box.came, box.says = [], "250 taken"
    return box


@pytest.fixture
def post(controller: tuple[Box, int]) -> Post:
    """How the server is reached."""
    return a_post(f"smtp+plain://127.0.0.1:{controller[1]}", sender="r@xe.example", site=SITE)


class Mailing:
    """A bureau whose people are written to."""

    def __init__(self, outbox: OutboxStore, post: Post) -> None:
        self.bureau = Bureau(Land(MemoryStore()).settle()).settle()
        self.porch = Porch(MemorySigninStore())
        self.outbox, self.post = outbox, post
        self.logged: list[Any] = []
        self.level = happenings.Level()
        self.alarms = Alarms({"sign-ins": 3, "refusals": 2, "freezes": 2})
        land = self.bureau.land
        self.office = Office(
            schemes={"example": land.scheme}, store=land.store, now=lambda: self.bureau.now
        )
        self.gather()

    def gather(self) -> None:
        """Write what is to be written of what is some seconds old."""
        self.bureau.now += timedelta(seconds=10)
        self.porch.later(seconds=10)
        gather(
            self.office, self.porch.lodge, self.outbox, self.post, self.logged.append,
            level=self.level, alarms=self.alarms,
        )  # fmt: skip

    def propose(self) -> Proposal:
        """Ann wants units of the steelworks cancelled; Bob may agree."""
        steel = self.bureau.number("steel")
        wish = proposals.Cancel(account=steel, unit=UNIT, count=10, beneficiary="A school")
        return self.bureau.propose(wish, by="ann")

    def round(self) -> int:
        """Write, and send."""
        self.gather()
        return send(self.outbox, self.post, self.bureau.now, self.logged.append)


@pytest.fixture
def mailing(database: str, post: Post) -> Iterator[Mailing]:
    with OutboxStore(database) as outbox:
        yield Mailing(outbox, post)


def known_as(mailing: Mailing, name: str, email: str, language: str) -> None:
    """Somebody is known better."""
    bureau = mailing.bureau
    said = Registered(name=name.capitalize(), email=email, language=language)
    mailing.office.do(
        lambda books: people.register_person(
            books, bureau.land.scheme, usr(name), said, by=usr("sara"), key=bureau.key(),
            desk=mailing.office.desk("administrator"),
        )
    )  # fmt: skip


def read(box: Box) -> list[tuple[list[str], str, str]]:
    """To whom, subject and text of what came."""
    return [(to, str(each["subject"]), each.get_content()) for to, each in box.came]


def test_who_may_decide_is_told_that_a_proposal_waits_once_and_in_their_language(
    mailing: Mailing, box: Box
) -> None:
    known_as(mailing, "bob", "bob@example.org", "sl")
    made = mailing.propose()
    assert mailing.round() == 1
    ((to, subject, text),) = read(box)
    assert (to, subject) == (["bob@example.org"], "Predlog čaka na vas")
    assert made.code in text
    assert "http" not in text.replace(SITE, "")
    assert mailing.round() == 0
    mailing.bureau.decide(made.code, "approve", by="bob")
    assert mailing.round() == 1
    assert read(box)[1][:2] == (["ann@example.org"], "A proposal of yours is done")


def test_a_sign_in_from_a_new_place_is_told_and_one_from_a_known_place_is_not(
    mailing: Mailing, box: Box
) -> None:
    ana = mailing.porch.enrolled("ana@example.org")
    mailing.porch.sign_in(ana, caller=HOME)
    mailing.porch.sign_in(ana, caller=HOME)
    assert mailing.round() == 0
    token = mailing.porch.sign_in(ana, caller=ELSEWHERE).token
    assert mailing.round() == 1
    signin.set_password(
        mailing.porch.lodge, token, new="nine otters over a fast river", current=PASSWORD
    )
    assert mailing.round() >= 1
    told = read(box)
    assert told[0][:2] == (["ana@example.org"], "Somebody signed in from a new place")
    assert ELSEWHERE.place in told[0][2]
    assert {each[1] for each in told[1:]} == {"How you sign in was changed"}
    assert "otters" not in str(told)


ADDRESSES = (
    "ana@example.org\r\nBcc: all@example.org", "ana@example.org\nX: y", "a b@example.org",
    "ana@example.org,bo@example.org", "Ana <ana@example.org>", "ana", "", "a@b@c",
    "ana@example.org\u2028", "a" * 250 + "@example.org",
)  # fmt: skip


def test_an_address_or_a_subject_that_holds_anything_else_is_refused_and_never_sent(
    mailing: Mailing, box: Box
) -> None:
    for address in ADDRESSES:
        assert [each.number for each in address_refusals(address)] == [9080], address
    assert list(address_refusals("ana.novak+registry@mail.example.org")) == []
    letter = Mail(key="k", address="a@b.example", subject="s", body="b", language="en")
    at = mailing.bureau.now
    for bad in (replace(letter, address=ADDRESSES[0]), replace(letter, subject="s\r\nBcc: x")):
        with pytest.raises(errors.CheckViolation):
            mailing.outbox.keep("x", 1, [bad], at=at)
    # What the database takes for an address is looked at once more, and others are sent.
    both = [replace(letter, address=ADDRESSES[3]), replace(letter, key="k2")]
    mailing.outbox.keep("x", 1, both, at=at)
    assert mailing.round() == 1
    assert [to for to, *_ in read(box)] == [["a@b.example"]]
    mailing.bureau.now += timedelta(days=2)
    assert mailing.round() == 0


def test_a_letter_that_was_not_taken_is_tried_later_and_ever_later_until_it_is(
    mailing: Mailing, box: Box
) -> None:
    mailing.propose()
    box.says = "451 come again"
    assert mailing.round() == 0
    box.says = "250 taken"
    assert mailing.round() == 0
    mailing.bureau.now += timedelta(minutes=1)
    box.says = "451 come again"
    assert mailing.round() == 0
    mailing.bureau.now += timedelta(minutes=1)
    box.says = "250 taken"
    assert mailing.round() == 0
    mailing.bureau.now += timedelta(minutes=1)
    assert mailing.round() == 1
    assert len(box.came) == 1
    assert [each["fault"] for each in mailing.logged] == ["SMTPRecipientsRefused 451"] * 2


def test_what_a_server_refuses_for_good_is_given_up(mailing: Mailing, box: Box) -> None:
    mailing.propose()
    box.says = "550 nobody here"
    mailing.round()
    box.says = "250 taken"
    mailing.bureau.now += timedelta(days=2)
    assert mailing.round() == 0


def test_the_people_of_a_frozen_account_are_told_once_and_nobody_else_is(
    mailing: Mailing, box: Box
) -> None:
    bureau = mailing.bureau
    bureau.do(
        people.freeze_account, bureau.number("steel"), of="sara", role="administrator",
        reason="theft reported", key=bureau.key(),
    )  # fmt: skip
    assert mailing.round() == 2
    told = read(box)
    assert {to for (to,), *_ in told} == {"ann@example.org", "bob@example.org"}
    assert {subject for _, subject, _ in told} == {"An account was frozen"}
    assert all(bureau.number("steel") in text and "theft" not in text for *_, text in told)
    assert mailing.round() == 0


def test_representatives_are_told_in_a_verifiers_own_words_that_they_are_not_satisfied(
    mailing: Mailing, box: Box
) -> None:
    known_as(mailing, "bob", "bob@example.org", "sl")
    bureau, steel = mailing.bureau, mailing.bureau.number("steel")
    bureau.verifier("vera")
    bureau.verified_by("vera", "steel", ("ann", "bob"))
    bureau.propose(proposals.Report(account=steel, year=2025, tonnes="45.4"), by="ann")
    mailing.round()
    box.came = []
    why = "The meter was\nnot read in May"
    bureau.propose(
        proposals.Verify(
            account=steel, year=2025, tonnes="45.4", judgement="not_verified", comment=why,
            figure="51.25",
        ),
        by="vera",
    )  # fmt: skip
    assert mailing.round() == 3
    told = {to: (subject, text) for (to,), subject, text in read(box)}
    assert set(told) == {"ann@example.org", "bob@example.org", "vera@example.org"}
    assert told["ann@example.org"][0] == "A verifier is not satisfied with your report"
    assert told["bob@example.org"][0] == "Preveritelj z vašim poročilom ni zadovoljen"
    assert told["vera@example.org"][0] == "A proposal of yours is done"
    for to in ("ann@example.org", "bob@example.org"):
        text = told[to][1]
        assert all(said in text for said in (steel, "45.4", "51.25", "The meter was not read in"))
    assert mailing.round() == 0


def test_who_still_owes_is_told_thirty_seven_and_one_day_before_once_each(
    mailing: Mailing, box: Box
) -> None:
    bureau = mailing.bureau
    bureau.land.emit("steel", 45)
    bureau.land.emit("kiln", 0)
    # Example Act, s. 12(1): due by 30 April; 31 March is thirty days before, the 23rd seven.
    for day, letters in (
        ("2026-03-30", 0), ("2026-03-31", 2), ("2026-04-01", 0), ("2026-04-22", 0),
        ("2026-04-25", 2), ("2026-04-29", 2), ("2026-04-30", 0), ("2026-05-01", 0),
    ):  # fmt: skip
        bureau.now = datetime.fromisoformat(f"{day}T11:00:00+00:00")
        assert (day, mailing.round()) == (day, letters)
    told = read(box)
    assert {to for (to,), *_ in told} == {"ann@example.org", "bob@example.org"}
    assert all(re.search(r"2025\W+45\b", text) for *_, text in told)
    assert all("2026-04-30" in text for *_, text in told)


def test_who_has_surrendered_all_is_not_told_of_the_day(mailing: Mailing, box: Box) -> None:
    bureau = mailing.bureau
    bureau.land.emit("steel", 40)
    bureau.land.surrender("steel", 40)
    bureau.now = datetime(2026, 4, 29, 11, tzinfo=UTC)
    assert mailing.round() == 0
    assert box.came == []


def test_a_code_that_is_used_a_second_time_is_told_to_whose_it_is(
    mailing: Mailing, box: Box
) -> None:
    ana = mailing.porch.enrolled("ana@example.org")
    code = mailing.porch.code(ana, steps=2)
    with pytest.raises(Refused):
        mailing.porch.sign_in(ana, code="000000", caller=ELSEWHERE)
    mailing.porch.sign_in(ana, code=code)
    with pytest.raises(Refused):
        mailing.porch.sign_in(ana, code=code, caller=ELSEWHERE)
    assert mailing.round() == 1
    ((to, subject, text),) = read(box)
    assert (to, subject) == (["ana@example.org"], "A code of yours was used a second time")
    assert ELSEWHERE.place in text
    assert code not in text


def test_administrators_are_called_once_where_a_threshold_is_reached(
    mailing: Mailing, box: Box
) -> None:
    bureau = mailing.bureau
    known_as(mailing, "sara", "sara@xe.example", "sl")
    mailing.porch.enrolled("ana")
    mailing.round()
    box.came = []
    for times, letters in ((2, 0), (1, 2), (3, 0)):
        for _ in range(times):
            with pytest.raises(Refused):
                signin.sign_in(
                    mailing.porch.lodge,
                    login="nobody",
                    password=PASSWORD,
                    code="",
                    caller=ELSEWHERE,
                )
            mailing.porch.later(seconds=20)
        mailing.gather()
        assert (times, mailing.round()) == (times, letters)
    told = {to: subject for (to,), subject, _ in read(box)}
    assert told["soren@xe.example"] == "Something unusual happened at the registry"
    assert told["sara@xe.example"] == "V registru se je zgodilo nekaj nenavadnega"
    box.came = []
    for account in ("steel", "kiln"):
        bureau.do(
            people.freeze_account, bureau.number(account), of="sara", role="administrator",
            reason="theft reported", key=bureau.key(),
        )  # fmt: skip
    # The second freeze within the hour; four representatives and two administrators are written.
    assert mailing.round() == 6
    assert mailing.round() == 0


def test_what_a_letter_says_is_not_changed_with_sql_of_the_applications_own(
    mailing: Mailing, box: Box, owner: Owner
) -> None:
    mailing.propose()
    assert mailing.round() == 1
    owner.execute("set role tonne_app")
    for statement in (
        "update mail set body = ''",
        "update mail set address = 'x'",
        "delete from mail",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            owner.execute(statement.encode())
    with pytest.raises(errors.CheckViolation, match="what is over stays over"):
        owner.execute("update mail set sent_at = null")
    assert len(box.came) == 1


def test_letters_go_without_tls_to_this_machine_only() -> None:
    secure = a_post("smtps://n:p%40@mail.example", sender="r@xe.example", site=SITE)
    assert (secure.secure, secure.port, secure.password) == ("tls", 465, "p@")
    assert a_post("smtp://mail.example", sender="r@xe.example", site=SITE).secure == "starttls"
    for text in ("smtp+plain://mail.example", "http://mail.example", "mail.example"):
        with pytest.raises(typer.BadParameter):
            a_post(text, sender="r@xe.example", site=SITE)


def test_letters_are_written_in_every_language_with_the_same_facts() -> None:
    for code in LANGUAGES:
        for kind in (
            "waits", "completed", "rejected", "new place", "factors", "code again", "frozen",
            "owed", "not verified", "alarm sign-ins", "alarm refusals", "alarm freezes",
        ):  # fmt: skip
            facts = {
                "proposal": "txn_1", "moment": "2026-11-22 09:00 UTC", "place": "192.0.2.1",
                "account": "XE-1", "count": "45", "year": "2025", "day": "2026-04-30",
                "tonnes": "45.4", "comment": "no meter", "figure": "51.2",
            }  # fmt: skip
            written = write_mail(kind, facts, language=code, site=SITE)
            assert SITE in written.body
            assert "%(" not in written.body
            said = {"owed": "2026-04-30", "not verified": "no meter"}
            of_day = said.get(kind, "2026-11-22 09:00 UTC")
            fact = "txn_1" if kind in {"waits", "completed", "rejected"} else of_day
            assert fact in written.body
