"""Warsaw, Vienna and the CDM registry in a store, and short words for what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import pytest

from changed import replace
from land import with_law
from tonne import operations, registry
from tonne.compliance import Inventory, Removals, Shown
from tonne.mrv import Opinion
from tonne.operations import (
    Answer,
    Conversion,
    CreditsIssued,
    Desk,
    MonitoringReport,
    Receipt,
    Scheme,
    Transfer,
)
from tonne.quantity import Tonnes
from tonne.refusal import Refused
from tonne.rulebook import Dated
from world import Store

T = TypeVar("T")
VERIFIED = Opinion(verifier="DOE Ltd", judgement="verified")
AAU, ERU = "AAU-1 PL", "ERU-AAU-1 PL-24/2"


@cache
def kyoto() -> Scheme:
    return operations.load_scheme(operations.scheme_folder("kyoto_cp1"))


def amounts(**units: int) -> Scheme:
    """The scheme, with other assigned amounts of some nations."""
    rules = kyoto().nations
    (clause,) = rules.annex_b.clauses
    rows = tuple(
        replace(each, assigned_amount=units.get(each.party, each.assigned_amount))
        for each in clause.value
    )
    table = Dated([replace(clause, value=rows)])
    return with_law(kyoto(), "nations.toml", replace(rules, annex_b=table))


@dataclass(slots=True)
class World:
    """Warsaw, Vienna and the CDM registry in one set of books."""

    store: Store
    scheme: Scheme = field(default_factory=kyoto)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: int = 0
    told: list[registry.Answer] | None = None
    """Where it is written down what every check says, if it is."""

    def do(
        self,
        operation: Callable[..., T],
        *words: Any,  # noqa: ANN401  what the operation takes
        on: str = "2014-06-01",
        **more: Any,  # noqa: ANN401
    ) -> T:
        day = date.fromisoformat(on)
        at = datetime(2014, 6, 1, 12, tzinfo=UTC)
        desk = Desk(by="authority", day=day, at=at, told=self.told)
        return self.store.run(
            lambda books: operation(books, self.scheme, *words, desk=desk, **more)
        )

    def settle(self) -> "World":
        self.own["CDM"] = self.do(operations.found)
        for party in ("PL", "AT"):
            self.own[party] = self.do(operations.found_nation, party)
            self.show(party)
            self.review(party, 0)
        return self

    def show(self, party: str, *, on: str = "2014-06-01", **other: Any) -> None:  # noqa: ANN401
        """A nation shows all that it has to, and is cleared, unless something else is said."""
        words: dict[str, Any] = {"met": operations.CRITERIA, "cleared": date(2008, 1, 1)} | other
        self.do(operations.notify, Shown(party=party, **words), key=self.key(), on=on)

    def review(self, party: str, tonnes: int, *, on: str = "2014-06-01") -> None:
        """The inventory of a nation is reviewed: of one without emissions all may be sold."""
        found = Inventory(year=2012, tonnes=Tonnes(Decimal(tonnes)))
        self.do(operations.notify, found, party=party, key=self.key(), on=on)

    def remove(self, party: str, activity: int, tonnes: int, *, on: str = "2014-06-01") -> None:
        """What a land use of a nation removed in the first period is reviewed."""
        found = Removals(
            party=party,
            period=1,
            activity=activity,
            tonnes=Tonnes(Decimal(tonnes)),
            reference="Review report 2014",
        )
        self.do(operations.notify, found, key=self.key(), on=on)

    def issue(self, unit: str, count: int, **more: Any) -> Receipt:  # noqa: ANN401
        words: dict[str, Any] = {"key": self.key()} | more
        return self.do(operations.issue_assigned, unit=unit, count=count, **words)

    def credit(
        self,
        count: int,
        *,
        unit: str = "CER-1",
        key: str = "",
        on: str = "2014-06-01",
        **more: Any,  # noqa: ANN401
    ) -> CreditsIssued:
        key = key or self.key()
        words: dict[str, Any] = {"project": "BR-7", "number": key, "year": 2012}
        report = MonitoringReport(certified=count, **({"opinion": VERIFIED} | words | more))
        return self.do(operations.issue_for_report, report, unit=unit, key=key, on=on)

    def order(self, unit: str, count: int, *, party: str = "PL", **more: Any) -> Conversion:  # noqa: ANN401
        words: dict[str, Any] = {"key": self.key(), "account": self.own[party]["party"]} | more
        return Conversion(unit=unit, count=count, **words)

    def convert(self, count: int, *, unit: str = AAU, **more: Any) -> Receipt:  # noqa: ANN401
        return self.do(operations.convert, self.order(unit, count, **more), project=24, track=2)

    def move(self, source: str, target: str, unit: str, count: int) -> Transfer:
        return Transfer(key=self.key(), source=source, target=target, unit=unit, count=count)

    def end(self, verb: str, source: str, unit: str, count: int) -> Answer:
        order = self.move(source, "", unit, count)
        return self.do(operations.cancel, [order], verb=verb)[0]

    def held(self, party: str, kind: str = "party") -> dict[str, int]:
        return self.store.run(lambda books: books.holdings(self.own[party][kind]))

    def key(self) -> str:
        self.keys += 1
        return f"key {self.keys}"


def refused(act: Callable[[], object]) -> list[int]:
    """The numbers of the reasons for which something is not done."""
    with pytest.raises(Refused) as no:
        act()
    return [each.number for each in no.value.refusals]


def raised(answer: Answer) -> None:
    """Raise the reasons that an answer is."""
    if isinstance(answer, tuple):
        raise Refused(answer)
