"""How a side opens letters: what somebody has signed it keeps, what nobody has it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from tonne import linking
from tonne.linking import Letter, Outcome, PrivateKey, PublicKey, Side, Signed
from tonne.operations.talk import Talk
from tonne.refusal import Refusal, Refused

STRANGERS_KEPT = 100
"""Of so many letters a day that nobody known has signed it is written down why they were refused.

The rest of the day's are only counted, so that a stranger cannot fill the books.
"""

_CLAIMED_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What came of a letter, for whoever brought it."""

    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False
    signed: bool = True
    """Whether who is said to have sent it had signed it."""

    receipt: str = ""
    """What says, signed, that it was heard, now or before; nothing where it was not."""


class Seen(NamedTuple):
    """A letter that was looked at before the books were opened for it."""

    raw: bytes
    keys: Mapping[str, PublicKey]
    """Who was known then, and by which key."""

    signed: Signed | Refused
    """What its sender has signed, or why nobody known has."""

    letter: Letter | Refused
    """What it says, or why it cannot be read."""


def see(raw: bytes, keys: Mapping[str, PublicKey]) -> Seen:
    """Look who signed a letter and whether it can be read; no books are needed for it."""
    try:
        signed = linking.signed_by(raw, keys)
    except Refused as no:
        return Seen(raw, keys, no, no)
    try:
        return Seen(raw, keys, signed, linking.read(signed))
    except Refused as no:
        return Seen(raw, keys, signed, no)


class Opened(NamedTuple):
    """A letter that its sender has signed, and whether it is here for the first time."""

    letter: Letter
    signed: Signed
    first: bool


def open_letter(
    books: Talk, brought: bytes | Seen, keys: Mapping[str, PublicKey], *, at: datetime
) -> Opened | Hearing:
    """The letter, if it is signed and can be read; or what is said to whoever brought it.

    One that was seen before is looked at again only if the keys were others then.
    """
    seen = see(brought, keys) if isinstance(brought, bytes) else brought
    if seen.keys != keys:
        seen = see(seen.raw, keys)
    signed, letter = seen.signed, seen.letter
    if isinstance(signed, Refused):
        if books.count_stranger(at.astimezone(UTC).date()) <= STRANGERS_KEPT:
            books.write_down(signed.refusals, at=at, sender=_claimed(signed))
        return Hearing(refusals=signed.refusals, signed=False)
    if isinstance(letter, Refused):
        if books.keep_letter(signed, about="", at=at):
            books.write_down(letter.refusals, at=at, sender=signed.sender)
        return Hearing(refusals=letter.refusals)
    return Opened(letter, signed, books.keep_letter(signed, about=letter.about, at=at))


def keep_outcome(
    books: Talk, outcome: Outcome, opened: Opened, *, side: Side, at: datetime, key: PrivateKey
) -> Hearing:
    """Keep what came of a letter; the answer to it, with a receipt if it was heard.

    What is not heard may be brought again by anybody; why is written down the first time.
    """
    again = outcome.heard is None and not opened.first
    kept = replace(outcome, refusals=()) if again else outcome
    books.keep(kept, side=side, at=at, of=opened.letter)
    was_heard = outcome.heard is not None or outcome.repeated
    return Hearing(
        refusals=outcome.refusals,
        repeated=outcome.repeated,
        receipt=linking.receipt(opened.signed.digest, key) if was_heard else "",
    )


def _claimed(no: Refused) -> str:
    """Who a letter claims to be from that was not opened."""
    found = [str(each.facts().get("sender", "")) for each in no.refusals]
    return found[0][:_CLAIMED_MAX]
