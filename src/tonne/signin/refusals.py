"""How people and programs are turned away at the door. What could help a thief is not said."""

from dataclasses import dataclass
from typing import ClassVar

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLetIn(Refusal):
    """Who signs in shows a name, a password and a code that belong together.

    The sentence is the same for a name that nobody has, a wrong password and a wrong code.
    """

    number: ClassVar[int] = 9130
    remedy: ClassVar[str] = "Try again, use a passkey, or ask an administrator for a recovery."

    def __str__(self) -> str:
        return "The name, the password and the code do not belong together."


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFirst(Refusal):
    """After many failures nobody is heard for a while; a passkey and a known browser are."""

    number: ClassVar[int] = 9131
    remedy: ClassVar[str] = "Wait so long, or use a passkey or a browser that you used before."

    seconds: int

    def __str__(self) -> str:
        return f"There were too many failures: try again in {self.seconds} seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyNotLetIn(Refusal):
    """A passkey answers the challenge that it was given, for this site, with its owner present."""

    number: ClassVar[int] = 9132
    remedy: ClassVar[str] = "Begin again; if it goes on, sign in otherwise and set a new passkey."

    def __str__(self) -> str:
        return "The passkey was not accepted."


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnfit(Refusal):
    """What was begun is ended within a few minutes, once, by whoever began it."""

    number: ClassVar[int] = 9133
    remedy: ClassVar[str] = "Begin again."

    def __str__(self) -> str:
        return "What was begun is over, or was ended before."


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLengthUnfit(Refusal):
    """A password has 14 to 128 characters."""

    number: ClassVar[int] = 9110
    remedy: ClassVar[str] = "Take a few words that do not belong together."

    length: int
    least: int
    most: int

    def __str__(self) -> str:
        return f"The password has {self.length} characters, not {self.least} to {self.most}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordGuessable(Refusal):
    """A password is none that a program finds soon: common words, names, dates, rows of keys."""

    number: ClassVar[int] = 9111
    remedy: ClassVar[str] = "Take a few words that do not belong together, none of them your own."

    why: str

    def __str__(self) -> str:
        return f"The password is soon guessed. {self.why}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentPasswordWrong(Refusal):
    """Who changes a password knows the one that there is."""

    number: ClassVar[int] = 9112
    remedy: ClassVar[str] = "Give the password with which you sign in now."

    def __str__(self) -> str:
        return "The current password is not right."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWrong(Refusal):
    """A code is the one that the app shows now, and has not been used before."""

    number: ClassVar[int] = 9113
    remedy: ClassVar[str] = "Wait for the next code; see that the clock of the phone is right."

    def __str__(self) -> str:
        return "The code is not right, or was used before."


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorUnknown(Refusal):
    """A factor is changed by the person whose it is."""

    number: ClassVar[int] = 9114
    remedy: ClassVar[str] = "List your factors, and name one of them."

    factor: str

    def __str__(self) -> str:
        return f"You have no factor {self.factor!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWayIn(Refusal):
    """A person keeps a way in: a passkey, or a password with codes."""

    number: ClassVar[int] = 9115
    remedy: ClassVar[str] = "Set another one first."

    def __str__(self) -> str:
        return "Without it you could not sign in any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWayInYet(Refusal):
    """An enrolment ends with a way in: a passkey, or a password with codes."""

    number: ClassVar[int] = 9116
    remedy: ClassVar[str] = "Add a passkey, or set a password and confirm an app for codes."

    def __str__(self) -> str:
        return "There is no passkey yet, and no password with codes."


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyKnown(Refusal):
    """A passkey is added once."""

    number: ClassVar[int] = 9117
    remedy: ClassVar[str] = "Use it, or add another."

    def __str__(self) -> str:
        return "This passkey is known already."


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCodeUnfit(Refusal):
    """An enrolment code opens an enrolment once, while it lasts."""

    number: ClassVar[int] = 9120
    remedy: ClassVar[str] = "Ask an administrator for a new one."

    def __str__(self) -> str:
        return "The enrolment code is not right, was used before, or is over."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginTaken(Refusal):
    """No two people sign in under one name."""

    number: ClassVar[int] = 9121
    remedy: ClassVar[str] = "Choose another name, or see with tonne signin people who has it."

    login: str

    def __str__(self) -> str:
        return f"Somebody signs in as {self.login!r} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginUnfit(Refusal):
    """A name under which somebody signs in is a line of text that can be typed."""

    number: ClassVar[int] = 9122
    remedy: ClassVar[str] = "Take an e-mail address or a name without spaces, up to 254 characters."

    login: str

    def __str__(self) -> str:
        return f"{self.login[:80]!r} is no name to sign in under."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnknown(Refusal):
    """Only who is enrolled has sessions, factors and keys."""

    number: ClassVar[int] = 9123
    remedy: ClassVar[str] = "See with tonne signin people who is enrolled."

    person: str

    def __str__(self) -> str:
        return f"Nobody is enrolled as {self.person!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyEnrolled(Refusal):
    """Who has a way in gets a new one by a recovery, which takes two administrators."""

    number: ClassVar[int] = 9124
    remedy: ClassVar[str] = "Ask for a recovery: tonne signin reset."

    person: str

    def __str__(self) -> str:
        return f"{self.person} has or had a way in; one administrator alone gives no other."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBarred(Refusal):
    """Who is barred does not enter, by no way."""

    number: ClassVar[int] = 9125
    remedy: ClassVar[str] = "Admit the person first: tonne signin admit."

    person: str

    def __str__(self) -> str:
        return f"{self.person} is barred."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCodeUnfit(Refusal):
    """A person is known by a code usr_..., here and in the registry."""

    number: ClassVar[int] = 9126
    remedy: ClassVar[str] = "Give the code as the registry tells it, or none."

    code_given: str

    def __str__(self) -> str:
        return f"{self.code_given!r} is no code of a person."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSignedIn(Refusal):
    """A session lasts while it is used, half a day at most, and until it is ended."""

    number: ClassVar[int] = 9140
    remedy: ClassVar[str] = "Sign in again."

    def __str__(self) -> str:
        return "You are not signed in, or no longer."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFresh(Refusal):
    """Factors, keys and others' sessions are changed soon after a factor was shown."""

    number: ClassVar[int] = 9141
    remedy: ClassVar[str] = "Confirm that it is you, with a passkey or a code, and try again."

    def __str__(self) -> str:
        return "It is some time since you showed that it is you."


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionUnknown(Refusal):
    """A person ends sessions that are their own and open."""

    number: ClassVar[int] = 9142
    remedy: ClassVar[str] = "List the sessions, and name one that is open."

    session: str

    def __str__(self) -> str:
        return f"There is no open session {self.session!r}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotConfirmed(Refusal):
    """What is signed is confirmed by a second factor, for this act alone, minutes before."""

    number: ClassVar[int] = 9150
    remedy: ClassVar[str] = "Confirm this very act with a passkey or a code."

    def __str__(self) -> str:
        return "This act was not confirmed, or not in time, or was done before."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsLater(Refusal):
    """For a time after a recovery a person looks and does not sign."""

    number: ClassVar[int] = 9151
    remedy: ClassVar[str] = "Wait until then, or let a colleague sign."

    signs_from: str

    def __str__(self) -> str:
        return f"After a recovery you can sign again from {self.signs_from}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAdministrator(Refusal):
    """What concerns others is asked and done by an administrator."""

    number: ClassVar[int] = 9170
    remedy: ClassVar[str] = "Ask an administrator."

    person: str

    def __str__(self) -> str:
        return f"{self.person} is no administrator."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryByOneself(Refusal):
    """Nobody recovers themself, and nobody agrees to what they asked for."""

    number: ClassVar[int] = 9171
    remedy: ClassVar[str] = "Let another administrator do it."

    person: str

    def __str__(self) -> str:
        return f"{self.person} cannot take this part: it takes two others."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryUnknown(Refusal):
    """A recovery is agreed to once, within three days."""

    number: ClassVar[int] = 9172
    remedy: ClassVar[str] = "Ask for it again: tonne signin reset."

    recovery: str

    def __str__(self) -> str:
        return f"No recovery {self.recovery!r} waits for an agreement."


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyAtMachine(Refusal):
    """One administrator alone makes no other, and no keys of others: so one would be two."""

    number: ClassVar[int] = 9173
    remedy: ClassVar[str] = "Do it at the machine: tonne signin; or let the person do it."

    def __str__(self) -> str:
        return "This is done at the machine itself, and not by one administrator alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class SealDoesNotOpen(Refusal):
    """What was sealed is opened with the key by which it was sealed."""

    number: ClassVar[int] = 9190
    remedy: ClassVar[str] = "Put the right key file in its place: it is in the backup of the file."

    def __str__(self) -> str:
        return "The key file is not the one by which passwords and seeds were sealed."
