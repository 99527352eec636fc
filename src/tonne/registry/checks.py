"""The numbered checks of a transaction: a table of data, and every refusal at once."""

from typing import Literal, NamedTuple

from tonne.ledger import kind_of
from tonne.refusal import Refusal
from tonne.registry import account_checks as account
from tonne.registry import serial_checks as serials
from tonne.registry import unit_checks as unit
from tonne.registry.case import Case, Find

Written = Literal["on_accounts", "on_changes", "on_periods", "on_transactions", "cap"]
"""A law of the day, by its name in :class:`~tonne.registry.DayRules`; or that of a cap."""

_WRITTEN: dict[Written, tuple[int, ...]] = {
    "on_accounts": (1001, 1002, 1008, 2001, 2002, 2006, 2008),
    "on_changes": (1003, 1004, 1005, 2003, 2004),
    "on_periods": (3001, 3101, 3102),
    "cap": (3500,),
}


class Check(NamedTuple):
    """One row of the table of checks."""

    number: int
    sentence: str
    find: Find

    @property
    def written(self) -> Written:
        """In which law the rule is written: the reference that its refusal has."""
        return next((law for law, of in _WRITTEN.items() if self.number in of), "on_transactions")


CHECKS = (
    Check(1001, "The number of the giving account is written rightly", account.source_number),
    Check(1002, "The giving account exists", account.source_exists),
    Check(1003, "The giving account is not closed", account.source_not_closed),
    Check(1004, "The giving account is not suspended", account.source_not_suspended),
    Check(1005, "The giving account is not restricted", account.source_not_restricted),
    Check(1007, "The giving account is of a kind that may do this", account.source_kind),
    Check(1008, "The giving account is open by that day", account.source_opened),
    Check(2001, "The number of the receiving account is written rightly", account.target_number),
    Check(2002, "The receiving account exists", account.target_exists),
    Check(2003, "The receiving account is not closed", account.target_not_closed),
    Check(2004, "The receiving account is not suspended", account.target_not_suspended),
    Check(2006, "The receiving account may hold these units", account.target_may_hold),
    Check(2007, "The receiving account is of a kind that may get them so", account.target_kind),
    Check(2008, "The receiving account is open by that day", account.target_opened),
    Check(2508, "The two accounts are not the same", account.not_same_account),
    Check(3006, "The scheme has this type of transaction for these units", unit.unit_for_type),
    Check(3201, "The units say where they come from", serials.origin_said),
    Check(3220, "What is issued was not carried over", serials.issued_for_its_period),
    Check(3200, "What is converted keeps its numbers", serials.numbers_kept),
    Check(3103, "The type is in the hands of who asks", unit.role_allowed),
    Check(3001, "The units are of the period of the year in question", unit.unit_of_the_year),
    Check(3101, "The time for this has come", unit.not_too_early),
    Check(3102, "The units have not expired", unit.not_expired),
    Check(3009, "An issuance makes one kind of unit", unit.one_unit_kind),
    Check(3500, "An issuance stays within the cap", unit.within_cap),
    Check(3106, "A reversal names a transaction that stands", unit.original_is_known),
    Check(3104, "The original can be undone in this way", unit.original_is_reversible),
    Check(3019, "The original has not been reversed already", unit.not_already_reversed),
    Check(3105, "A reversal is the whole original turned round", unit.is_the_mirror),
)


class Answer(NamedTuple):
    """What one check said of one transaction."""

    number: int
    sentence: str
    passed: bool
    refusals: tuple[Refusal, ...]


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Every ground on which the transaction is refused, in the order of the checks.

    How many units the accounts hold is for the ledger to say.
    """
    if _innocent(case):
        return ()
    return tuple(dict.fromkeys(found for check in CHECKS for found in check.find(case)))


def explain(case: Case) -> list[Answer]:
    """What every check says, also those that are content: for a dry run."""
    answers = []
    for number, sentence, find in CHECKS:
        found = tuple(dict.fromkeys(find(case)))
        answers.append(Answer(number, sentence, not found, found))
    return answers


def _innocent(case: Case) -> bool:
    """Whether a plain transaction between open accounts meets every check; no is only a doubt.

    A year of a scheme asks this a hundred thousand times, so it looks up what
    :class:`~tonne.registry.DayRules` made ready, and builds nothing.
    """
    transaction, accounts, by = case.transaction, case.accounts, case.by
    if transaction.reverses is not None:
        return False
    verb, year, types = transaction.kind, transaction.year, case.day.types
    day = case.day.day
    # An issuance of one movement is held against its cap here; of more, by the checks.
    alone = case.cap is not None and len(transaction.movements) == 1
    left = case.cap.units - case.cap.issued if alone and case.cap is not None else 0
    for movement in transaction.movements:
        code = movement.asset.code
        unit = kind_of(code)
        found = types.get((verb, unit))
        source = accounts.get(movement.source.number)
        target = accounts.get(movement.target.number)
        if (
            found is None
            or source is None
            or target is None
            or movement.source.number == movement.target.number
            or (unit == code) is bool(found.unit.origin)
            or (movement.source.is_source and ":" in code)
            or source.status != "open"
            or target.status != "open"
            or source.opened > day
            or target.opened > day
            or (source.kind, target.kind) not in found.ways
            or by not in found.by
            or not (found.plain or (found.issues and found.timely and movement.count <= left))
            or (year is not None and year not in found.period)
        ):
            return False
    return True
