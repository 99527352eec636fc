"""The shape of a scheme's ``scheme.toml``: periods, units, accounts and transaction types."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tonne.ledger import Asset
from tonne.quantity import is_currency
from tonne.rulebook import Dated

Role = Literal["authority", "operator", "administrator", "verifier"]
"""Who acts: the authority that runs the scheme, a holder of units, the keeper of the registry."""

Status = Literal["open", "restricted", "suspended", "closed"]
"""How far an account may be used; a restricted account only meets its duties."""

When = Literal["running", "over", "any"]
"""When a type may be used, seen from the units: in their life, after it, or always."""

Attribute = Literal["party", "project", "track", "activity", "expiry"]
"""What the code of a unit may say of where it comes from."""

Against = Literal["cap", "certified", "units"]
"""What the making of units is held against: the cap of a year, a quantity that was certified (of
money by a bank), or units of another kind with the same numbers that are given back for them."""

KeptBy = Literal["scheme", "nation"]
"""Whose registry has an account of a kind: the scheme's own, or each nation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRule:
    """A trading period, and the days between which its units live."""

    code: str
    name: str
    first_year: int
    last_year: int
    number: int
    """The period as account numbers write it."""

    first_day: date
    """The first day on which its units may move."""

    last_day: date
    """The last day on which they may; after it they can only be cancelled."""

    def __contains__(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year


MONEY = "money"
"""What stands for the mass of a unit in the row of a currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKind:
    """A unit of the scheme: the right to emit one unit of mass in one period; or a currency.

    Money is counted in the smallest unit of its currency, has no numbers and lives in no period.
    """

    code: str
    """A currency's is that of ISO 4217."""

    name: str
    mass: str
    period: str | None = None
    series: str | None = None
    """The numbering its units belong to; a fungible unit has none."""

    type_number: int | None = None
    """The type as serial numbers write it, such as 5 for a certified emission reduction."""

    activity: int | None = None
    """The land use that every unit of the kind comes from, where it is always the same."""

    origin: tuple[Attribute, ...] = ()
    """What the code of a unit says after its kind; each party's units have their own series."""

    def __post_init__(self) -> None:
        numbered = self.series, self.type_number, self.activity, *self.origin
        if self.is_money != is_currency(self.code):
            raise ValueError("money, and nothing else, has the code of a currency")
        if self.is_money != (self.period is None):
            raise ValueError("a unit has its period, and money has none")
        if self.is_money and any(each is not None for each in numbered):
            raise ValueError("money has no numbers")

    @property
    def is_money(self) -> bool:
        """Whether it is a currency."""
        return self.mass == MONEY

    @property
    def asset(self) -> Asset:
        """The unit as the books know it, where all units of the kind are alike."""
        assert not self.origin, "units of several origins are several assets"
        return Asset(self.code, self.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKind:
    """A kind of account, what it may hold, and how its number is made."""

    code: str
    name: str
    number_type: int
    """The type as account numbers write it, such as 120 for an operator holding account."""

    holds: tuple[str, ...]
    government: bool
    is_source: bool
    needs_operator: bool
    """Whether it belongs to one installation or aircraft operator, which has one account."""

    kept_by: tuple[KeptBy, ...] = ("scheme",)
    """Who has one, where the kind is a government's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A change of status that an administrator may make, by its verb."""

    verb: str
    status: Status
    becomes: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionType:
    """One row of the table of transactions: what moves from where to where, by whose hand."""

    verb: str
    code: str
    """The code that registries exchange: primary and supplementary type."""

    name: str
    units: tuple[str, ...]
    from_kinds: tuple[str, ...]
    to_kinds: tuple[str, ...]
    by: tuple[Role, ...]
    when: When
    from_restricted: bool
    """Whether the holder of a restricted account may still do it."""

    fixed_target: str | None = None
    """The kind of the account that always receives, where nobody needs to name one."""

    reverses: str | None = None
    """The verb that it undoes; a verb that nothing undoes stands for ever."""

    against: Against = "cap"
    """What it is held against, where it takes units from a source or gives them back to it."""

    becomes: tuple[str, ...] = ()
    """The kinds that units given back to their source may come out as, with the same numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that is done and moves no units itself, and in whose hands it is."""

    verb: str
    name: str
    """What it is to do it, as a sentence says it: close a year."""

    by: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRules:
    """What a scheme says about who may hold and move what."""

    title: Dated[str]
    registry_code: Dated[str]
    """The letters with which the scheme's own account numbers begin."""

    currency: Dated[str]
    periods: Dated[tuple[PeriodRule, ...]]
    units: Dated[tuple[UnitKind, ...]]
    accounts: Dated[tuple[AccountKind, ...]]
    status_changes: Dated[tuple[StatusChange, ...]]
    transactions: Dated[tuple[TransactionType, ...]]
    acts: Dated[tuple[Act, ...]]
    """Who may do what moves nothing; what is not in the table, nobody may."""
