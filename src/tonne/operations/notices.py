"""Notices of the log: given, answered by the registry whose duty it is, and judged."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tonne import linking
from tonne.ledger import Block
from tonne.linking import (
    NAMED_MAX,
    NOTICES,
    NOTICES_RULE,
    FewerUnitsNamed,
    Log,
    NoSuchProposal,
    Notice,
    NoticeNamesTooMuch,
    NoticeNotNeeded,
    NoticeStanding,
    NoticeWithoutDay,
    Party,
    UnknownNoticeKind,
    party,
)
from tonne.operations.books import Books
from tonne.operations.link import linked
from tonne.operations.log import expect_listed
from tonne.operations.log import named as name_of
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.talk import LogBooks
from tonne.refusal import refuse_if_any

ASKED_WITHIN = timedelta(days=30)
"""So long a registry has to carry out a duty, unless the notice says otherwise."""


def give_notice(
    books: LogBooks,
    registry: str,
    *,
    kind: str,
    count: int,
    at: datetime,
    blocks: Iterable[Block] = (),
    due: date | None = None,
    text: str = "",
    expires: date | None = None,
) -> Notice:
    """Give a registry notice of a duty, at the log.

    Whether a reserve is broken the log sees for itself. ``expires`` is the day to which the expiry
    is to be changed, where that is the duty.
    """
    books.talk_alone()
    if kind not in NOTICES:
        refuse_if_any([UnknownNoticeKind(reference=NOTICES_RULE, kind=kind)])
    expect_listed(registry, books.listed())
    if (expires is None) == (NOTICES[kind].asks == "change_expiry"):
        refuse_if_any([NoticeWithoutDay(reference=NOTICES_RULE, kind=kind)])
    named = tuple(blocks)
    if named and (units := linking.units_named(named)) < count:
        refuse_if_any([FewerUnitsNamed(reference=NOTICES_RULE, count=count, named=units)])
    if len(named) > NAMED_MAX:
        much = NoticeNamesTooMuch(reference=NOTICES_RULE, blocks=len(named), most=NAMED_MAX)
        refuse_if_any([much])
    if NOTICES[kind].asks == "hold":
        held = linking.holdings(books.lines()).get(registry, 0)
        if held >= count:
            refuse_if_any([
                NoticeNotNeeded(reference=NOTICES_RULE, registry=registry, count=count, held=held)
            ])  # fmt: skip
    notice = Notice(
        id=_name(books),
        kind=kind,
        registry=registry,
        count=count,
        blocks=named,
        due=due or (at + ASKED_WITHIN).date(),
        at=at,
        text=text or NOTICES[kind].what,
        expires=expires,
    )
    _give(books, notice)
    return notice


def give_notice_of_expiry(books: LogBooks, *, until: date, at: datetime) -> list[Notice]:
    """Give notice of all retired temporary credits that expire until a day, once of each.

    What is too much for one letter is told in several notices.
    """
    books.talk_alone()
    kind, made = "expiry_near", []
    known = books.log_notices().values()
    found = list(linking.expiring(books.lines(), until=until, known=known))
    for registry, day, blocks in [
        (holder, ends, every[first : first + NAMED_MAX])
        for holder, ends, every in found
        for first in range(0, len(every), NAMED_MAX)
    ]:
        notice = Notice(
            id=_name(books),
            kind=kind,
            registry=registry,
            count=sum(each.count for each in blocks),
            blocks=blocks,
            due=day,
            at=at,
            text=NOTICES[kind].what,
        )
        _give(books, notice)
        made.append(notice)
    return made


def answer_notice(
    books: Books,
    scheme: Scheme,
    notice: str,
    *,
    proposals: Iterable[str],
    text: str,
    key: str,
    desk: Desk,
) -> NoticeStanding:
    """Tell the log with which proposals the duty of a notice was carried out."""
    names = tuple(proposals)
    ours = linked(books)
    day = scheme.on(desk.day)
    digest, before = once(books, scheme, key, "answer_notice", (notice, names, text))
    if before is not None:
        return books.log_notices()[notice]
    refuse_if_any(day.act_refusals("answer_notice", desk.by))
    books.talk_alone()
    here = Party(code=ours.code, log=ours.log, notices=books.log_notices())
    outcome = party.answer(here, notice, names, text=text, at=desk.at)
    made = books.standings(names)
    refuse_if_any([
        *outcome.refusals,
        *(NoSuchProposal(reference=NOTICES_RULE, proposal=each)
          for each in dict.fromkeys(names) if each not in made),
    ])  # fmt: skip
    books.enter(
        key=key,
        digest=digest,
        kind="answer_notice",
        year=None,
        because=(NOTICES_RULE,),
        stamp=scheme.stamp(desk.day, desk.at),
    )
    books.keep(outcome, side="giver", at=desk.at)
    assert outcome.notice is not None, "what is not refused is answered"
    return outcome.notice


def late_notices(notices: Iterable[NoticeStanding], day: date) -> list[NoticeStanding]:
    """The notices whose duty should have been carried out by that day."""
    return [each for each in notices if each.is_late(day)]


def _name(books: LogBooks) -> str:
    return f"{name_of(books)}-N{len(books.log_notices()) + 1}"


def _give(books: LogBooks, notice: Notice) -> None:
    log = Log(
        code=name_of(books),
        registries={code: listed.status for code, listed in books.listed().items()},
        notices=books.log_notices(),
    )
    books.keep(linking.give_notice(log, notice), side="log", at=notice.at)
