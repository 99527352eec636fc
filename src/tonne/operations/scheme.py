"""A scheme as the operations know it: the law of its folder, in the shapes of the packages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from tonne.compliance import ComplianceRules
from tonne.ledger import Stamp
from tonne.mrv import MrvRules
from tonne.registry import DayRules, RegistryRules
from tonne.rulebook import load_all
from tonne.supply import SupplyRules

SHAPES: dict[str, type] = {
    "scheme.toml": RegistryRules,
    "supply.toml": SupplyRules,
    "mrv.toml": MrvRules,
    "compliance.toml": ComplianceRules,
}
"""The law files of a scheme's folder, and the shape of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme and its law."""

    name: str
    fingerprint: str
    registry: RegistryRules
    supply: SupplyRules
    mrv: MrvRules
    compliance: ComplianceRules
    _days: dict[date, DayRules] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: date) -> DayRules:
        """The registry's rules of a day, made ready once."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = DayRules.on(self.registry, day)
        return found

    def stamp(self, day: date, at: datetime) -> Stamp:
        """What every journal entry made on that day under this law carries."""
        return Stamp(scheme=self.name, rulebook=self.fingerprint, day=day, at=at)


def load_scheme(folder: Path) -> Scheme:
    """The scheme in a folder, or :class:`~tonne.refusal.Refused` with every fault of its law."""
    book = load_all(folder, SHAPES)
    registry, supply, mrv, compliance = (book.rules[name] for name in SHAPES)
    assert isinstance(registry, RegistryRules)
    assert isinstance(supply, SupplyRules)
    assert isinstance(mrv, MrvRules)
    assert isinstance(compliance, ComplianceRules)
    return Scheme(
        name=book.name,
        fingerprint=book.fingerprint,
        registry=registry,
        supply=supply,
        mrv=mrv,
        compliance=compliance,
    )


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
