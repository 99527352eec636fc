"""Letters to people by e-mail: a subject and a few sentences in their language.

No letter holds a code, and none a link by which somebody would be signed in.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from tonne.documents.languages import LANGUAGES, Language, code, name
from tonne.languages import SOURCE
from tonne.refusal import Refusal

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_ADDRESS_MAX = 254
_FREE = {"comment"}
"""What somebody says in their own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailUnfit(Refusal):
    """A letter goes to one address, which holds nothing else."""

    number: ClassVar[int] = 9080
    remedy: ClassVar[str] = "Let an administrator correct the address: tonne person register."
    address: str

    def __str__(self) -> str:
        return f"{self.address[:100]!r} is no address of e-mail."


class Written(NamedTuple):
    """A letter as it is read."""

    subject: str
    body: str


def address_refusals(address: str) -> Iterator[Refusal]:
    """9080: whether letters can be sent to an address."""
    if len(address) > _ADDRESS_MAX or not _ADDRESS.fullmatch(address):
        yield EmailUnfit(reference="RFC 5321, section 4.1.2", address=address)


def write_mail(kind: str, facts: Mapping[str, str], *, language: str, site: str) -> Written:
    """A letter of that kind; ``facts`` are codes, names and moments as everybody writes them.

    What somebody said in their own words stands apart from ours, whatever its letters are.
    """
    tongue = LANGUAGES.get(language, LANGUAGES[SOURCE])
    written = {each: (name if each in _FREE else code)(said) for each, said in facts.items()}
    subject, text = _said(tongue, kind, written)
    foot = tongue.say(
        "We never ask for a password or a code by e-mail. To sign in, type the address yourself: "
        "%(site)s.",
        site=code(site),
    )
    return Written(subject, f"{text}\n\n{foot}\n")


_Words = tuple[str, str]
"""A subject, and what is said under it."""


def _said(tongue: Language, kind: str, facts: Mapping[str, str]) -> _Words:
    say = tongue.say
    if kind == "waits":
        return say("A proposal waits for you"), say(
            "The proposal %(proposal)s waits for your decision. Look at it after signing in, and "
            "ask whoever proposed it if you did not expect it.",
            **facts,
        )
    if kind == "completed":
        return say("A proposal of yours is done"), say(
            "The proposal %(proposal)s was carried out.", **facts
        )
    if kind == "rejected":
        return say("A proposal of yours was rejected"), say(
            "The proposal %(proposal)s was rejected. The reason stands beside it.", **facts
        )
    if kind == "new place":
        return say("Somebody signed in from a new place"), say(
            "On %(moment)s somebody signed in under your name from %(place)s, for the first time "
            "from there. If that was not you, tell the administrators of the registry at once.",
            **facts,
        )
    if kind == "code again":
        return say("A code of yours was used a second time"), say(
            "On %(moment)s a code of your app that had been used before was tried again from "
            "%(place)s, and refused. If that was not you, somebody saw it: tell the administrators "
            "of the registry at once.",
            **facts,
        )
    return _of_account(say, kind, facts) or _of_alarm(say, kind, facts) or _of_factors(say, facts)


def _of_account(say: Callable[..., str], kind: str, facts: Mapping[str, str]) -> _Words | None:
    if kind == "frozen":
        return say("An account was frozen"), say(
            "On %(moment)s the account %(account)s was frozen. Nothing leaves it until the "
            "administrators of the registry let it go on; ask them why.",
            **facts,
        )
    if kind == "not verified":
        return say("A verifier is not satisfied with your report"), say(
            "Of the report of %(tonnes)s t for the account %(account)s in %(year)s the verifier "
            "says: %(comment)s. Figure of their own, in tonnes: %(figure)s. Report anew, or ask "
            "the verifier.",
            **facts,
        )
    if kind == "owed":
        return say("Units are due soon"), say(
            "Units that the account %(account)s still owes for the emissions of %(year)s: "
            "%(count)s. They are to be surrendered by %(day)s.",
            **facts,
        )
    return None


def _of_alarm(say: Callable[..., str], kind: str, facts: Mapping[str, str]) -> _Words | None:
    """What administrators are called for."""
    subject = say("Something unusual happened at the registry")
    if kind == "alarm sign-ins":
        return subject, say(
            "Sign-ins that failed in the hour before %(moment)s: %(count)s. Look whether somebody "
            "tries to get in under a name that is not theirs.",
            **facts,
        )
    if kind == "alarm refusals":
        return subject, say(
            "What people asked to be done and was refused in the hour before %(moment)s: "
            "%(count)s. Look who asked for what.",
            **facts,
        )
    if kind == "alarm freezes":
        return subject, say(
            "Accounts or schemes that were frozen in the hour before %(moment)s: %(count)s. Look "
            "who froze them, and why.",
            **facts,
        )
    return None


def _of_factors(say: Callable[..., str], facts: Mapping[str, str]) -> _Words:
    return say("How you sign in was changed"), say(
        "On %(moment)s what you sign in by was changed: a password, an app, a passkey or recovery "
        "codes. If that was not you, tell the administrators of the registry at once.",
        **facts,
    )
