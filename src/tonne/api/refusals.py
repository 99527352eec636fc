"""What the interface itself refuses, before anything is asked of the books."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal

REFERENCE = "Rules of the interface"
"""Where these rules are written: the page about the interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestUnfit(Refusal):
    """Every part of a request has the form that the description of the interface gives it."""

    number: ClassVar[int] = 9200
    remedy: ClassVar[str] = "Write it as /openapi.json describes it."

    pointer: str
    said: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.said}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingHere(Refusal):
    """An address is one that the interface has."""

    number: ClassVar[int] = 9201
    remedy: ClassVar[str] = "Look the address up in /openapi.json."

    path: str

    def __str__(self) -> str:
        return f"There is nothing at {self.path}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodUnknown(Refusal):
    """An address is asked in one of the ways that it answers to."""

    number: ClassVar[int] = 9202
    remedy: ClassVar[str] = "Use one of the methods in the header Allow."

    method: str

    def __str__(self) -> str:
        return f"This address does not answer to {self.method}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterUnknown(Refusal):
    """A parameter is one that the address knows, and is said once; none is passed over."""

    number: ClassVar[int] = 9203
    remedy: ClassVar[str] = "Leave it out, or correct its name."

    pointer: str
    parameter: str
    times: int = 1

    def __str__(self) -> str:
        if self.times > 1:
            return f"The parameter {self.parameter!r} is said {self.times} times."
        return f"There is no parameter {self.parameter!r} here."


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorUnknown(Refusal):
    """A page begins after a row that there is."""

    number: ClassVar[int] = 9204
    remedy: ClassVar[str] = "Take next_cursor of the page before, or begin at the first page."

    pointer: str
    cursor: str

    def __str__(self) -> str:
        return f"No row of this list is called {self.cursor!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUnknown(Refusal):
    """Only fields that the rows have can be chosen."""

    number: ClassVar[int] = 9205
    remedy: ClassVar[str] = "Choose among the fields that /openapi.json names."

    pointer: str
    field: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"The rows have no field {self.field!r}, but {', '.join(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNotOffered(Refusal):
    """An answer is asked for in a form in which it is given."""

    number: ClassVar[int] = 9206
    remedy: ClassVar[str] = "Name one of the forms in the header Accept, or none."

    asked: str
    offered: tuple[str, ...]

    def __str__(self) -> str:
        return f"It is given as {', '.join(self.offered)}, and not as {self.asked}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyRequests(Refusal):
    """Nobody asks more often than so many times a second."""

    number: ClassVar[int] = 9207
    remedy: ClassVar[str] = "Wait for as many seconds as the header Retry-After says."

    seconds: int
    of: str = "address"

    def __str__(self) -> str:
        return (
            f"Too many requests came from this {self.of}; the next is served in {self.seconds} s."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksBusy(Refusal):
    """A request is served as soon as the books are free, and is given up where that takes long."""

    number: ClassVar[int] = 9208
    remedy: ClassVar[str] = "Ask again; under the same key nothing is done twice."

    def __str__(self) -> str:
        return "The books are busy."


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksUnreachable(Refusal):
    """Nothing is answered while the books cannot be read."""

    number: ClassVar[int] = 9209
    remedy: ClassVar[str] = "Ask again; under the same key nothing is done twice."

    def __str__(self) -> str:
        return "The books cannot be reached."


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkStopped(Refusal):
    """A house is ready while what falls due is carried out."""

    number: ClassVar[int] = 9249
    remedy: ClassVar[str] = "See the log for what stopped it, and start the program anew."

    def __str__(self) -> str:
        return "What falls due is not carried out: the worker has stopped."


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTooLarge(Refusal):
    """A request is of no more than so many bytes."""

    number: ClassVar[int] = 9210
    remedy: ClassVar[str] = "Send it in parts."

    bytes_max: int

    def __str__(self) -> str:
        return f"The request is of more than {self.bytes_max:,} bytes."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMissing(Refusal):
    """What moves something has a key of the caller's, so that it is done once."""

    number: ClassVar[int] = 9211
    remedy: ClassVar[str] = (
        "Choose a key for this request, such as a UUID, and say it in the header Idempotency-Key."
    )

    def __str__(self) -> str:
        return "The request has no header Idempotency-Key."


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionUnknown(Refusal):
    """The interface behaves as one of its versions, each of which is called by its first day."""

    number: ClassVar[int] = 9212
    remedy: ClassVar[str] = "Name the day of a version in the header Carbon-Version, or none."

    asked: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"There is no version of {self.asked!r}; there are {', '.join(self.known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class OurFault(Refusal):
    """What goes wrong on our side is told as such."""

    number: ClassVar[int] = 9214
    remedy: ClassVar[str] = "This is not your fault. Tell whoever runs Tonne the request_id."

    def __str__(self) -> str:
        return "Something went wrong on our side."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchThing(Refusal):
    """What is asked for by its name or number is there, and public."""

    number: ClassVar[int] = 9215
    remedy: ClassVar[str] = "Look for its name or number in the list."

    what: str
    name: str

    def __str__(self) -> str:
        return f"There is no {self.what} {self.name!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNotShown(Refusal):
    """What is not public is asked for with a key."""

    number: ClassVar[int] = 9216
    remedy: ClassVar[str] = "Show your key in the header Authorization: Bearer sk_live_..."

    def __str__(self) -> str:
        return "The request shows no key."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeMissing(Refusal):
    """A key is good for what it was made for, and for nothing else."""

    number: ClassVar[int] = 9217
    remedy: ClassVar[str] = "Use a key that was made for this."

    needed: tuple[str, ...]
    has: tuple[str, ...]

    def __str__(self) -> str:
        return f"The key is good for {', '.join(self.has)}, not for {' or '.join(self.needed)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantUnknown(Refusal):
    """A token is given for client credentials, and for nothing else."""

    number: ClassVar[int] = 9225
    remedy: ClassVar[str] = "Send grant_type=client_credentials."

    asked: str

    def __str__(self) -> str:
        return f"No token is given for {self.asked!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequestUnfit(Refusal):
    """Who asks for a token sends a form, each field once, with a signed assertion."""

    number: ClassVar[int] = 9226
    remedy: ClassVar[str] = (
        "Send grant_type, client_assertion_type and client_assertion as a form of the web."
    )

    field: str
    """The field that is missing, is said twice, or is not as it has to be."""

    def __str__(self) -> str:
        return f"The field {self.field} is missing, is said twice, or is not as it has to be."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKnownHere(Refusal):
    """Who acts through a key is known to the registry."""

    number: ClassVar[int] = 9218
    remedy: ClassVar[str] = "Let the registry register you under the code with which you sign in."

    person: str

    def __str__(self) -> str:
        return f"The key is of {self.person}, whom the registry does not know."


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyStreams(Refusal):
    """Nobody listens to more streams at one time than so many, and all together to no more."""

    number: ClassVar[int] = 9219
    remedy: ClassVar[str] = "Close a stream, or wait as long as Retry-After says."

    most: int
    seconds: int

    def __str__(self) -> str:
        return f"There are {self.most} streams open already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockGoesForward(Refusal):
    """The clock of a sandbox is moved forward, and by no more than so many days at one time."""

    number: ClassVar[int] = 9220
    remedy: ClassVar[str] = "Name a later moment; what is far away is reached in several steps."

    now: str
    asked: str
    days_max: int

    def __str__(self) -> str:
        return f"It is {self.now}, and {self.asked} is not within the next {self.days_max} days."


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingAhead(Refusal):
    """The clock of a sandbox is moved to a deadline that there is."""

    number: ClassVar[int] = 9221
    remedy: ClassVar[str] = "Name a moment."

    days: int

    def __str__(self) -> str:
        return f"Nothing falls due in the next {self.days} days."
