"""What people propose: tried, held, approved by another, delayed, carried out, or let go."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Raw

from tonne import people
from tonne.operations.books import Books
from tonne.operations.heard import moment, promise
from tonne.operations.people import (
    ACCOUNT,
    FREEZE,
    PERSON,
    frozen_refusals,
    mandates_on,
    people_of,
    person,
)
from tonne.operations.proposal_book import (
    Wish,
    code_of,
    proposal,
    topic_of,
    wish_of,
)
from tonne.operations.proposal_grounds import (
    Forecast,
    Sight,
    against,
    frozen,
    look,
    still_against,
    unfit,
)
from tonne.operations.proposal_words import (
    MOVES,
    clock,
    count_still,
    counted,
    enter_proposal,
    free,
    proposed_on,
    say,
    taken,
    tell_reversed,
)
from tonne.operations.record import Desk, once
from tonne.operations.scheme import Scheme
from tonne.operations.wishes import units_refusals
from tonne.operations.wishes_of_emissions import Report, Verify
from tonne.operations.wishes_of_trade import Traded, alone_word, keep_count
from tonne.people import (
    Decided,
    LifeEvent,
    LifeState,
    Proposal,
    ProposalWord,
    Proposed,
    SchemeFrozen,
)
from tonne.refusal import Refusal, Refused, refuse_if_any

T = TypeVar("T")
Run = Callable[..., T]


def rehearse(books: Books, scheme: Scheme, wish: Wish, *, by: str, desk: Desk) -> Forecast:
    """What would become of a wish, or every ground against it.

    It is carried out for that, so the books must be let forget it: an operation that is not kept.
    Who may not propose it is told that alone, for the other grounds tell what an account holds.
    """
    sight = look(books, scheme, wish, by=by, desk=desk)
    refuse_if_any(unfit(wish, sight))
    refuse_if_any(units_refusals(wish, scheme.on(desk.day)))
    grounds = list(against(books, scheme, wish, sight, desk=desk))
    if sight.forecast.waits:
        count = proposed_on(books, scheme, by, desk.day)
        grounds += people.daily_refusals(sight.who, count, desk.day, sight.law)
    try:
        wish.carry_out(books, scheme, key=f"rehearsal {by}", desk=_as(sight, desk))
    except Refused as no:
        grounds += [each for each in no.refusals if each not in grounds]
    refuse_if_any(grounds)
    return sight.forecast


def propose(
    books: Books,
    scheme: Scheme,
    wish: Wish,
    *,
    by: str,
    key: str,
    desk: Desk,
    signed: str = "",
) -> Proposal:
    """Propose something; the units that it takes are held from now on.

    What needs no second person and waits for nothing is done at once.
    """
    code = code_of(scheme, by, key)
    said = msgspec.json.encode(wish)
    digest, before = once(books, scheme, f"{code} propose", "propose", (said, by))
    if before is not None:
        return proposal(books, scheme, code)
    if isinstance(wish, Traded):
        keep_count(books, scheme, wish, desk=desk)
    _hold_still(books, scheme, wish, by)
    sight = look(books, scheme, wish, by=by, desk=desk)
    forecast, count = sight.forecast, 0
    grounds = list(against(books, scheme, wish, sight, desk=desk))
    if forecast.waits:
        count_still(books, scheme, by, desk.day)
        count = proposed_on(books, scheme, by, desk.day)
        grounds += people.daily_refusals(sight.who, count, desk.day, sight.law)
    refuse_if_any(grounds)
    state: LifeState = "proposed" if forecast.due is None else "delayed"
    if forecast.second:
        state = "awaiting_approval"
    word = Proposed(
        scheme=scheme.name, verb=wish.verb, account=wish.account, by=by,
        staff=sight.who.position is not None, becomes=state,
        due=forecast.due if state == "delayed" else None, wish=Raw(said), signed=signed,
    )  # fmt: skip
    books.speak_alone(topic_of(scheme), code)
    entry = enter_proposal(books, scheme, f"{code} propose", digest, "propose", desk=desk)
    words: list[ProposalWord] = [word]
    beside = [counted(scheme, by, desk.day, count + 1)] if forecast.waits else []
    if state == "proposed":
        if isinstance(wish, Traded):
            beside.append(alone_word(books, scheme, wish, by=by, desk=desk))
        wish.carry_out(books, scheme, key=code, desk=_as(sight, desk))
        words.append(Decided(event="complete", becomes="completed"))
    else:
        wanted = taken(scheme, wish, code, desk=desk)
        promise(books, scheme.on(desk.day), entry, wanted, desk=desk)
    say(books, scheme, code, words, entry=entry, account=wish.account, by=by, beside=beside)
    if state == "proposed":
        tell_reversed(books, scheme, wish, code, desk=desk)
    return proposal(books, scheme, code)


def decide(
    books: Books,
    scheme: Scheme,
    code: str,
    event: LifeEvent,
    *,
    by: str,
    comment: str = "",
    signed: str = "",
    desk: Desk,
) -> Proposal:
    """Approve, reject or take back a proposal; what is approved and waits for nothing is done.

    Where a rule is against carrying it out, it still waits, and who approves is told why.
    """
    assert event in {"approve", "reject", "cancel"}, "a person decides so"
    books.speak_alone(topic_of(scheme), code)
    standing = proposal(books, scheme, code)
    if any((each.event, each.by) == (event, by) for each in standing.steps):
        return standing
    wish = wish_of(standing)
    _hold_still(books, scheme, wish, by, standing.by)
    who, law = person(books, by), mandates_on(scheme, desk.day)
    at_account = people_of(books, standing.account) if standing.account else None
    refuse_if_any(
        [
            *people.deciding_refusals(who, at_account, standing, event, comment=comment, law=law),
            *frozen(books, scheme, standing.verb, event),
        ]
    )
    asked = (code, event, by, comment)
    digest, _ = once(books, scheme, f"{code} {event}", event, asked)
    entry = enter_proposal(books, scheme, f"{code} {event}", digest, event, desk=desk)
    if event != "approve":
        becomes: LifeState = "rejected" if event == "reject" else "cancelled"
        word = Decided(event=event, becomes=becomes, by=by, comment=comment, signed=signed)
        free(books, entry, code)
        say(books, scheme, code, [word], entry=entry, account=standing.account, by=by)
        return proposal(books, scheme, code)
    # How long it waits is counted from now.
    sight = look(books, scheme, wish, by=standing.by, desk=desk)
    refuse_if_any(still_against(books, scheme, standing, sight, desk=desk))
    due = sight.forecast.due
    word = Decided(
        event="approve", becomes="proposed" if due is None else "delayed", by=by,
        comment=comment, signed=signed, due=due,
    )  # fmt: skip
    if due is None:
        _carry_out(books, scheme, standing, sight, [word], entry=entry, by=by, desk=desk)
    else:
        say(books, scheme, code, [word], entry=entry, account=standing.account, by=by)
    return proposal(books, scheme, code)


def carry_out(books: Books, scheme: Scheme, code: str, *, desk: Desk) -> Proposal:
    """Carry out what was delayed and is due; who proposed it must still be let do so.

    So must the account still trust the other, or not ask for it; and where it has come to ask for a
    second person meanwhile, one has agreed.
    """
    books.speak_alone(topic_of(scheme), code)
    standing = proposal(books, scheme, code)
    if standing.state != "delayed" or standing.due is None or standing.due > moment(desk):
        return standing
    wish = wish_of(standing)
    _hold_still(books, scheme, wish, standing.by)
    sight = look(books, scheme, wish, by=standing.by, desk=desk)
    grounds = list(still_against(books, scheme, standing, sight, desk=desk))
    if sight.forecast.second and all(each.event != "approve" for each in standing.steps):
        grounds += people.alone_refusals(wish.verb, sight.law)
    refuse_if_any(grounds)
    entry = clock(books, scheme, code, "fall_due", desk=desk)
    word = Decided(event="fall_due", becomes="proposed")
    _carry_out(books, scheme, standing, sight, [word], entry=entry, by="", desk=desk)
    return proposal(books, scheme, code)


def terminate(
    books: Books, scheme: Scheme, code: str, grounds: Sequence[Refusal], *, desk: Desk
) -> Proposal:
    """End what was due and could not be carried out: what it held is free again.

    What a frozen scheme was against waits until it goes on.
    """
    books.speak_alone(topic_of(scheme), code)
    standing = proposal(books, scheme, code)
    if standing.state != "delayed" or any(isinstance(each, SchemeFrozen) for each in grounds):
        return standing
    entry = clock(books, scheme, code, "terminate", desk=desk)
    free(books, entry, code)
    numbers = tuple(each.number for each in grounds)
    words = [
        Decided(event="fall_due", becomes="proposed"),
        Decided(
            event="terminate", becomes="terminated", refusals=numbers,
            comment="\n".join(f"[{each.number}] {each}" for each in grounds),
        ),
    ]  # fmt: skip
    say(books, scheme, code, words, entry=entry, account=standing.account, by="")
    return proposal(books, scheme, code)


def due(books: Books, scheme: Scheme, *, at: datetime, limit: int = 100) -> list[str]:
    """The proposals that are to be carried out by now; of a scheme that is frozen, none."""
    if frozen_refusals(books, scheme):
        return []
    found = books.matters(topic_of(scheme), states=["delayed"], due=at, limit=limit)
    return [each.subject for each in found]


def carry_out_due(run: Run[list[str]], scheme: Scheme, *, desk: Desk) -> list[str]:
    """Carry out all that is due, each in an operation of its own; their codes.

    ``run`` runs an operation on the books and keeps it. What a rule is against is terminated; one
    that breaks for no rule is told after the others, which it does not hold up.
    """
    codes, broken = run(lambda books: due(books, scheme, at=moment(desk))), list[Exception]()
    for code in codes:
        try:
            run(lambda books, code=code: [carry_out(books, scheme, code, desk=desk).code])
        except Refused as no:
            grounds = no.refusals
            run(
                lambda books, code=code, grounds=grounds: [
                    terminate(books, scheme, code, grounds, desk=desk).code
                ]
            )
        except Exception as fault:  # noqa: BLE001  whatever it is, the others are not to blame
            broken.append(fault)
    if broken:
        raise broken[0]
    return codes


def _hold_still(books: Books, scheme: Scheme, wish: Wish, *who: str) -> None:
    """Until units have moved, nobody freezes, suspends or removes what it was decided by.

    Who comes first is heard first: once a freeze is done, nothing goes any more. What is traded
    moves units or money too; what is reported and judged decides how many are owed.
    """
    if isinstance(wish, MOVES | Report | Verify):
        books.speak_beside(FREEZE, scheme.name)
        books.speak_beside(ACCOUNT, wish.account)
        for each in sorted(who):
            books.speak_beside(PERSON, each)


def _as(sight: Sight, desk: Desk) -> Desk:
    """The desk at which it is done: that of a holder, or of the position of who proposed it."""
    position = sight.law.positions.get(sight.who.position or "")
    if position is None:
        return replace(desk, by="operator")
    return desk if position.role == "none" else replace(desk, by=position.role)


def _carry_out(
    books: Books,
    scheme: Scheme,
    standing: Proposal,
    sight: Sight,
    words: list[Decided],
    *,
    entry: int,
    by: str,
    desk: Desk,
) -> None:
    """Do what was proposed, with what was held for it."""
    free(books, entry, standing.code)
    wish = wish_of(standing)
    wish.carry_out(books, scheme, key=standing.code, desk=_as(sight, desk))
    done = Decided(event="complete", becomes="completed")
    say(books, scheme, standing.code, [*words, done], entry=entry, account=standing.account, by=by)
    tell_reversed(books, scheme, wish, standing.code, desk=desk)
