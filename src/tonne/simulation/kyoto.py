"""The first period of the Kyoto Protocol by its inventories: who was short, who was long.

:func:`replay_kyoto` reads the law of nations and the inventories alone. :func:`issue_amounts` then
writes into books what each nation was issued at the start of the period, with its serial numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from tonne import compliance, operations, registry
from tonne.compliance import Balance, BubbleJudgement, Member, NationRules
from tonne.ledger import Block
from tonne.operations import Books, Desk, Receipt, Scheme
from tonne.quantity import Tonnes
from tonne.rulebook import load_all
from tonne.simulation.course import Run
from tonne.simulation.inventories import PUBLISHED_WITH, InventoryRow, read_inventories

NATIONS = "nations.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nation:
    """One nation over the period; its balance has the potentials of the law."""

    name: str
    balance: Balance
    published: int
    """Tonnes as published, with later potentials."""

    amount_verified: bool
    left_on: date | None
    """The day from which it was bound no more, if it left."""

    def as_dict(self) -> dict[str, object]:
        """The nation as plain values."""
        each = self.balance
        return {
            "party": each.party,
            "name": self.name,
            "assigned_amount": each.amount,
            "amount_verified": self.amount_verified,
            "emissions": each.emissions,
            "emissions_as_published": self.published,
            "balance": each.left,
            "to_buy": each.to_buy,
            "could_sell": each.could_sell,
            "reserve": each.reserve.level,
            "left_on": None if self.left_on is None else self.left_on.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountToIssue:
    """Units that a nation is issued at the start of the period."""

    party: str
    unit: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KyotoReplay:
    """Every nation with an assigned amount, then the bubble, and what must be known of them."""

    rulebook: str
    years: range
    potentials: str
    nations: tuple[Nation, ...]
    without_amount: tuple[str, ...]
    bubble: str
    bubble_own: int
    judgement: BubbleJudgement

    @property
    def bound(self) -> tuple[Nation, ...]:
        """The nations that took part to the end."""
        return tuple(each for each in self.nations if each.left_on is None)

    @property
    def short(self) -> tuple[Nation, ...]:
        """Those of them that emitted more than their assigned amount."""
        return tuple(each for each in self.bound if each.balance.to_buy)

    @property
    def left(self) -> int:
        """Amounts less emissions of all that took part; the organisation of the bubble too."""
        return sum(each.balance.left for each in self.bound) + self.bubble_own

    def as_dict(self) -> dict[str, object]:
        """The replay as plain values, for ``--json``."""
        together = self.judgement
        return {
            "years": [self.years[0], self.years[-1]],
            "rulebook": self.rulebook,
            "potentials": self.potentials,
            "potentials_as_published": str(PUBLISHED_WITH),
            "nations": [each.as_dict() for each in self.nations],
            "without_amount": list(self.without_amount),
            "took_part": len(self.bound),
            "emitted_more": [each.balance.party for each in self.short],
            "left_of_all": self.left,
            "bubble": {
                "party": self.bubble,
                "members": [party for party, _ in together.members],
                "units": together.units,
                "own_units": self.bubble_own,
                "emissions": together.emissions,
                "met": together.met,
                "excess": {party: each.excess for party, each in together.members if each.excess},
            },
        }


def replay_kyoto(folder: Path, data: Path) -> KyotoReplay:
    """The law of a folder and the inventories of another, put side by side."""
    book = load_all(folder, {NATIONS: NationRules})
    rules = book.rules[NATIONS]
    assert isinstance(rules, NationRules), "a law file is read into its shape"
    period = rules.period.clauses[-1].value
    years, on = period.calendar, period.last
    inventories = read_inventories(data, years)
    nations = tuple(_nations(inventories, rules, on))
    bubble = rules.bubble.on(on).value
    by_party = {each.balance.party: each.balance for each in nations}
    members = [by_party[party] for party in bubble.members]
    own = compliance.bubble_remainder(rules, on=on)
    return KyotoReplay(
        rulebook=book.fingerprint,
        years=years,
        potentials=str(rules.potentials(on)),
        nations=nations,
        without_amount=tuple(
            each.party for each in rules.annex_b.on(on).value if each.assigned_amount is None
        ),
        bubble=bubble.party,
        bubble_own=own,
        # What was retired is in no public table: here every member retires its whole level.
        judgement=compliance.judge_bubble(
            [
                Member(party=each.party, retired=each.amount, emissions=each.emissions)
                for each in members
            ],
            rules,
            on=on,
            own=own,
        ),
    )


def amounts_to_issue(replay: KyotoReplay) -> tuple[AmountToIssue, ...]:
    """The blocks that stand at the start of the books: one for each nation.

    The organisation of the bubble is issued what it has beyond the levels of its members.
    """
    counts = [(each.balance.party, each.balance.amount) for each in replay.nations]
    return tuple(
        AmountToIssue(party=party, unit=f"AAU-1 {party}", count=count)
        for party, count in (*counts, (replay.bubble, replay.bubble_own))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountIssued:
    """A block of assigned amount units, as it stands in the books."""

    party: str
    block: Block
    serial: str
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class KyotoIssued:
    """What was issued into books at the start of the period."""

    blocks: tuple[AmountIssued, ...]
    issued_units: int
    """As the books say."""

    agrees: bool
    """Whether the books hold for every nation just the amount beside its inventories."""

    transactions: int
    movements: int

    @property
    def repeated(self) -> int:
        """Blocks that stood in the books before, and were answered by their keys."""
        return sum(each.receipt.repeated for each in self.blocks)

    def as_dict(self) -> dict[str, object]:
        """The blocks as plain values."""
        return {
            "issued_blocks": len(self.blocks),
            "issued_units": self.issued_units,
            "repeated": self.repeated,
            "agrees": self.agrees,
            "serials": {each.party: each.serial for each in self.blocks},
            "transactions": self.transactions,
            "movements": self.movements,
        }


def issue_amounts(run: Run, scheme: Scheme, replay: KyotoReplay) -> KyotoIssued:
    """Found the registry of every nation, and issue its assigned amount on the first day.

    All of it stands or none. The unit is the key, so a second run finds everything done.
    """
    wanted, day = amounts_to_issue(replay), date(replay.years[0], 1, 1)
    desk = Desk(by="authority", day=day, at=datetime.combine(day, time(12), tzinfo=UTC))

    def issue(books: Books) -> tuple[AmountIssued, ...]:
        operations.found(books, scheme, desk=desk)
        return tuple(_issued(books, scheme, each, desk) for each in wanted)

    blocks = run(issue)
    totals = {each.asset: each.issued for each in run(lambda books: books.totals(scheme.name))}
    transactions, movements = run(lambda books: books.size())
    return KyotoIssued(
        blocks=blocks,
        issued_units=sum(totals.get(each.unit, 0) for each in wanted),
        agrees=totals == {each.unit: each.count for each in wanted},
        transactions=transactions,
        movements=movements,
    )


def _issued(books: Books, scheme: Scheme, each: AmountToIssue, desk: Desk) -> AmountIssued:
    """One nation's registry and block."""
    operations.found_nation(books, scheme, each.party, desk=desk)
    key = f"replay/kyoto/issue/{each.unit}"
    receipt = operations.issue_assigned(
        books, scheme, unit=each.unit, count=each.count, key=key, desk=desk
    )
    story = books.story(receipt.number)
    assert story is not None, "what was recorded stands in the books"
    block = story.transaction.movements[0].block
    assert block is not None, "the units of nations are numbered"
    serial = str(registry.serial_of(each.unit, block, scheme.on(desk.day)))
    return AmountIssued(party=each.party, block=block, serial=serial, receipt=receipt)


def _nations(
    inventories: dict[str, list[InventoryRow]], rules: NationRules, on: date
) -> Iterator[Nation]:
    """Every nation with an amount of its own; the organisation of the bubble has no inventory."""
    gases, potentials = rules.gases.on(on).value, rules.potentials(on)
    left = {each.party: each.effect for each in rules.withdrawal.on(on).value}
    bubble = rules.bubble.on(on).value.party
    for each in sorted(rules.annex_b.on(on).value, key=lambda each: each.name):
        if each.assigned_amount is None or each.party == bubble:
            continue
        rows = inventories.get(each.party, [])
        weighed = tuple(row.weighed(gases, potentials) for row in rows)
        yield Nation(
            name=each.name,
            balance=compliance.balance(each.party, weighed, rules, on=on),
            published=sum((row.published for row in rows), Tonnes.zero).whole(),
            amount_verified=each.amount_verified,
            left_on=left.get(each.party),
        )
