"""Who may propose, approve and stop what, by whose second hand it is done, and when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tonne.people.grounds import (
    CommentMissing,
    LifeTurnNotAllowed,
    MandateTurnNotAllowed,
    NotARepresentative,
    NotOfTheStaff,
    NotOnTheTrustedList,
    NotProposable,
    NotTrusted,
    OwnProposal,
    PersonNotEnrolled,
    ProposedByStaff,
    RepresentedAlready,
    ReversalTooLate,
    RightTooSmall,
    SecondPersonNeeded,
    StaffRepresentsNobody,
    TooManyProposals,
    TooManyRepresentatives,
    TrustedAlready,
    UnknownPosition,
    UnknownRight,
)
from tonne.people.person import PEOPLE, AccountPeople, Person
from tonne.people.proposal import LifeEvent, Proposal, may_become
from tonne.people.rules import (
    DailyRule,
    DelayRule,
    PeopleRules,
    PositionRule,
    RightRule,
    VerbRule,
)
from tonne.people.working_time import WorkingTime
from tonne.quantity import Currency, Money
from tonne.refusal import Refusal
from tonne.working_days import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMandates:
    """Who may do what on one day, with the places where it is written."""

    rights: Mapping[str, RightRule]
    positions: Mapping[str, PositionRule]
    verbs: Mapping[str, VerbRule]
    delays: DelayRule
    time: WorkingTime
    seats: Mapping[str, int]
    windows: Mapping[str, int]
    trade_limit: Money
    """For so much, people trade on an account in a day without a second person."""

    daily: DailyRule
    on_rights: str
    on_positions: str
    on_verbs: str
    on_delays: str
    on_seats: str
    on_windows: str
    on_daily: str

    @classmethod
    def on(cls, rules: PeopleRules, day: date, *, calendar: Calendar) -> "DayMandates":
        """The rules in force that day."""
        rights, positions = rules.rights.on(day), rules.positions.on(day)
        verbs, seats, windows = rules.verbs.on(day), rules.seats.on(day), rules.windows.on(day)
        delays, limit = rules.delays.on(day), rules.trade_limit.on(day).value
        daily = rules.daily.on(day)
        return cls(
            rights={each.code: each for each in rights.value},
            positions={each.code: each for each in positions.value},
            verbs={each.verb: each for each in verbs.value},
            delays=delays.value,
            time=WorkingTime(hours=rules.hours.on(day).value, calendar=calendar),
            seats={each.kind: each.most for each in seats.value},
            windows={each.verb: each.days for each in windows.value},
            trade_limit=Money.of(limit.amount, Currency(limit.currency)),
            daily=daily.value,
            on_rights=rights.reference,
            on_positions=positions.reference,
            on_verbs=verbs.reference,
            on_delays=delays.reference,
            on_seats=seats.reference,
            on_windows=windows.reference,
            on_daily=daily.reference,
        )

    def verb(self, verb: str) -> str:
        """What it is to do it, as a sentence says it."""
        found = self.verbs.get(verb)
        return verb.replace("_", " ") if found is None else found.name

    def acts_for_registry(self, person: Person) -> bool:
        """Whether what a person does is done with the rights of the registry or the authority."""
        return person.position is not None and not self.verifies(person)

    def verifies(self, person: Person) -> bool:
        """Whether a person is a verifier: they see and judge for those who appointed them."""
        found = self.positions.get(person.position or "")
        return found is not None and found.role == "verifier"

    def sees_all(self, person: Person) -> bool:
        """Whether a person is of the staff, who see every account."""
        return self.acts_for_registry(person) and person.position in self.positions

    def rule_of(self, person: Person, people: AccountPeople | None) -> "Authority | None":
        """What a person may do on an account, or none's: by position, or by mandate."""
        if person.position is not None:
            found = self.positions.get(person.position)
            return None if found is None else Authority(found, self.on_positions)
        mandate = None if people is None else people.mandates.get(person.code)
        if mandate is None or mandate.suspended:
            return None
        return Authority(self.rights[mandate.right], self.on_rights)


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may do by a right or a position, and where that is written."""

    rule: RightRule | PositionRule
    reference: str


def acting_refusals(person: Person) -> Iterator[Refusal]:
    """1202: only who is enrolled acts."""
    if person.state != "enrolled":
        yield PersonNotEnrolled(reference=PEOPLE, person=person.code, state=person.state)


def doing_refusals(person: Person, verb: str, law: DayMandates) -> Iterator[Refusal]:
    """1202, 1204: what a member of the staff does alone, and at once."""
    yield from acting_refusals(person)
    rule = law.positions.get(person.position or "")
    if rule is None or verb not in rule.does:
        yield RightTooSmall(
            reference=law.on_positions,
            person=person.code,
            right=person.position or "look",
            what=law.verb(verb),
        )


def proposing_refusals(
    person: Person, people: AccountPeople | None, verb: str, law: DayMandates
) -> Iterator[Refusal]:
    """1202, 1203, 1204, 1219: whether a person may propose something on an account."""
    yield from acting_refusals(person)
    if verb not in law.verbs:
        yield NotProposable(reference=law.on_verbs, verb=verb, known=tuple(law.verbs))
        return
    yield from _authority_refusals(person, people, "proposes", verb, law)


def daily_refusals(person: Person, proposed: int, day: date, law: DayMandates) -> Iterator[Refusal]:
    """9135: whether a person may propose one thing more on a day, of which so many wait."""
    rule = law.daily
    most = rule.representatives if person.position is None else rule.staff
    if proposed >= most:
        yield TooManyProposals(reference=law.on_daily, person=person.code, day=day, most=most)


def alone_refusals(verb: str, law: DayMandates) -> Iterator[Refusal]:
    """1224: whether something is done by one person at once."""
    rule = law.verbs.get(verb)
    if rule is not None and (rule.second != "never" or rule.waits):
        yield SecondPersonNeeded(reference=law.on_verbs, verb=verb)


def seeing_refusals(person: Person, people: AccountPeople, law: DayMandates) -> Iterator[Refusal]:
    """1202, 1203: who sees what is not public of an account: its representatives, and staff.

    A verifier is neither.
    """
    yield from acting_refusals(person)
    if law.rule_of(person, people) is None or law.verifies(person):
        yield NotARepresentative(
            reference=law.on_rights, person=person.code, account=people.account
        )


def staff_refusals(person: Person, law: DayMandates) -> Iterator[Refusal]:
    """1202, 1225: who sees what the registry is busy with: its staff, and no verifier."""
    yield from acting_refusals(person)
    if not law.sees_all(person):
        yield NotOfTheStaff(reference=law.on_positions, person=person.code)


def deciding_refusals(
    person: Person,
    people: AccountPeople | None,
    proposal: Proposal,
    event: LifeEvent,
    *,
    comment: str,
    law: DayMandates,
) -> Iterator[Refusal]:
    """1202 to 1208, 3302: whether a person may approve, reject or take back a proposal.

    Who proposed it may take it back, and nothing else.
    """
    yield from acting_refusals(person)
    if not may_become(proposal.state, event):
        yield LifeTurnNotAllowed(
            reference=PEOPLE, proposal=proposal.code, state=proposal.state, event=event
        )
    if event in {"reject", "cancel"} and not comment.strip():
        yield CommentMissing(reference=PEOPLE, what=f"{event} {proposal.code}")
    own = person.code == proposal.by
    if own and event == "approve":
        yield OwnProposal(reference=PEOPLE, person=person.code, proposal=proposal.code)
    if own and event == "cancel":
        return
    if proposal.staff and person.position is None:
        yield ProposedByStaff(reference=PEOPLE, person=person.code, proposal=proposal.code)
        return
    yield from _authority_refusals(
        person, people, "cancels" if event == "cancel" else "approves", proposal.verb, law
    )


def _authority_refusals(
    person: Person, people: AccountPeople | None, how: str, verb: str, law: DayMandates
) -> Iterator[Refusal]:
    found = law.rule_of(person, people)
    what = {"proposes": "propose to", "approves": "decide of proposals to", "cancels": "stop"}[how]
    if found is None and (person.position is not None or people is None):
        yield RightTooSmall(
            reference=law.on_positions, person=person.code, right=person.position or "look",
            what=f"{what} {law.verb(verb)}",
        )  # fmt: skip
    elif found is None:
        assert people is not None, "it is about an account"
        yield NotARepresentative(
            reference=law.on_rights, person=person.code, account=people.account
        )
    else:
        allowed = getattr(found.rule, how)
        if allowed is not True and (allowed is False or verb not in allowed):
            yield RightTooSmall(
                reference=found.reference, person=person.code, right=found.rule.code,
                what=f"{what} {law.verb(verb)}",
            )  # fmt: skip


def trust_refusals(
    people: AccountPeople, target: str, *, own: bool, at: datetime, law: DayMandates
) -> Iterator[Refusal]:
    """2507: whether units may go from an account to another.

    ``own`` is whether that is a government's, or of the same holder.
    """
    if not (own or people.rules.outside_list or people.trusts(target, at)):
        yield NotTrusted(reference=law.on_verbs, account=people.account, target=target)


def needs_second(
    rule: VerbRule,
    people: AccountPeople | None,
    *,
    staff: bool,
    own: bool,
    trusted: bool,
    large: bool = False,
) -> bool:
    """Whether a second person must agree.

    ``own`` is whether it is about an account of a government, ``trusted`` whether about one that
    the account trusts, ``large`` whether it is about more money than the limit of the law. What
    staff propose, another of them always decides.
    """
    if rule.second in {"always", "never"} or staff or people is None:
        return staff or rule.second != "never"
    if rule.second == "above_limit":
        return large
    if rule.second == "above_limit_or_untrusted":
        return large or not trusted
    if rule.second == "by_account":
        return people.rules.second_for_duties
    return own or not trusted or people.rules.second_for_trusted


def due_at(
    rule: VerbRule, at: datetime, *, own: bool, trusted: bool, law: DayMandates
) -> datetime | None:
    """When something is carried out that waits; None if at once.

    A transfer to a trusted account waits only for working hours; one to the government not at all.
    """
    if not rule.waits or own:
        return None
    due = law.time.after(at, 0 if trusted else law.delays.transfer)
    return None if due <= at else due


def appointment_refusals(
    person: Person,
    people: AccountPeople,
    right: str,
    *,
    kind: str,
    anew: bool,
    law: DayMandates,
) -> Iterator[Refusal]:
    """1202, 1210 to 1212, 1215: whether a person may represent an account with a right.

    ``anew`` is whether they are to be a new representative; else their right is to change.
    """
    if person.state not in {"validated", "enrolled"}:
        yield PersonNotEnrolled(reference=PEOPLE, person=person.code, state=person.state)
    if right not in law.rights:
        yield UnknownRight(reference=law.on_rights, right=right, known=tuple(law.rights))
    if person.position is not None:
        yield StaffRepresentsNobody(
            reference=law.on_positions, person=person.code, position=person.position
        )
    mandate = people.mandates.get(person.code)
    if anew and mandate is not None:
        yield RepresentedAlready(
            reference=law.on_rights, person=person.code, account=people.account,
            right=mandate.right,
        )  # fmt: skip
    if not anew and mandate is None:
        yield NotARepresentative(
            reference=law.on_rights, person=person.code, account=people.account
        )
    most = law.seats.get(kind)
    if anew and most is not None and len(people.mandates) >= most:
        yield TooManyRepresentatives(reference=law.on_seats, account=people.account, most=most)


def position_refusals(
    person: Person, position: str | None, *, accounts: Sequence[str], law: DayMandates
) -> Iterator[Refusal]:
    """1202, 1211, 1221: whether a person may take a position; who acts on accounts may not."""
    if person.state not in {"validated", "enrolled"}:
        yield PersonNotEnrolled(reference=PEOPLE, person=person.code, state=person.state)
    if position is None:
        return
    if position not in law.positions:
        yield UnknownPosition(
            reference=law.on_positions, position=position, known=tuple(law.positions)
        )
    if accounts:
        yield StaffRepresentsNobody(
            reference=law.on_positions, person=person.code, position=position
        )


def mandate_refusals(
    people: AccountPeople, person: str, event: str, law: DayMandates
) -> Iterator[Refusal]:
    """1203, 1216: whether a mandate can be suspended, restored or removed."""
    mandate = people.mandates.get(person)
    if mandate is None:
        yield NotARepresentative(reference=law.on_rights, person=person, account=people.account)
    elif event != "remove" and mandate.suspended == (event == "suspend"):
        yield MandateTurnNotAllowed(
            reference=law.on_rights, person=person, account=people.account, event=event
        )


def list_refusals(
    people: AccountPeople, target: str, *, listed: bool, law: DayMandates
) -> Iterator[Refusal]:
    """1217, 1218: whether an account can be put on the list of those trusted, or taken off it."""
    if listed and target not in people.trusted:
        yield NotOnTheTrustedList(reference=law.on_verbs, account=people.account, target=target)
    if not listed and target in people.trusted:
        yield TrustedAlready(reference=law.on_verbs, account=people.account, target=target)


def window_refusals(verb: str, done: date, on: date, law: DayMandates) -> Iterator[Refusal]:
    """3020: whether something can still be reversed; where the law gives no days, it always can."""
    days = law.windows.get(verb)
    if days is not None and on > done + timedelta(days):
        yield ReversalTooLate(reference=law.on_windows, verb=verb, done=done, days=days)
