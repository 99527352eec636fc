"""What is written in the fields of a form, read field by field in the digits of every language."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tonne.refusal import Refusal
from tonne.web.refusals import FORMS, FieldUnfit

_BETWEEN = "[,.'\u2019\u066c\u00a0\u2009\u202f ]"
_NUMBER = re.compile(rf"\d+|\d{{1,3}}({_BETWEEN}\d{{2,3}})*{_BETWEEN}\d{{3}}")
_PRICE = re.compile(r"(\d{1,12})(?:[.,\u066b](\d{1,6}))?")
_TONNES = re.compile(r"(\d{1,12})(?:[.,\u066b](\d{1,6}))?")

_CALENDAR = range(1990, 2101)
"""The years of which there may be emissions, as programs say them too."""

_COUNT_DIGITS = 15
_FROM_ONE = range(1, 10**_COUNT_DIGITS)
_IN_A_GROUP = 3


@dataclass
class Form:
    """What was written in the fields of a form, read field by field."""

    values: Mapping[str, str]
    grounds: list[Refusal] = field(default_factory=list)

    def whole(
        self, name: str, known: range = _FROM_ONE, needed: str = "a whole number from one on"
    ) -> int:
        """A whole number from one on, or one of those that are known."""
        text = unicodedata.normalize("NFKC", self.values[name]).strip()
        digits = re.sub(_BETWEEN, "", text)
        if _NUMBER.fullmatch(text) and len(digits) <= _COUNT_DIGITS and int(digits) in known:
            return int(digits)
        self.grounds.append(unfit_field(name, self.values[name], needed))
        return known.start

    def year(self, name: str = "year") -> int:
        """A year of emissions."""
        return self.whole(name, _CALENDAR, "a year from 1990 to 2100")

    def price(
        self,
        name: str = "price",
        needed: str = "a price, such as 6.90, with no mark between thousands",
    ) -> str:
        """A price or an amount, in digits and with a point as programs write it.

        Of money nobody writes three places that end in nought: that is a mark between thousands.
        """
        text = unicodedata.normalize("NFKC", self.values[name]).strip()
        found = _PRICE.fullmatch(text)
        whole, parts = found.groups("") if found else ("", "")
        thousands = len(parts) == _IN_A_GROUP and int(parts) % 10 == 0 and int(whole) > 0
        if found and not thousands:
            return "".join(str(int(each)) if each.isdigit() else "." for each in text)
        self.grounds.append(unfit_field(name, self.values[name], needed))
        return "1"

    def tonnes(self, name: str = "tonnes") -> str:
        """Tonnes, in digits and with a point as programs write them.

        Where one mark stands before three digits nobody knows whether these are parts of a tonne or
        thousands, so nothing is guessed.
        """
        text = unicodedata.normalize("NFKC", self.values[name]).strip()
        found = _TONNES.fullmatch(text)
        whole, parts = found.groups() if found else ("", "")
        thousands = len(parts or "") == _IN_A_GROUP and 0 < int(whole) < 10**_IN_A_GROUP
        if found and not thousands:
            return "".join(str(int(each)) if each.isdigit() else "." for each in text)
        needed = "tonnes, such as 12345.6, with no mark between thousands"
        self.grounds.append(unfit_field(name, self.values[name], needed))
        return "1"

    def day(self, name: str) -> date:
        """A day, as browsers send it: 2026-03-02."""
        try:
            return date.fromisoformat(self.values[name])
        except ValueError:
            self.grounds.append(unfit_field(name, self.values[name], "a day, such as 2026-03-02"))
            return date.max

    def code(self, name: str) -> str:
        """The number of an account."""
        if not self.values[name]:
            self.grounds.append(unfit_field(name, "", "a number of an account"))
        return self.values[name].upper()


def unfit_field(name: str, found: str, needed: str) -> FieldUnfit:
    """9254: what is written in a field is not of the kind that it asks for."""
    return FieldUnfit(reference=FORMS, field=name, found=found, needed=needed)
