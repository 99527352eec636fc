"""What others signed, told so that a third party can check it; and what was refused of letters."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tonne.cli.failures import UserFault
from tonne.cli.show import Table
from tonne.linking import Evidence, PublicKey, Signed, Written
from tonne.operations import STRANGERS_KEPT

Told = tuple[str, dict[str, object], tuple[Table, ...]]
"""A finding, the same for a program, and tables."""


def tell_letters(about: str, found: Iterable[Evidence]) -> Told:
    """Letters and receipts about something, with all that it takes to check who signed them."""
    rows = [
        {
            "at": each.at,
            "from": each.signed.sender,
            "is": "letter" if each.signed.text == each.letter else "receipt",
            "says": _says(each.letter),
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
        (_table(rows),),
    )


def check(file: Path, sender: str, key: PublicKey) -> Told:
    """Whether what is from a sender in a file of letters was signed with the key of the sender.

    The keys in the file are not looked at: whoever made the file could have put in any.
    """
    rows = [
        {"at": row["at"], "from": sender, "is": row["is"], "says": _says(row["letter"]),
         "holds": Evidence(
             datetime.now(UTC), Signed(sender, row["signed"], row["signature"], key), row["letter"]
         ).holds()}
        for row in _rows(file) if row["from"] == sender
    ]  # fmt: skip
    good = sum(bool(row["holds"]) for row in rows)
    return (
        f"{good} of {len(rows)} letters and receipts of {sender} were signed with this key.",
        {"from": sender, "public_key": str(key), "checked": rows, "ok": 0 < good == len(rows)},
        (_table(rows),),
    )


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


def _table(rows: Iterable[Mapping[str, object]]) -> Table:
    columns = ("at", "from", "is", "says", "holds")
    return Table(
        columns=("When", "From", "Is", "Says", "Signature holds"),
        rows=[[str(row[name]) for name in columns] for row in rows],
    )


def _says(letter: str) -> str:
    """What a letter says, in a few words."""
    found: Any = None
    try:
        found = json.loads(letter)["body"]
        state = f" {found['state']}" if "state" in found else ""
        return f"{found['says']}{state}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"unreadable {sha256(letter.encode(errors='replace')).hexdigest()[:8]}"


def _rows(file: Path) -> Iterator[dict[str, str]]:
    """What stands in a file that ``tonne log letters --json`` wrote."""
    try:
        rows = json.loads(file.read_text("utf-8"))["evidence"]
        for row in rows:
            names = ("at", "from", "is", "letter", "signed", "signature")
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
