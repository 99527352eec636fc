"""Two registries under one imaginary law, XA and XB, and the log between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tonne import operations
from tonne.ledger import Block
from tonne.linking import (
    Letter,
    Link,
    Listed,
    Patience,
    PrivateKey,
    Signed,
    Standing,
    State,
    receipt_of,
    sign,
)
from tonne.operations import Books, Desk, Exchange, Hearing, LogBooks, Opening, Scheme, Talk
from tonne.registry import Role
from tonne.store import LogStore, MemoryLogStore, MemoryStore, PostgresStore

T = TypeVar("T")
Store = MemoryStore | PostgresStore
AnyLog = MemoryLogStore | LogStore

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
CODES = ("XA", "XB")
KEYS = {"XA": PrivateKey(b"a" * 32), "XB": PrivateKey(b"b" * 32)}
LOG_KEY = PrivateKey(b"l" * 32)
PUBLIC = {code: key.public() for code, key in KEYS.items()}
UNITS = {"XA": "ALA", "XB": "ALB"}
LOG = "LOG"
HOLDERS = '"authority", "operator", "person"'


def scheme_folder(folder: Path, code: str) -> Path:
    """A folder with the law of one of the two: the Example Act, and units of both."""
    example = operations.scheme_folder("example")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("supply.toml", "mrv.toml", "compliance.toml"):
        (folder / name).write_text((example / name).read_text("utf-8"), "utf-8")
    text = (example / "scheme.toml").read_text("utf-8")
    head, _, rest = text.partition("[[units]]")
    _, _, rest = rest.partition("[[accounts]]")
    units = "".join(
        f'    {{ code = "{unit}", name = "{name}", mass = "t", period = "1",'
        f' series = "{series}" }},\n'
        for unit, name, series in (
            ("ALA", "Allowance of A", "XA"),
            ("ALB", "Allowance of B", "XB"),
            ("RUA", "Reduction in A", "XA"),
        )
    )
    units += '    { code = "EUR", name = "Euro", mass = "money" },\n'
    own = "".join(
        f'    {{ code = "{kind}", name = "{name}", number_type = 100, holds = ["EXA-1"],'
        f" government = true, is_source = {source}, needs_operator = false }},\n"
        for kind, name, source in (
            ("under_way", "Under way", "false"),
            ("elsewhere", "Elsewhere", "true"),
        )
    )
    rows = "".join(
        f'    {{ verb = "{verb}", code = "{number}", name = "{verb}", units = ["EXA-1"],'
        f' from_kinds = [{givers}], to_kinds = [{takers}], by = ["operator", "administrator"],'
        ' when = "running", from_restricted = false },\n'
        for verb, number, givers, takers in (
            ("send", "03-00", HOLDERS, '"elsewhere"'),
            ("receive", "03-00", '"elsewhere"', HOLDERS),
            ("convert", "02-00", f'{HOLDERS}, "issuance"', f'{HOLDERS}, "issuance"'),
        )
    )
    acts = "".join(
        f'    {{ verb = "{verb}", name = "{name}", by = ["administrator"] }},\n'
        for verb, name in (
            ("link", "link with a log"),
            ("correct_holding", "correct a holding"),
            ("answer_notice", "answer a notice"),
        )
    )
    head_of_rest, _, acts_of_rest = rest.partition("[[acts]]")
    acts_of_rest = acts_of_rest.replace("]\nreference", f"{acts}]\nreference")
    rest = f"{head_of_rest}[[acts]]{acts_of_rest}"
    rest = rest.replace(']\nreference = "Example Act, s. 4"', own + ']\nreference = "E, s. 4"', 1)
    rest = rest.replace(']\nreference = "Example Act, s. 6"', rows + ']\nreference = "E, s. 6"')
    rest = rest.replace('"EXA-1", "EXA-2"', '"EXA-1"').replace('"EXA-1"', '"ALA", "ALB", "RUA"')
    law = (
        f"{head}[[units]]\nstart = 2025-01-01\nvalue = [\n{units}]\n"
        f'reference = "Example Act, s. 3"\n\n[[accounts]]{rest}'
    )
    law = law.replace('value = "XE"', f'value = "{code}"')
    (folder / "scheme.toml").write_text(law, "utf-8")
    return folder


@dataclass
class Registry:
    """One registry, and short words for what is done in it."""

    code: str
    store: Store
    scheme: Scheme
    accounts: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    def key(self) -> str:
        """A key that was not used before."""
        self.keys += 1
        return f"key {self.keys}"

    def run(self, operation: Callable[[Books], T]) -> T:
        """Run an operation on the books."""
        return self.store.run(operation)

    def found(self, at: datetime) -> None:
        """Open the accounts and link the registry with the log."""
        desk = desk_of(at)
        self.accounts |= self.run(lambda b: operations.found(b, self.scheme, desk=desk))
        for place, name in enumerate(("ana", "bob"), 1):
            opening = Opening(kind="person", name=name, registry=self.code, identifier=100 + place)
            opening_it = partial(
                operations.open_account, scheme=self.scheme, opening=opening, key=self.key()
            )
            opened = self.run(partial(opening_it, desk=desk))
            self.accounts[name] = opened.number
        link = Link(self.code, LOG, "http://127.0.0.1:1", LOG_KEY.public())
        self.run(
            lambda b: operations.link_registry(b, self.scheme, link, key=self.key(), desk=desk)
        )

    def propose(
        self,
        kind: str,
        verb: str,
        *,
        at: datetime,
        source: str = "ana",
        target: str = "ana",
        unit: str = "",
        count: int = 0,
        block: Block | None = None,
        taker: str | None = None,
        becomes: str | None = None,
        by: Role = "administrator",
        key: str | None = None,
    ) -> Standing:
        """Propose something to the log."""
        asked = Exchange(
            key=key or self.key(),
            kind=kind,
            verb=verb,
            source=self.accounts.get(source, source),
            target=self.accounts.get(target, target),
            unit=unit or UNITS[self.code],
            count=count if block is None else block.count,
            block=block,
            taker=taker,
            becomes=becomes,
            year=2025 if kind == "issue" else None,
        )
        desk = desk_of(at, by)
        return self.run(lambda b: operations.propose(b, self.scheme, asked, desk=desk))

    def held(self, name: str) -> dict[str, int]:
        """What an account holds."""
        return self.run(lambda books: books.holdings(self.accounts[name]))

    def state(self, proposal: str) -> State:
        """How far a proposal has come here."""
        return self.run(lambda books: books.standings([proposal])[proposal].state)


@dataclass
class Three:
    """Two registries and a log, each with books of its own."""

    log: AnyLog
    registries: dict[str, Registry]
    now: datetime = NOW
    patience: Patience = field(default_factory=Patience)

    def found(self) -> "Three":
        """Found all three, and list the registries."""
        self.at_log(lambda books: operations.found_log(books, LOG))
        for code, registry in self.registries.items():
            listed = Listed(code, "http://127.0.0.1:1", PUBLIC[code])
            self.at_log(
                partial(operations.list_registry, listed=listed, reason="agreed", at=self.now)
            )
            registry.found(self.now)
        return self

    def issue(self, code: str, count: int) -> str:
        """Issue units through the log, to the authority, and give them to Ana."""
        registry = self.registries[code]
        standing = registry.propose(
            "issue", "issue", source="issuance", target="authority", count=count, at=self.now,
            by="authority",
        )  # fmt: skip
        self.settle()
        assert registry.state(standing.id) is State.COMPLETED
        order = operations.Transfer(
            key=registry.key(),
            source=registry.accounts["authority"],
            target=registry.accounts["ana"],
            unit=UNITS[code],
            count=count,
        )
        desk = desk_of(self.now)
        registry.run(lambda books: operations.transfer(books, registry.scheme, [order], desk=desk))
        return standing.id

    def at_log(self, operation: Callable[[LogBooks], T]) -> T:
        """Run an operation on the log's books."""
        return self.log.run(operation)

    def carry(self, *, ack: bool = True) -> int:
        """Carry what every side has to say, once."""
        said = 0
        for code, registry in self.registries.items():
            for letter in registry.run(waiting(code)):
                receipt = receipt_of(
                    self.to_log(sign(letter, KEYS[code])).receipt, letter, LOG_KEY.public()
                )
                said += 1
                if ack and receipt is not None:
                    registry.run(was_heard(letter.nonce, receipt, self.now))
        for letter in self.at_log(waiting(LOG)):
            code = letter.addressee
            answer = self.to_registry(code, sign(letter, LOG_KEY))
            receipt = receipt_of(answer.receipt, letter, PUBLIC[code])
            said += 1
            if ack and receipt is not None:
                self.at_log(was_heard(letter.nonce, receipt, self.now))
        return said

    def to_log(self, raw: bytes) -> Hearing:
        """Bring a letter to the log."""
        hear = partial(operations.hear_at_log, raws=[raw], at=self.now, patience=self.patience)
        return self.at_log(partial(hear, key=LOG_KEY))[0]

    def to_registry(self, code: str, raw: bytes) -> Hearing:
        """Bring a letter to a registry."""
        registry, desk = self.registries[code], desk_of(self.now)
        return registry.run(
            lambda books: operations.hear_from_log(
                books, registry.scheme, [raw], key=KEYS[code], desk=desk
            )
        )[0]

    def settle(self) -> None:
        """Carry everything until nobody has anything to say."""
        while self.carry():
            pass

    def wait(self, hours: int) -> None:
        """Let time go by."""
        self.now += timedelta(hours=hours)
        self.at_log(lambda books: operations.end_waits_at_log(books, at=self.now))
        for registry in self.registries.values():
            registry.run(
                partial(operations.end_waits, scheme=registry.scheme, desk=desk_of(self.now))
            )

    def reconcile(self) -> dict[str, list[str]]:
        """Compare the holdings of every registry; the ranges that differ."""
        self.now += timedelta(minutes=1)
        for code in self.registries:
            self.at_log(partial(operations.ask_for_holdings, registry=code, at=self.now))
        self.settle()
        rounds = self.at_log(lambda books: books.rounds())
        return {
            code: [str(each.block) for each in found.differences or ()]
            for code, found in rounds.items()
        }


def waiting(sender: str) -> Callable[[Talk], list[Letter]]:
    """Asks what a side has to say."""
    return lambda books: books.waiting(sender)


def was_heard(nonce: int, receipt: Signed, at: datetime) -> Callable[[Talk], None]:
    """Notes that a letter was heard."""
    return lambda books: books.was_heard({nonce: receipt}, at=at)


def desk_of(at: datetime, by: Role = "administrator") -> Desk:
    """Somebody in a role, at that moment."""
    return Desk(by=by, day=date(at.year, at.month, at.day), at=at)


def send(three: Three, count: int = 40, to: str = "bob", other: str = "XB", **more: Any) -> str:  # noqa: ANN401  what a proposal may say besides
    """Propose to send units of Ana in XA to the other registry."""
    target = three.registries[other].accounts.get(to, to)
    standing = three.registries["XA"].propose(
        "transfer", "send", target=target, taker=other, count=count, at=three.now, **more
    )
    return standing.id


def clean(three: Three) -> None:
    """Nothing is wrong anywhere: not in any books, and not between them."""
    assert set(map(tuple, three.reconcile().values())) == {()}
    for registry in three.registries.values():
        assert registry.run(lambda books: books.check()) == []
        assert registry.run(lambda books: books.open_proposals()) == []
    assert three.at_log(operations.line_faults) == []
    assert three.at_log(lambda books: books.open_proposals()) == []
