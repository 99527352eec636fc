"""A ground of refusal is a sentence with the facts, and a row of the page of refusals."""

from datetime import date

import pytest

from tonne.refusal import Refusal
from tonne.registry import (
    MoreThanOneUnitKind,
    NoQuantity,
    NotWholePositive,
    RoleNotAllowed,
    SameAccount,
    SourceClosed,
    SourceDoesNotExist,
    SourceNumberInvalid,
    SourceRestricted,
    TargetDoesNotExist,
    TargetNumberInvalid,
    TargetSuspended,
    UnitsExpired,
    refusals_page,
)

LAW = "Example Act, s. 6"
HERE = "XE-120-7-0-1"


@pytest.mark.parametrize(
    ("ground", "sentence"),
    [
        (
            SourceNumberInvalid(reference=LAW, account=HERE),
            f"'{HERE}' is not the number of any account that could give units.",
        ),
        (
            SourceDoesNotExist(reference=LAW, account=HERE),
            f"There is no account {HERE} to take units from.",
        ),
        (
            SourceClosed(reference=LAW, account=HERE),
            f"Account {HERE} is closed and gives no units.",
        ),
        (
            SourceRestricted(reference=LAW, account=HERE, verb="transfer"),
            f"Account {HERE} is restricted: its holder cannot transfer.",
        ),
        (
            TargetNumberInvalid(reference=LAW, account=HERE),
            f"'{HERE}' is not the number of any account that could receive units.",
        ),
        (
            TargetDoesNotExist(reference=LAW, account=HERE),
            f"There is no account {HERE} to give units to.",
        ),
        (
            TargetSuspended(reference=LAW, account=HERE),
            f"Account {HERE} is suspended and receives no units.",
        ),
        (
            SameAccount(reference=LAW, account=HERE),
            f"Account {HERE} is named as the giver and as the receiver.",
        ),
        (
            MoreThanOneUnitKind(reference=LAW, units=("EXA-1", "EXA-2")),
            "EXA-1 and EXA-2 cannot be issued by one transaction.",
        ),
        (
            NoQuantity(reference=LAW, asked=""),
            "No quantity was given ('').",
        ),
        (
            NotWholePositive(reference=LAW, asked="1.5"),
            "'1.5' is not a whole, positive number of units.",
        ),
        (
            RoleNotAllowed(reference=LAW, role="operator", verb="issue", allowed=("authority",)),
            "To issue is for the authority, not the operator.",
        ),
        (
            UnitsExpired(
                reference=LAW,
                unit="EXA-1",
                day=date(2028, 5, 1),
                ended=date(2028, 4, 30),
            ),
            "EXA-1 could move until 2028-04-30; on 2028-05-01 it can only be cancelled.",
        ),
    ],
)
def test_a_ground_says_what_is_the_matter(ground: Refusal, sentence: str) -> None:
    assert str(ground) == sentence


def test_a_ground_is_a_row_of_the_page() -> None:
    closed, suspended = refusals_page([TargetSuspended, SourceClosed]).splitlines()[-2:]
    assert closed == (
        "| 1003 | `SourceClosed` | A closed account gives nothing. "
        "| Use another account; a closed one is not opened again. |"
    )
    assert suspended.startswith("| 2004 | `TargetSuspended` | A suspended account receives nothing")
