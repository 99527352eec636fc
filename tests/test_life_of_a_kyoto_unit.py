"""The life of two Kyoto units, told so that a regulator can follow every step and every check.

The first is real: a certified emission reduction of a project in Brazil, from its issuance to its
cancellation, as the CDM registry published it. The second shows what the data cannot: a unit of
Poland's assigned amount becomes an emission reduction unit of a joint project, goes to Austria
through the log between the registries, and is retired there. Warsaw, Vienna and the log each keep
books of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tonne import operations
from tonne.compliance import Inventory, Shown
from tonne.ledger import Block
from tonne.linking import LOG_CHECKS, Letter, Link, Listed, LogAnswer, Proposed, State, seal
from tonne.operations import (
    CreditIssue,
    Desk,
    Exchange,
    LogBooks,
    Receipt,
    Scheme,
    Talk,
    Transfer,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from tonne.registry import Answer, Dedication, Role
from tonne.store import MemoryLogStore, MemoryStore
from world import Store

T = TypeVar("T")
LOG = "ITL"
KEYS = {"PL": b"warsaw and the log share this key", "AT": b"vienna and the log share this key"}
AAU, ERU = "AAU-1 PL", "ERU-AAU-1 PL-24/2"


@cache
def kyoto() -> Scheme:
    """The law of the first commitment period, read once."""
    return operations.load_scheme(operations.scheme_folder("kyoto_cp1"))


# A real unit: BR-60482913, of project 2486 in Brazil.


def test_a_real_credit_from_its_issuance_in_brazil_to_its_cancellation(store: Store) -> None:
    def do(operation: Callable[..., T], *words: Any, on: str, by: Role, **more: Any) -> T:  # noqa: ANN401
        moment = datetime.fromisoformat(on).replace(tzinfo=UTC)
        desk = Desk(by=by, day=moment.date(), at=moment)
        return store.run(lambda books: operation(books, kyoto(), *words, desk=desk, **more))

    own = do(operations.found, on="2005-02-16", by="administrator")

    # On 19 December 2011 the Executive Board had 157,369 credits issued for the project.
    block = CreditIssue(
        key="issued 2011-12-19",
        unit="CER-1 BR-2486",
        count=157_369,
        block=Block("BR", 60_445_682, 60_603_050),
    )
    (issued,) = do(operations.issue_credits, [block], on="2011-12-19T12:23:08", by="authority")
    assert isinstance(issued, Receipt)

    # On 27 October 2012 somebody gave up 5,294 of them for ever.
    order = Transfer(
        key="cancelled 2012-10-27",
        source=own["pending"],
        target="",
        unit="CER-1 BR-2486",
        count=5_294,
        block=Block("BR", 60_482_913, 60_488_206),
        dedication=Dedication(beneficiary="not published", purpose="voluntary cancellation"),
    )
    (cancelled,) = do(
        operations.cancel,
        [order],
        verb="cancel_voluntarily",
        on="2012-10-27T08:23:47",
        by="operator",
    )
    assert isinstance(cancelled, Receipt)

    # The first of them tells its life; the numbers beside the cancelled ones are still pending.
    life = store.run(partial(operations.history, serial="BR-60482913"))
    assert [(each.kind, str(each.day), each.source, each.target) for each in life.steps] == [
        ("issue", "2011-12-19", own["issuance"], own["pending"]),
        ("cancel_voluntarily", "2012-10-27", own["pending"], own["cancelled"]),
    ]
    assert (life.holder, life.unit) == (own["cancelled"], "CER-1 BR-2486")
    assert life.dedications[cancelled.number].purpose == "voluntary cancellation"
    for neighbour in ("BR-60482912", "BR-60488207"):
        there = store.run(partial(operations.history, serial=neighbour))
        assert (there.holder, there.unit) == (own["pending"], "CER-1 BR-2486")

    # Cancelled is for ever: the same numbers are not cancelled again, nor given to anybody.
    again = Transfer(
        key="again", source=own["pending"], target="", unit="CER-1 BR-2486", count=5_294,
        block=Block("BR", 60_482_913, 60_488_206),
    )  # fmt: skip
    (refused,) = do(
        operations.cancel, [again], verb="cancel_voluntarily", on="2012-10-28", by="operator"
    )
    assert isinstance(refused, tuple)
    assert {each.number for each in refused} == {310}
    assert store.run(lambda books: books.check()) == []


# A unit of Warsaw's assigned amount, in Vienna's retirement account: two registries and the log.


@dataclass
class Registry:
    """The registry of a nation: its law, its books, and what its checks said."""

    code: str
    scheme: Scheme
    store: MemoryStore = field(default_factory=MemoryStore)
    accounts: dict[str, str] = field(default_factory=dict)
    told: list[Answer] = field(default_factory=list)

    def desk(self, at: datetime) -> Desk:
        """The desk of the nation's registry, which writes down what every check says."""
        self.told.clear()
        return Desk(by="authority", day=at.date(), at=at, told=self.told)

    def keeper(self, at: datetime) -> Desk:
        """The desk of whoever keeps the registry."""
        return Desk(by="administrator", day=at.date(), at=at)

    def every_check_passed(self) -> list[int]:
        """The numbers of the checks that were made, all of which passed."""
        assert self.told, "something was checked"
        assert all(each.passed for each in self.told), self.told
        return sorted({each.number for each in self.told})


@dataclass
class Link3:
    """Warsaw, Vienna and the log, and the post between them."""

    registries: dict[str, Registry]
    log: MemoryLogStore = field(default_factory=MemoryLogStore)
    now: datetime = datetime(2010, 4, 1, 9, tzinfo=UTC)
    examined: dict[str, tuple[LogAnswer, ...]] = field(default_factory=dict)
    """By proposal, what every check of the log said of it."""

    def at_log(self, operation: Callable[[LogBooks], T]) -> T:
        """Do something at the log."""
        return self.log.run(operation)

    def post(self) -> None:
        """Carry letters until nobody has anything to say."""
        carried = 1
        while carried:
            self.now += timedelta(minutes=1)
            carried = sum(map(self.to_log, self.registries.values())) + self.from_log()

    def to_log(self, registry: Registry) -> int:
        """Carry what a registry has to say; the log writes down what its checks say."""
        letters = registry.store.run(partial(_waiting, sender=registry.code))
        for letter in letters:
            raw = seal(letter, KEYS[registry.code])
            if isinstance(letter.body, Proposed):
                examine = partial(operations.examine_at_log, raw=raw, at=self.now)
                self.examined[letter.body.proposal.id] = self.at_log(examine)
            self.at_log(partial(operations.hear_at_log, raw=raw, at=self.now))
            registry.store.run(partial(_was_heard, nonce=letter.nonce, at=self.now))
        return len(letters)

    def from_log(self) -> int:
        """Carry what the log has to say."""
        letters = self.at_log(partial(_waiting, sender=LOG))
        for letter in letters:
            there = self.registries[letter.addressee]
            raw, desk = seal(letter, KEYS[there.code]), there.desk(self.now)
            hear = partial(operations.hear_from_log, scheme=there.scheme, raw=raw, desk=desk)
            there.store.run(hear)
            self.at_log(partial(_was_heard, nonce=letter.nonce, at=self.now))
        return len(letters)

    def propose(self, code: str, **asked: Any) -> str:  # noqa: ANN401  what an exchange says
        """A registry proposes something to the log; the name of the proposal."""
        registry = self.registries[code]
        words: dict[str, Any] = {"key": f"{code} {self.now}", **asked}
        words["source"] = registry.accounts.get(words["source"], words["source"])
        words["target"] = registry.accounts.get(words["target"], words["target"])
        desk = registry.desk(self.now)
        standing = registry.store.run(
            lambda books: operations.propose(books, registry.scheme, Exchange(**words), desk=desk)
        )
        return standing.id

    def state(self, code: str, proposal: str) -> State:
        """How far a proposal has come in a registry."""
        return self.registries[code].store.run(lambda b: b.standings([proposal])[proposal].state)

    def held(self, code: str, kind: str) -> dict[str, int]:
        """What an account of a registry holds."""
        registry = self.registries[code]
        return registry.store.run(lambda books: books.holdings(registry.accounts[kind]))


@pytest.fixture
def link(tmp_path: Path) -> Link3:
    """Two registries under the law of the period, each with its own letters in it, and a log."""
    found = Link3({code: Registry(code, _law(tmp_path, code)) for code in ("PL", "AT")})
    found.at_log(partial(operations.found_log, code=LOG))
    for code, registry in found.registries.items():
        run, law, desk = registry.store.run, registry.scheme, registry.keeper(found.now)
        registry.accounts |= run(partial(operations.found, scheme=law, desk=desk))
        registry.accounts |= run(
            partial(operations.found_nation, scheme=law, party=code, desk=desk)
        )
        _may_sell(registry, found.now)
        asked = Link(code, LOG, "http://log.example", KEYS[code])
        run(partial(operations.link_registry, scheme=law, asked=asked, key="link", desk=desk))
        listed = Listed(code, f"http://registry.{code.lower()}.example", KEYS[code])
        put = partial(operations.list_registry, listed=listed, reason="initialised", at=found.now)
        found.at_log(put)
    return found


def _may_sell(registry: Registry, at: datetime) -> None:
    """The nation has shown all that it must, was cleared, and its inventory was reviewed.

    Of a nation without emissions the reserve is nothing: these stories are about other checks.
    """
    desk = Desk(by="authority", day=at.date(), at=at)
    cleared = Shown(party=registry.code, met=operations.CRITERIA, cleared=date(2008, 1, 1))
    inventory = Inventory(year=2008, tonnes=Tonnes(Decimal(0)))
    for finding in (cleared, inventory):
        note = partial(operations.notify, party=registry.code, key=type(finding).__name__)
        registry.store.run(partial(note, scheme=registry.scheme, finding=finding, desk=desk))


def _law(place: Path, code: str) -> Scheme:
    """The law of the period as a nation writes it down: with its own letters in it."""
    here, there = operations.scheme_folder("kyoto_cp1"), place / code.lower()
    there.mkdir()
    for file in here.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        (there / file.name).write_text(text.replace('value = "CDM"', f'value = "{code}"'), "utf-8")
    return operations.load_scheme(there)


def test_a_polish_unit_is_converted_sent_to_vienna_and_retired_there(link: Link3) -> None:
    warsaw, vienna = link.registries["PL"], link.registries["AT"]

    # Warsaw issues 1,000 units of its assigned amount. It tells the log, which keeps its own line.
    issuance = link.propose(
        "PL", kind="issue", verb="issue", unit=AAU, count=1_000, source="issuance", target="party"
    )
    issued_by = warsaw.every_check_passed()
    link.post()
    assert link.state("PL", issuance) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 1_000}

    # A wind farm near Gdansk, project 24 of track 2, saved 50 tonnes: as many units are converted.
    # Their numbers stay, and there are not more units in the world than before.
    conversion = link.propose(
        "PL", kind="convert", verb="convert", unit=AAU, count=50, block=Block("PL", 41, 90),
        becomes=ERU, source="party", target="party",
    )  # fmt: skip
    converted_by = warsaw.every_check_passed()
    link.post()
    assert link.state("PL", conversion) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 950, ERU: 50}

    # Warsaw proposes to send them. Until Vienna and the log have answered they are set aside.
    sending = link.propose(
        "PL", kind="transfer", verb="send", unit=ERU, count=50, taker="AT",
        source="party", target=vienna.accounts["party"],
    )  # fmt: skip
    sent_by = warsaw.every_check_passed()
    assert link.held("PL", "under_way") == {ERU: 50}
    link.post()
    assert link.state("PL", sending) is link.state("AT", sending) is State.COMPLETED
    assert (link.held("PL", "party"), link.held("PL", "under_way")) == ({AAU: 950}, {})
    assert link.held("AT", "party") == {ERU: 50}

    # Vienna retires them: they count against its emissions, and never move again.
    retirement = link.propose(
        "AT", kind="retire", verb="retire", unit=ERU, count=50, source="party", target="retired"
    )
    retired_by = vienna.every_check_passed()
    link.post()
    assert link.state("AT", retirement) is State.COMPLETED
    assert link.held("AT", "retired") == {ERU: 50}

    # Each side tells the life of the number 45 as far as it knows it.
    assert [step.kind for step in _life(warsaw)] == [
        "issue", "set_aside", "free", "convert", "convert", "set_aside", "send",
    ]  # fmt: skip
    assert [step.kind for step in _life(vienna)] == ["receive", "set_aside", "free", "retire"]
    moves = link.at_log(lambda books: operations.line_history(books, "PL-45"))
    assert [
        (each.proposal, each.move.holder, each.move.unit, each.move.place) for each in moves
    ] == [
        (issuance, "PL", AAU, "held"),
        (conversion, "PL", ERU, "held"),
        (sending, "AT", ERU, "held"),
        (retirement, "AT", ERU, "retired"),
    ]

    # And every check that let it pass: those of the registries, by number, and those of the log.
    for made in (issued_by, converted_by, sent_by, retired_by):
        assert {1001, 1002, 1007, 2002, 3001, 3005} <= set(made), made
    assert set(link.examined) == {issuance, conversion, sending, retirement}
    for answers in link.examined.values():
        assert [(each.number, each.sentence) for each in answers] == list(LOG_CHECKS)
        assert all(each.passed for each in answers)
    assert link.at_log(lambda books: books.written()) == []
    assert link.at_log(operations.line_faults) == []
    for registry in link.registries.values():
        assert registry.store.run(lambda books: books.check()) == []


def test_what_is_out_of_use_or_another_nations_goes_no_further(link: Link3) -> None:
    for words in (
        {"kind": "issue", "verb": "issue", "unit": AAU, "count": 100, "source": "issuance"},
        {"kind": "retire", "verb": "retire", "unit": AAU, "count": 10, "source": "party"},
    ):
        target = "party" if words["kind"] == "issue" else "retired"
        link.propose("PL", target=target, **words)
        link.post()
    # Warsaw's books forget that ten were retired; the log does not.
    warsaw = link.registries["PL"]
    desk = warsaw.keeper(link.now)
    warsaw.store.run(
        lambda books: operations.correct_holding(
            books, warsaw.scheme, Block("PL", 1, 10), unit=AAU, source=warsaw.accounts["retired"],
            target=warsaw.accounts["party"], reason="a fault", key="fault", desk=desk,
        )
    )  # fmt: skip
    again = link.propose(
        "PL", kind="transfer", verb="send", unit=AAU, count=10, taker="AT", source="party",
        target=link.registries["AT"].accounts["party"], block=Block("PL", 1, 10),
    )  # fmt: skip
    link.post()
    assert link.state("PL", again) is State.TERMINATED
    failed = [each.number for each in link.examined[again] if not each.passed]
    assert failed == [each.number for each in link.at_log(lambda b: b.written())] == [7538]
    assert link.held("PL", "party") == {AAU: 100}
    assert link.held("AT", "party") == {}


def test_a_nation_offers_no_unit_that_its_reserve_needs_or_that_it_may_not_sell(
    link: Link3,
) -> None:
    link.propose(
        "PL", kind="issue", verb="issue", unit=AAU, count=1_000, source="issuance", target="party"
    )
    link.post()
    warsaw, vienna = link.registries["PL"], link.registries["AT"]
    offer = {
        "kind": "transfer", "verb": "send", "unit": AAU, "taker": "AT",
        "source": "party", "target": vienna.accounts["party"],
    }  # fmt: skip

    # Warsaw emitted 150 tonnes in the year reviewed last: five times as many units stay.
    note = partial(operations.notify, scheme=warsaw.scheme, desk=warsaw.desk(link.now))
    reviewed = Inventory(year=2009, tonnes=Tonnes(Decimal(150)))
    warsaw.store.run(partial(note, finding=reviewed, party="PL", key="reviewed"))
    assert _refused(link, count=251, **offer) == [6120]
    sold = link.propose("PL", count=250, **offer)
    assert _refused(link, key="more", count=1, **offer) == [6120], (
        "what is under way has left already"
    )
    link.post()
    assert link.state("PL", sold) is State.COMPLETED
    assert link.held("PL", "party") == {AAU: 750}

    # A nation that has shown nothing sells nothing, and its own letters in the law are no excuse.
    warsaw.store.run(partial(note, finding=Shown(party="PL", met=()), key="nothing shown"))
    assert 6121 in _refused(link, count=1, **offer)
    assert link.held("PL", "under_way") == {}


def _refused(link: Link3, **asked: Any) -> list[int]:  # noqa: ANN401  what an exchange says
    """Why Warsaw may not propose something; nothing of it is done."""
    with pytest.raises(Refused) as no:
        link.propose("PL", **asked)
    return [each.number for each in no.value.refusals]


def _life(registry: Registry) -> list[Any]:
    """Every step of the number 45 in the books of a registry."""
    return list(registry.store.run(partial(operations.history, serial="PL-45")).steps)


def _waiting(books: Talk, sender: str) -> list[Letter]:
    return books.waiting(sender)


def _was_heard(books: Talk, nonce: int, at: datetime) -> None:
    books.was_heard([nonce], at=at)
