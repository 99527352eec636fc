"""Account numbers: registry, type, identifier, period, and check digits that catch a slip."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tonne.refusal import refuse_if_any
from tonne.registry.account_grounds import AccountNumberIncomplete, CheckDigitsWrong

_PARTS = (
    ("registry code", re.compile(r"[A-Z]{2,3}")),
    ("type", re.compile(r"[0-9]{3}")),
    ("identifier", re.compile(r"[1-9][0-9]{0,14}")),
    ("period", re.compile(r"[0-9]{1,2}")),
    ("check digits", re.compile(r"[0-9]{1,2}")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumber:
    """A number as people write it: ``REGISTRY-TYPE-IDENTIFIER-PERIOD-CHECK``.

    >>> str(AccountNumber.make(registry="UK", number_type=100, identifier=50001, period=2))
    'UK-100-50001-2-11'
    """

    registry: str
    number_type: int
    identifier: int
    period: int
    digits: int

    @classmethod
    def make(
        cls, *, registry: str, number_type: int, identifier: int, period: int
    ) -> "AccountNumber":
        """The number with the check digits that belong to it."""
        return cls(
            registry=registry,
            number_type=number_type,
            identifier=identifier,
            period=period,
            digits=check_digits(registry, number_type, identifier, period),
        )

    @classmethod
    def parse(cls, text: str, *, reference: str) -> "AccountNumber":
        """Read a number, in small or capital letters, or refuse it."""
        refuse_if_any(number_refusals(text, reference=reference))
        registry, *figures = text.strip().upper().split("-")
        number_type, identifier, period, digits = map(int, figures)
        return cls(
            registry=registry,
            number_type=number_type,
            identifier=identifier,
            period=period,
            digits=digits,
        )

    def __str__(self) -> str:
        return f"{self.registry}-{self.number_type}-{self.identifier}-{self.period}-{self.digits}"


def check_digits(registry: str, number_type: int, identifier: int, period: int) -> int:
    """98 less the rest by 97 of the number, letters counted from A = 10, followed by 00."""
    return 98 - _rest(registry, number_type, identifier, period, 0)


def number_refusals(
    text: str, *, reference: str
) -> Iterator[AccountNumberIncomplete | CheckDigitsWrong]:
    """Everything that is wrong with a number, without asking whether there is such an account."""
    given = text.strip().upper().split("-")
    faults = tuple(
        name
        for place, (name, pattern) in enumerate(_PARTS)
        if place >= len(given) or not pattern.fullmatch(given[place])
    )
    if faults or len(given) > len(_PARTS):
        yield AccountNumberIncomplete(
            reference=reference, account=text, faults=faults or ("end of the number",)
        )
        return
    registry, *figures = given
    if _rest(registry, *map(int, figures)) != 1:
        yield CheckDigitsWrong(reference=reference, account=text, digits=int(figures[-1]))


def _rest(registry: str, number_type: int, identifier: int, period: int, digits: int) -> int:
    letters = "".join(str(int(letter, 36)) for letter in registry)
    return int(f"{identifier}{letters}{number_type:03d}{period:02d}{digits:02d}") % 97
