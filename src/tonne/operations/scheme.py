"""A scheme as the operations know it: the law of its folder, in the shapes of the packages."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, TypeVar

from tonne.compliance import ComplianceRules, NationRules
from tonne.ledger import Stamp
from tonne.linking import LinkRules
from tonne.market import (
    AuctionRules,
    ClockRules,
    DealRules,
    ForwardRules,
    InstrumentRules,
    SettlementRules,
    TenderRules,
    VatRules,
    WatchRules,
)
from tonne.mrv import MrvRules
from tonne.people import PeopleRules
from tonne.refusal import Refusal, Refused
from tonne.registry import (
    CreditRules,
    DayFees,
    DayRules,
    PaymentRules,
    RegistryRules,
    turning_days,
)
from tonne.rulebook import load_all
from tonne.supply import SupplyRules
from tonne.working_days import Calendar

S = TypeVar("S")

LAW = "scheme.toml"
"""The law file that every scheme has; the others only where there is such law."""

LINKS = "links.toml"
"""The law file that says which units of other schemes count here."""

NATIONS = "nations.toml"
"""The law file of schemes between nations."""

PAYMENT = "payment.toml"
"""The law file of fees."""

VAT = "vat.toml"
"""The law file of the tax on trades."""

CREDITS = "credits.toml"
"""The law file that says where credits come from, and what is withheld of them."""

INSTRUMENTS = "instruments.toml"
"""The law file of what is traded on an exchange."""

SETTLEMENT = "settlement.toml"
"""The law file of how trades are settled, and what becomes of those that cannot be."""

WATCH = "watch.toml"
"""The law file of settlement prices and of what surveillance looks for."""

AUCTIONS = "auctions.toml"
"""The law file of auctions."""

DEALS, FORWARDS = "deals.toml", "forwards.toml"
"""The law files of direct deals, and of forwards with the funds that sign them."""

TENDERS, CLOCKS = "tenders.toml", "clocks.toml"
"""The law files of tenders, and of auctions in which a price falls."""

PEOPLE = "people.toml"
"""The law file of who may act, and for whom."""

CALENDAR = "calendar.toml"
"""The law file of the days on which nothing is done; whatever counts working days asks it."""

COUNTED = (PEOPLE, INSTRUMENTS, SETTLEMENT, DEALS)
"""The law files whose delays and days of settlement are counted in working days."""

SHAPES: dict[str, type] = {
    LAW: RegistryRules,
    "supply.toml": SupplyRules,
    "mrv.toml": MrvRules,
    "compliance.toml": ComplianceRules,
    CREDITS: CreditRules,
    PAYMENT: PaymentRules,
    VAT: VatRules,
    INSTRUMENTS: InstrumentRules,
    SETTLEMENT: SettlementRules,
    WATCH: WatchRules,
    NATIONS: NationRules,
    LINKS: LinkRules,
    AUCTIONS: AuctionRules,
    DEALS: DealRules,
    FORWARDS: ForwardRules,
    TENDERS: TenderRules,
    CLOCKS: ClockRules,
    PEOPLE: PeopleRules,
    CALENDAR: Calendar,
}
"""The law files of a scheme's folder, and the shape of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawLacking(Refusal):
    """What is asked of a scheme is in its law."""

    number: ClassVar[int] = 9003
    remedy: ClassVar[str] = "Choose a scheme that has such law, or add the file to its folder."

    scheme: str
    file: str

    def __str__(self) -> str:
        return f"The law of {self.scheme} says nothing of this: it has no {self.file}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LawNotInForce(Refusal):
    """Nothing is done under a rule on a day on which it is not in force."""

    number: ClassVar[int] = 200
    remedy: ClassVar[str] = (
        "Name another day or year; tonne scheme list says since when there is law."
    )

    asked: str

    def __str__(self) -> str:
        return f"The law has {self.asked}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme and its law."""

    name: str
    fingerprint: str
    laws: Mapping[str, object]
    """The law by file, each in its shape."""

    _days: dict[date, DayRules] = field(default_factory=dict, init=False, compare=False, repr=False)
    _alike: dict[int, DayRules] = field(default_factory=dict, init=False, compare=False, repr=False)
    _turns: list[date] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def has_people(self) -> bool:
        """Whether its law says who may act, and for whom."""
        return PEOPLE in self.laws

    @property
    def registry(self) -> RegistryRules:
        """Who may hold and move what."""
        return self._law(LAW, RegistryRules)

    @property
    def supply(self) -> SupplyRules:
        """How many units there are, and who gets them first."""
        return self._law("supply.toml", SupplyRules)

    @property
    def mrv(self) -> MrvRules:
        """How emissions are monitored, reported and verified."""
        return self._law("mrv.toml", MrvRules)

    @property
    def compliance(self) -> ComplianceRules:
        """What is owed, and what comes of it."""
        return self._law("compliance.toml", ComplianceRules)

    @property
    def credits(self) -> CreditRules:
        """What is withheld of credits when they are issued."""
        return self._law(CREDITS, CreditRules)

    @property
    def payment(self) -> PaymentRules:
        """What is taken of payments: the fees."""
        return self._law(PAYMENT, PaymentRules)

    @property
    def vat(self) -> VatRules:
        """Who owes the tax on a trade."""
        return self._law(VAT, VatRules)

    @property
    def instruments(self) -> InstrumentRules:
        """What is traded on an exchange."""
        return self._law(INSTRUMENTS, InstrumentRules)

    @property
    def settlement(self) -> SettlementRules:
        """How trades are settled, and what becomes of those that cannot be."""
        return self._law(SETTLEMENT, SettlementRules)

    @property
    def watch(self) -> WatchRules:
        """How settlement prices are found, and what surveillance looks for."""
        return self._law(WATCH, WatchRules)

    @property
    def nations(self) -> NationRules:
        """What nations owe, and what comes of it."""
        return self._law(NATIONS, NationRules)

    @property
    def links(self) -> LinkRules:
        """Which units of other schemes count here."""
        return self._law(LINKS, LinkRules)

    @property
    def auctions(self) -> AuctionRules:
        """How units are auctioned."""
        return self._law(AUCTIONS, AuctionRules)

    @property
    def deals(self) -> DealRules:
        """What the public is told of direct deals, and when they are settled."""
        return self._law(DEALS, DealRules)

    @property
    def forwards(self) -> ForwardRules:
        """What may be agreed of units that are not there yet."""
        return self._law(FORWARDS, ForwardRules)

    @property
    def tenders(self) -> TenderRules:
        """How units of projects are bought by tender."""
        return self._law(TENDERS, TenderRules)

    @property
    def clocks(self) -> ClockRules:
        """How reductions are bought while a price falls."""
        return self._law(CLOCKS, ClockRules)

    @property
    def people(self) -> PeopleRules:
        """Who may act, and for whom."""
        return self._law(PEOPLE, PeopleRules)

    @property
    def calendar(self) -> Calendar:
        """On which days it works: for delays, trading days and settlement alike."""
        return self._law(CALENDAR, Calendar)

    def on(self, day: date) -> DayRules:
        """The registry's rules of a day, made ready once for all days that are alike."""
        found = self._days.get(day)
        if found is None:
            if not self._turns:
                self._turns.extend(turning_days(self.registry))
            span = bisect_right(self._turns, day)
            alike = self._alike.get(span)
            if alike is None:
                alike = self._alike[span] = DayRules.on(self.registry, day)
            found = self._days[day] = alike if alike.day == day else replace(alike, day=day)
        return found

    def fees_on(self, day: date) -> DayFees:
        """The fees of a day."""
        return DayFees(self.payment.fees.on(day))

    def stamp(self, day: date, at: datetime) -> Stamp:
        """What every journal entry made on that day under this law carries."""
        return Stamp(scheme=self.name, rulebook=self.fingerprint, day=day, at=at)

    def _law(self, file: str, shape: type[S]) -> S:
        law = self.laws.get(file)
        if law is None:
            raise Refused([LawLacking(reference="Law of the scheme", scheme=self.name, file=file)])
        assert isinstance(law, shape), "a law file is read into its shape"
        return law


def load_scheme(folder: Path) -> Scheme:
    """The scheme in a folder, or :class:`~tonne.refusal.Refused` with every fault of its law."""
    there = {
        name: shape
        for name, shape in SHAPES.items()
        if name == LAW or (folder / name).exists()
    }  # fmt: skip
    book = load_all(folder, there)
    return Scheme(name=book.name, fingerprint=book.fingerprint, laws=book.rules)


def scheme_folder(name: str) -> Path:
    """Where the law of a scheme that comes with Tonne lies, or the folder that was named."""
    packaged = schemes_folder() / name
    return packaged if packaged.is_dir() else Path(name)


def schemes_folder() -> Path:
    """Where the schemes lie that come with Tonne."""
    return Path(str(files("tonne") / "schemes"))


def scheme_names() -> list[str]:
    """The schemes that come with Tonne."""
    return sorted(each.parent.name for each in schemes_folder().glob("*/scheme.toml"))
