"""Letters as JSON: how they are written and read.

The form is canonical: keys in order, no blanks, plain ASCII, whole numbers and texts only. So the
same letter is always the same text, and what is signed is that text.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from tonne.ledger import LAST_NUMBER, Block
from tonne.linking.letter_grounds import LINK, Unreadable
from tonne.linking.message import (
    Answered,
    Body,
    Compared,
    Difference,
    Held,
    HoldingsAsked,
    HoldingsTold,
    Judged,
    Letter,
    Noticed,
    Proposed,
    Said,
)
from tonne.linking.notice import NOTICES, Notice, NoticeStatus
from tonne.linking.proposal import PLACES, Piece, Proposal, Reason
from tonne.linking.states import State
from tonne.refusal import Refused

T = TypeVar("T")
VERSION = 1
TEXT_MAX = 4000
"""So many characters are in a sentence or a text of somebody at most."""

_ID = re.compile("[0-9A-Z]{1,100}-[1-9][0-9]*", re.ASCII)
"""What a proposal is called: the code of the registry that makes it, and a number."""


def canonical(data: object) -> str:
    r"""The one way to write a value.

    >>> canonical({"b": [1, "ä"], "a": None})
    '{"a":null,"b":[1,"\\u00e4"]}'
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def letter_as_data(letter: Letter) -> dict[str, Any]:
    """The letter as plain values."""
    return {
        "version": VERSION,
        "from": letter.sender,
        "to": letter.addressee,
        "nonce": letter.nonce,
        "at": letter.at.isoformat(),
        "body": body_as_data(letter.body),
    }


def body_as_data(body: Body) -> dict[str, Any]:
    """What a letter says, as plain values."""
    data: dict[str, Any] = {"says": _SAYS[type(body)]}
    if isinstance(body, Proposed):
        data["proposal"] = proposal_as_data(body.proposal)
    elif isinstance(body, Said):
        data |= {"proposal": body.proposal, "state": int(body.state)}
        data["reasons"] = _told_reasons(body.reasons)
    elif isinstance(body, Noticed):
        data["notice"] = notice_as_data(body.notice)
    elif isinstance(body, Answered):
        data |= {"notice": body.notice, "proposals": list(body.proposals), "text": body.text}
    elif isinstance(body, Judged):
        data |= {"notice": body.notice, "status": int(body.status)}
        data["reasons"] = _told_reasons(body.reasons)
    else:
        data["round"] = body.round
        if isinstance(body, HoldingsTold):
            data |= {"at": body.at.isoformat(), "talked": list(body.talked)}
            data["held"] = [[*_block(each.block), *each[1:]] for each in body.held]
        elif isinstance(body, Compared):
            data["differences"] = differences_as_data(body.differences)
    return data


def _told_reasons(reasons: Iterable[Reason]) -> list[list[Any]]:
    """Reasons, with sentences that may be too long cut."""
    return [[each.number, each.sentence[:TEXT_MAX]] for each in reasons]


_SAYS: Mapping[type, str] = {
    Proposed: "proposed",
    Said: "said",
    HoldingsAsked: "holdings_asked",
    HoldingsTold: "holdings_told",
    Compared: "compared",
    Noticed: "noticed",
    Answered: "answered",
    Judged: "judged",
}


def differences_as_data(differences: Iterable[Difference]) -> list[list[Any]]:
    """Differing ranges as plain values."""
    return [[*_block(each.block), each.log, each.registry, each.account] for each in differences]


def differences_from_data(data: object) -> tuple[Difference, ...]:
    """Differing ranges."""
    rows = [_row(each, str, int, int, str, str, str) for each in _get({"": data}, "", list)]
    return tuple(Difference(_read_block(*row[:3]), *row[3:]) for row in rows)


def proposal_as_data(proposal: Proposal) -> dict[str, Any]:
    """A proposal as plain values."""
    return {
        "id": proposal.id,
        "kind": proposal.kind,
        "giver": proposal.giver,
        "taker": proposal.taker,
        "source": proposal.source,
        "target": proposal.target,
        "at": proposal.at.isoformat(),
        "pieces": [[*_block(each.block), each.unit, each.becomes] for each in proposal.pieces],
    }


def notice_as_data(notice: Notice) -> dict[str, Any]:
    """A notice as plain values."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "registry": notice.registry,
        "count": notice.count,
        "blocks": [_block(each) for each in notice.blocks],
        "due": str(notice.due),
        "at": notice.at.isoformat(),
        "text": notice.text,
    } | ({} if notice.expires is None else {"expires": str(notice.expires)})


def letter_from_data(data: object) -> Letter:
    """The letter that plain values say, or a refusal that names what is wrong with them."""
    if (version := _get(data, "version", int)) != VERSION:
        raise _unreadable(f"version {version} is not known here, but {VERSION} is")
    nonce = _get(data, "nonce", int)
    if not 0 < nonce <= LAST_NUMBER:
        raise _unreadable("nonce is out of range")
    return Letter(
        sender=_get(data, "from", str),
        addressee=_get(data, "to", str),
        nonce=nonce,
        at=_moment(data, "at"),
        body=body_from_data(_get(data, "body", dict)),
    )


def body_from_data(data: object) -> Body:
    """What a letter says."""
    says = _get(data, "says", str)
    read = _READ.get(says)
    if read is None:
        raise _unreadable(f"nobody says {says!r}")
    return read(data)


def proposal_from_data(data: object) -> Proposal:
    """A proposal, if it is whole."""
    pieces = tuple(_read_piece(each) for each in _get(data, "pieces", list))
    if not pieces:
        raise _unreadable("a proposal names no numbers")
    words = {
        name: _get(data, name, str) for name in ("id", "kind", "giver", "taker", "source", "target")
    }
    if _ID.fullmatch(words["id"]) is None:
        raise _unreadable("a proposal is not called by the code of its registry and a number")
    return Proposal(**words, pieces=pieces, at=_moment(data, "at"))


def notice_from_data(data: object) -> Notice:
    """A notice, if it is whole."""
    if (kind := _get(data, "kind", str)) not in NOTICES:
        raise _unreadable(f"there is no notice of the kind {kind!r}")
    if not 0 < (count := _get(data, "count", int)) <= LAST_NUMBER:
        raise _unreadable("a notice is about no units, or more than there can be")
    expires = _day(data, "expires") if isinstance(data, dict) and "expires" in data else None
    rows = [_row(each, str, int, int) for each in _get(data, "blocks", list)]
    return Notice(
        id=_get(data, "id", str),
        kind=kind,
        registry=_get(data, "registry", str),
        count=count,
        blocks=tuple(_read_block(*row) for row in rows),
        due=_day(data, "due"),
        at=_moment(data, "at"),
        text=_get(data, "text", str),
        expires=expires,
    )


def _day(data: object, name: str) -> date:
    try:
        return date.fromisoformat(_get(data, name, str))
    except ValueError:
        raise _unreadable(f"{name!r} is no day") from None


def _answered(data: object) -> Answered:
    return Answered(
        notice=_get(data, "notice", str),
        proposals=tuple(_row([each], str)[0] for each in _get(data, "proposals", list)),
        text=_get(data, "text", str),
    )


def _judged(data: object) -> Judged:
    number = _get(data, "status", int)
    if number not in list(NoticeStatus):
        raise _unreadable(f"there is no status {number}")
    return Judged(
        notice=_get(data, "notice", str), status=NoticeStatus(number), reasons=_reasons(data)
    )


def _reasons(data: object) -> tuple[Reason, ...]:
    return tuple(Reason(*_row(each, int, str)) for each in _get(data, "reasons", list))


def _said(data: object) -> Said:
    number = _get(data, "state", int)
    if number not in list(State):
        raise _unreadable(f"there is no state {number}")
    return Said(proposal=_get(data, "proposal", str), state=State(number), reasons=_reasons(data))


def _told(data: object) -> HoldingsTold:
    rows = [_row(each, str, int, int, str, str, str) for each in _get(data, "held", list)]
    if strange := {row[-1] for row in rows} - PLACES:
        raise _unreadable(f"there is no place {min(strange)!r}")
    return HoldingsTold(
        round=_get(data, "round", str),
        at=_moment(data, "at"),
        held=tuple(Held(_read_block(*row[:3]), *row[3:]) for row in rows),
        talked=tuple(_row([each], str)[0] for each in _get(data, "talked", list)),
    )


def _compared(data: object) -> Compared:
    differences = differences_from_data(_get(data, "differences", list))
    return Compared(round=_get(data, "round", str), differences=differences)


_READ: Mapping[str, Callable[[object], Body]] = {
    "proposed": lambda data: Proposed(proposal=proposal_from_data(_get(data, "proposal", dict))),
    "said": _said,
    "holdings_asked": lambda data: HoldingsAsked(round=_get(data, "round", str)),
    "holdings_told": _told,
    "compared": _compared,
    "noticed": lambda data: Noticed(notice=notice_from_data(_get(data, "notice", dict))),
    "answered": _answered,
    "judged": _judged,
}


def _block(block: Block) -> list[str | int]:
    return [block.series, block.first, block.last]


def _read_piece(data: object) -> Piece:
    if not isinstance(data, list) or not data:
        raise _unreadable("a piece is no list")
    *words, becomes = data
    series, first, last, unit = _row(words, str, int, int, str)
    if becomes is not None and not isinstance(becomes, str):
        raise _unreadable("a piece does not say what it becomes")
    if not unit or becomes == "":
        raise _unreadable("a piece names no unit")
    return Piece(block=_read_block(series, first, last), unit=unit, becomes=becomes)


def _read_block(series: str, first: int, last: int) -> Block:
    if not 0 < first <= last <= LAST_NUMBER:
        raise _unreadable(f"'{series}-{first}-{last}' is no block")
    return Block(series, first, last)


def _row(data: object, *kinds: type) -> list[Any]:
    """A list of values of these kinds."""
    if (
        not isinstance(data, list)
        or len(data) != len(kinds)
        or any(type(value) is not kind for value, kind in zip(data, kinds, strict=True))
    ):
        raise _unreadable(f"a row is not {', '.join(kind.__name__ for kind in kinds)}")
    return data


def _get(data: object, name: str, kind: type[T]) -> T:
    """A field of that kind."""
    found = data.get(name) if isinstance(data, dict) else None
    if type(found) is not kind:
        raise _unreadable(f"{name!r} is missing or wrong")
    return found


def _moment(data: object, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_get(data, name, str))
    except ValueError:
        raise _unreadable(f"{name!r} is no moment") from None
    if found.tzinfo is None:
        raise _unreadable(f"{name!r} does not say in which zone")
    return found


def _unreadable(fault: str) -> Refused:
    return Refused([Unreadable(reference=LINK, fault=fault)])
