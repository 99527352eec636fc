"""Grounds to refuse the issuance of credits for a report (3221 to 3224)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIncomplete(Refusal):
    """A monitoring report says which it is, how much was reduced, and who verified it."""

    number: ClassVar[int] = 3221
    remedy: ClassVar[str] = "Say what is missing."

    report: str
    lacking: tuple[str, ...]

    def __str__(self) -> str:
        return f"Report {self.report!r} does not say: {', '.join(self.lacking)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIssuedBefore(Refusal):
    """Credits are issued for a report once."""

    number: ClassVar[int] = 3222
    remedy: ClassVar[str] = "Name the next report of the project, or send the old request again."

    report: str
    day: date

    def __str__(self) -> str:
        return f"For report {self.report} credits were issued on {self.day}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryNotFit(Refusal):
    """Temporary units expire on the day that the law says, or else on one that is told."""

    number: ClassVar[int] = 3223
    remedy: ClassVar[str] = (
        "Leave the day out where the law says it; else name one after the issuance: "
        "lCER-1/2031-05-01."
    )

    unit: str
    law: date | None
    day: date

    def __str__(self) -> str:
        if self.law is None:
            return f"{self.unit} does not say on which day after {self.day} it expires."
        return f"{self.unit} is issued on {self.day}, and by law it expires on {self.law}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAHost(Refusal):
    """Credits come of projects in countries that have no commitment."""

    number: ClassVar[int] = 3224
    remedy: ClassVar[str] = "Name the project by the letters of its host and its number: BR-2569."

    host: str

    def __str__(self) -> str:
        return f"{self.host!r} is no country that hosts projects whose credits are issued."
