"""Warsaw, Vienna and the CDM registry with books of their own, the log, and the post."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tonne import operations
from tonne.compliance import Inventory, Shown
from tonne.linking import (
    Letter,
    Link,
    Listed,
    LogAnswer,
    PrivateKey,
    Proposed,
    Signed,
    State,
    receipt_of,
    sign,
)
from tonne.mrv import Opinion
from tonne.operations import Desk, Exchange, LogBooks, MonitoringReport, Scheme, Talk
from tonne.quantity import Tonnes
from tonne.registry import Answer
from tonne.store import MemoryLogStore, MemoryStore, PostgresStore

Store = MemoryStore | PostgresStore
T = TypeVar("T")
LOG = "ITL"
VERIFIED = Opinion(verifier="DOE Ltd", judgement="verified")
KEYS = {code: PrivateKey(code.encode() * 16) for code in ("PL", "AT")} | {
    "CDM": PrivateKey(b"nobody but bonn ever signs so.  ")
}
LOG_KEY = PrivateKey(b"l" * 32)


@dataclass
class Registry:
    """The registry of a nation: its law, its books, and what its checks said."""

    code: str
    scheme: Scheme
    store: Store = field(default_factory=MemoryStore)
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

    asked: dict[str, list[Answer]] = field(default_factory=dict)
    """By proposal, what every check of its registry said before it was made."""

    taken: dict[str, list[Answer]] = field(default_factory=dict)
    """By proposal, what every check of the taker said before it accepted."""

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
            raw = sign(letter, KEYS[registry.code])
            if isinstance(letter.body, Proposed):
                examine = partial(operations.examine_at_log, raw=raw, at=self.now)
                self.examined[letter.body.proposal.id] = self.at_log(examine)
            hear = partial(operations.hear_at_log, raws=[raw], key=LOG_KEY, at=self.now)
            receipt = receipt_of(self.at_log(hear)[0].receipt, letter, LOG_KEY.public())
            assert receipt is not None, "the log hears what a registry says"
            registry.store.run(
                partial(_was_heard, nonce=letter.nonce, receipt=receipt, at=self.now)
            )
        return len(letters)

    def from_log(self) -> int:
        """Carry what the log has to say."""
        letters = self.at_log(partial(_waiting, sender=LOG))
        for letter in letters:
            there = self.registries[letter.addressee]
            raw, desk, key = sign(letter, LOG_KEY), there.desk(self.now), KEYS[there.code]
            hear = partial(operations.hear_from_log, scheme=there.scheme, raws=[raw], desk=desk)
            (answer,) = there.store.run(partial(hear, key=key))
            if isinstance(letter.body, Proposed):
                self.taken[letter.body.proposal.id] = [*there.told]
            receipt = receipt_of(answer.receipt, letter, key.public())
            assert receipt is not None, "a registry hears what the log says"
            self.at_log(partial(_was_heard, nonce=letter.nonce, receipt=receipt, at=self.now))
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
        self.asked[standing.id] = [*registry.told]
        return standing.id

    def credit(self, count: int, *, unit: str = "CER-1", code: str = "CDM", **more: Any) -> str:  # noqa: ANN401
        """A registry proposes to issue what a report certifies; the name of the proposal."""
        registry = self.registries[code]
        number = f"{code} {self.now}"
        words: dict[str, Any] = {
            "project": "BR-2486",
            "number": number,
            "year": 2009,
            "opinion": VERIFIED,
        }
        key = more.pop("key", number)
        report = MonitoringReport(certified=count, **(words | more))
        desk = registry.desk(self.now)
        standing = registry.store.run(
            lambda books: operations.propose_credits(
                books, registry.scheme, report, unit=unit, key=key, desk=desk
            )
        )
        self.asked[standing.id] = [*registry.told]
        return standing.id

    def state(self, code: str, proposal: str) -> State:
        """How far a proposal has come in a registry."""
        return self.registries[code].store.run(lambda b: b.standings([proposal])[proposal].state)

    def held(self, code: str, kind: str) -> dict[str, int]:
        """What an account of a registry holds."""
        registry = self.registries[code]
        return registry.store.run(lambda books: books.holdings(registry.accounts[kind]))


def three_registries(place: Path, vienna: Store | None = None) -> Link3:
    """Three registries under the law of the period, each with its own letters in it, and a log."""
    found = Link3({code: Registry(code, _law(place, code)) for code in KEYS})
    if vienna is not None:
        found.registries["AT"].store = vienna
    found.at_log(partial(operations.found_log, code=LOG))
    for code, registry in found.registries.items():
        run, law, desk = registry.store.run, registry.scheme, registry.keeper(found.now)
        registry.accounts |= run(partial(operations.found, scheme=law, desk=desk))
        if code == "CDM":
            registry.accounts |= _for_letters(registry, desk)
        else:
            nation = partial(operations.found_nation, scheme=law, party=code, desk=desk)
            registry.accounts |= run(nation)
            _may_sell(registry, found.now)
        asked = Link(code, LOG, "http://log.example", LOG_KEY.public())
        run(partial(operations.link_registry, scheme=law, asked=asked, key="link", desk=desk))
        # Brazil keeps no registry: the CDM registry issues the numbers of its series.
        issues = ("BR",) if code == "CDM" else ()
        there, key = f"http://registry.{code.lower()}.example", KEYS[code].public()
        listed = Listed(code, there, key, series=issues)
        put = partial(operations.list_registry, listed=listed, reason="initialised", at=found.now)
        found.at_log(put)
    return found


def _for_letters(registry: Registry, desk: Desk) -> dict[str, str]:
    """The two accounts that the scheme's own registry needs to be linked."""
    return {
        kind: registry.store.run(
            partial(
                operations.open_account,
                scheme=registry.scheme,
                opening=operations.Opening(kind=kind, name=kind, registry=registry.code),
                key=kind,
                desk=desk,
            )
        ).number
        for kind in ("under_way", "elsewhere")
    }


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


def _waiting(books: Talk, sender: str) -> list[Letter]:
    return books.waiting(sender)


def _was_heard(books: Talk, nonce: int, receipt: Signed, at: datetime) -> None:
    books.was_heard({nonce: receipt}, at=at)
