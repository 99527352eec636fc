"""What others signed, told so that a third party can check it; and what was refused of letters."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from tonne.cli.failures import UserFault
from tonne.cli.show import Table
from tonne.linking import (
    Evidence,
    Proposal,
    Proposed,
    PublicKey,
    Said,
    Signed,
    Written,
    body_as_data,
    read,
)
from tonne.operations import STRANGERS_KEPT
from tonne.refusal import Refused

Told = tuple[str, dict[str, object], tuple[Table, ...]]
"""A finding, the same for a program, and tables."""


def tell_letters(about: str, found: Iterable[Evidence]) -> Told:
    """Letters and receipts about something, with all that it takes to check who signed them."""
    rows = [
        {
            "at": each.at,
            "from": each.signed.sender,
            "is": each.form,
            **_said(each.letter),
            "letter": each.letter,
            "signed": each.signed.text,
            "signature": each.signed.signature,
            "public_key": str(each.signed.key),
            "holds": each.holds(),
        }
        for each in found
    ]
    good = sum(bool(row["holds"]) for row in rows)
    return (
        f"{len(rows)} letters and receipts of others about {about}; {good} signatures hold.",
        {"about": about, "evidence": rows},
        (_table(rows, "at"),),
    )


def check(file: Path, sender: str, key: PublicKey, about: str | None) -> Told:
    """Whether what is from a sender in a file of letters was signed with the key of the sender.

    The keys in the file are not looked at: whoever made the file could have put in any. Nor is what
    the file says that it is about, or what it calls a letter: all that is told is what was signed,
    but for the moment at which it is said to have come.
    """
    rows = [_checked(row, sender, key) for row in _rows(file) if row["from"] == sender]
    chosen = [row for row in rows if about in {None, row["about"]}]
    good = [row for row in chosen if row["holds"]]
    others = len(rows) - len(chosen)
    subjects = sorted({str(row["about"]) for row in good})
    finding = f"{len(good)} of {len(chosen)} letters and receipts of {sender} "
    finding += f"about {about} were signed" if about is not None else "were signed"
    finding += " with this key."
    if about is None and good:
        finding += f" They are about {', '.join(subjects)}."
    if others:
        finding += f" {others} more of {sender} are not about it."
    return (
        finding,
        {
            "from": sender,
            "public_key": str(key),
            "about": about,
            "left_out": others,
            "checked": chosen,
            "ok": 0 < len(good) == len(chosen),
        },
        (_table(chosen, "kept_at"),),
    )


def _checked(row: Mapping[str, str], sender: str, key: PublicKey) -> dict[str, object]:
    """What a row of a file comes to; who kept it says when it came, and its signer all else."""
    signed = Signed(sender, row["signed"], row["signature"], key)
    each = Evidence(datetime.now(UTC), signed, row["letter"])
    return {
        "kept_at": row["at"],
        "from": sender,
        "is": each.form,
        **_said(each.letter),
        "holds": each.holds(),
    }


def tell_refused(written: Iterable[Written], strangers: Mapping[date, int]) -> Told:
    """What was refused; of strangers' letters the first of each day, and how many there were."""
    rows = [each._asdict() for each in written]
    days = {str(day): count for day, count in strangers.items()}
    left = sum(max(0, count - STRANGERS_KEPT) for count in strangers.values())
    more = f" {left:,} more letters of strangers were only counted." if left else ""
    return (
        f"{len(rows)} things were refused.{more}",
        {"refused": rows, "letters_of_strangers": days},
        (
            Table(
                columns=("When", "From", "Number", "Why"),
                rows=[[row["at"], row["sender"], row["number"], row["sentence"]] for row in rows],
            ),
            Table(columns=("Day", "Letters of strangers"), rows=[[*each] for each in days.items()]),
        ),
    )


def _table(rows: Iterable[Mapping[str, object]], moment: str) -> Table:
    names = (moment, "from", "is", *_SAID, "holds")
    columns = (
        "Kept (not signed)", "Signed by", "Is", "Letter of", "To", "Number", "Written", "About",
        "Says", "Units", "Signature holds",
    )  # fmt: skip
    return Table(columns=columns, rows=[[str(row[name]) for name in names] for row in rows])


_SAID = ("sender", "to", "nonce", "written_at", "about", "says", "units")


def _said(text: str) -> dict[str, object]:
    """What a letter says: who to whom, under which number, when, of what, in a few words."""
    try:
        letter = read(Signed("", text, "", PublicKey(b"")))
    except (ValueError, RecursionError, Refused):
        digest = sha256(text.encode(errors="replace")).hexdigest()
        return {**dict.fromkeys(_SAID, ""), "says": f"unreadable {digest[:8]}"}
    body = letter.body
    says = str(body_as_data(body)["says"])
    return {
        "sender": letter.sender,
        "to": letter.addressee,
        "nonce": letter.nonce,
        "written_at": letter.at.isoformat(),
        "about": letter.about,
        "says": f"{says} {body.state:d}" if isinstance(body, Said) else says,
        "units": _units(body.proposal) if isinstance(body, Proposed) else "",
    }


def _units(proposal: Proposal) -> str:
    """Which units are to go where, in a few words."""
    pieces = [f"{each.block} {each.unit}" for each in proposal.pieces[:_PIECES_SHOWN]]
    if (more := len(proposal.pieces) - _PIECES_SHOWN) > 0:
        pieces.append(f"and {more} more blocks")
    return (
        f"{proposal.kind} {proposal.count:,} from {proposal.source} to {proposal.target}: "
        + ", ".join(pieces)
    )


_PIECES_SHOWN = 3


def _rows(file: Path) -> Iterator[dict[str, str]]:
    """What stands in a file that ``tonne log letters --json`` wrote."""
    try:
        rows = json.loads(file.read_text("utf-8"))["evidence"]
        for row in rows:
            names = ("at", "from", "letter", "signed", "signature")
            yield {name: _text(row[name]) for name in names}
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        raise UserFault(
            f"{file} is no file of letters.",
            remedy="It is what tonne log letters --json writes, or tonne registry letters --json.",
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
