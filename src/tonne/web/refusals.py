"""What the pages refuse: an address that is none, and a question that they do not know."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal

ADDRESSES = "Rule of the house: addresses of the pages"
FORMS = "Rule of the house: forms of the pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchPage(Refusal):
    """Every page has an address, and not every address a page."""

    number: ClassVar[int] = 9250
    remedy: ClassVar[str] = "Begin at the front page, or search for what you want to know."

    address: str

    def __str__(self) -> str:
        return f"There is no page at {self.address}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUnfit(Refusal):
    """What stands after the question mark of an address is among what its page can answer."""

    number: ClassVar[int] = 9251
    remedy: ClassVar[str] = "Choose on the page itself, or leave this part of the address out."

    asked: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.asked} may be {self.allowed}, not {self.value!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchRefusal(Refusal):
    """A refusal is known by its number."""

    number: ClassVar[int] = 9252
    remedy: ClassVar[str] = "Look the number up in the list of all refusals."

    asked: str

    def __str__(self) -> str:
        return f"No refusal has the number {self.asked}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPublic(Refusal):
    """What the law does not make public is not told."""

    number: ClassVar[int] = 9253
    remedy: ClassVar[str] = "Wait for the day on which it becomes public, or ask the authority."

    asked: str

    def __str__(self) -> str:
        return f"{self.asked} is not public."


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUnfit(Refusal):
    """What is written in a field of a form is of the kind that the field asks for."""

    number: ClassVar[int] = 9254
    remedy: ClassVar[str] = "Correct it at its field."

    field: str
    found: str
    needed: str

    def __str__(self) -> str:
        return f"The field {self.field} takes {self.needed}, not {self.found[:80]!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTooLong(Refusal):
    """A file that is brought to a page is no longer than the page can read at once."""

    number: ClassVar[int] = 9270
    remedy: ClassVar[str] = "Bring the file as it was issued, or use: tonne verify, tonne allocate."

    most: int

    def __str__(self) -> str:
        return f"The file is longer than {self.most:,} bytes."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFileBrought(Refusal):
    """What is to be read is brought along."""

    number: ClassVar[int] = 9271
    remedy: ClassVar[str] = "Choose the file, and send the form again."

    def __str__(self) -> str:
        return "No file was chosen."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingCertified(Refusal):
    """Certificates are issued where there is a key that signs them."""

    number: ClassVar[int] = 9272
    remedy: ClassVar[str] = (
        "Ask whoever runs the registry, or see the transaction in the statement."
    )

    def __str__(self) -> str:
        return "No certificates are issued here: these pages have no key to sign them with."


@dataclass(frozen=True, slots=True, kw_only=True)
class FormForeign(Refusal):
    """A form is sent from a page of ours, in the session in which that page was shown."""

    number: ClassVar[int] = 9255
    remedy: ClassVar[str] = "Open the page again, and send the form from there."

    def __str__(self) -> str:
        return "This form was not sent from a page of yours, or from one that is no longer good."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOtherwise(Refusal):
    """What is signed is word for word what was shown for signing."""

    number: ClassVar[int] = 9256
    remedy: ClassVar[str] = "Check your answers again, and sign what is shown then."

    def __str__(self) -> str:
        return "What came to be signed is not what was shown."
