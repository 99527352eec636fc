"""Which checks a step of the books had passed: those that were asked when it was done.

Nothing of it is stored. The journal keeps what was done, on which day and under which law; what was
asked followed from that alone: the checks of the registry, those of the operation, and where it
went through the log those of the log and of the taker.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from tonne import linking, registry
from tonne.ledger import BOOKS, Transaction
from tonne.linking import LINK, LOG_CHECKS, Link, Proposal
from tonne.operations import own_checks
from tonne.operations.books import Books, Story
from tonne.operations.own_checks import RECEIVE, OwnCheck
from tonne.operations.record import HELD
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal, refuse_if_any
from tonne.registry import DayRules

CORRECT = "correct"
"""What is set right after a comparison: nobody proposed it, and only the ledger was asked."""


class CheckPassed(NamedTuple):
    """A check that was asked of a step, and passed."""

    by: str
    """Who asked: the registry, the ledger alone, the log, or the registry that took the units."""

    number: int
    sentence: str
    reference: str
    """Where the rule is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOfAnotherLaw(Refusal):
    """What was asked of a step is told by the law under which it was done."""

    number: ClassVar[int] = 9021
    remedy: ClassVar[str] = "Name that scheme: --scheme."

    transaction: int
    done_under: str
    named: str

    def __str__(self) -> str:
        return f"Transaction {self.transaction} was done under {self.done_under}, not {self.named}."


def checks_of(books: Books, scheme: Scheme, story: Story) -> tuple[CheckPassed, ...]:
    """Every check that a posted transaction had passed."""
    transaction, stamp = story.transaction, story.stamp
    if stamp.scheme != scheme.name:
        unfit = StepOfAnotherLaw(
            reference=BOOKS, transaction=story.number, done_under=stamp.scheme, named=scheme.name
        )
        refuse_if_any([unfit])
    day, link = scheme.on(stamp.day), books.link()
    if LINK in transaction.because and link is not None and transaction.kind != CORRECT:
        return _through_the_log(books, scheme, transaction, link, day)
    if transaction.kind == CORRECT:
        return (_held("ledger"),)
    report = _for_report(books, scheme, transaction)
    own = own_checks.alone(scheme, transaction, day, for_report=report)
    return _at_registry("registry", scheme, transaction, own, day)


def checks_of_log(code: str) -> tuple[CheckPassed, ...]:
    """Every check that a proposal had passed at the log before it was completed."""
    return tuple(
        CheckPassed(f"log {code}", number, sentence, linking.reference_of(number))
        for number, sentence in LOG_CHECKS
    )


def _through_the_log(
    books: Books, scheme: Scheme, transaction: Transaction, link: Link, day: DayRules
) -> tuple[CheckPassed, ...]:
    """What was asked before a proposal was made, at the log, and where the units were taken.

    Of what is only set aside, put back or shared out of it, the ledger alone was asked.
    """
    name = transaction.key.rpartition("/")[0]
    standing = books.standings([name]).get(name)
    proposal = None if standing is None else standing.proposal
    if proposal is None:
        return (_held("ledger"),)
    unit = proposal.pieces[0].unit
    here, log = f"registry {link.code}", checks_of_log(link.log)
    if transaction.kind == RECEIVE and proposal.giver != link.code:
        own = own_checks.received(scheme, unit, day)
        return (*_at_registry(here, scheme, transaction, own, day), *log)
    if proposal.giver != link.code or books.asked_of(name).verb != transaction.kind:
        return (_held("ledger"),)
    sides = proposal.source.partition("-")[0], proposal.taker
    own = own_checks.proposed(scheme, proposal.kind, transaction.kind, unit, day, sides=sides)
    asked = (*_at_registry(here, scheme, transaction, own, day), *log)
    if proposal.scope == "one":
        return asked
    return (*asked, *_at_taker(scheme, proposal, transaction, day))


def _at_taker(
    scheme: Scheme, proposal: Proposal, transaction: Transaction, day: DayRules
) -> tuple[CheckPassed, ...]:
    """What a taker asks before it accepts; under its own law, which only its own books know."""
    own = own_checks.received(scheme, proposal.pieces[0].unit, day)
    asked = _at_registry(f"registry {proposal.taker}", scheme, transaction, own, day)
    return tuple(each._replace(reference="the law of the taker") for each in asked)


def _at_registry(
    by: str,
    scheme: Scheme,
    transaction: Transaction,
    own: tuple[OwnCheck, ...],
    day: DayRules,
) -> tuple[CheckPassed, ...]:
    """The numbered checks of the registry, that of the ledger, and those of the operation."""
    unit = transaction.movements[0].asset.code
    cap = own_checks.cap_reference(scheme, transaction, day)
    return (
        *(
            CheckPassed(
                by,
                each.number,
                each.sentence,
                cap if each.written == "cap" else getattr(day, each.written),
            )
            for each in registry.CHECKS
        ),
        _held(by),
        *(
            CheckPassed(
                by, each.number, each.sentence, own_checks.reference(each, scheme, unit, day)
            )
            for each in own
        ),
    )


def _held(by: str) -> CheckPassed:
    return CheckPassed(by, *HELD, BOOKS)


def _for_report(books: Books, scheme: Scheme, transaction: Transaction) -> bool:
    """Whether credits were issued for a monitoring report that is written down."""
    key, _, verb = transaction.key.rpartition("/")
    known = books.known(key) if key and verb == transaction.kind == "issue" else None
    return known is not None and any(
        each.entry == known[0] for each in books.notices(scheme.name, ("credits",))
    )
