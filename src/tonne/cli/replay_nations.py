"""The nations of the Kyoto Protocol: their amounts issued, and who had to buy, who could sell."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of, the_scheme
from tonne.cli.failures import DIFFERS, UserFault
from tonne.cli.opening import open_store
from tonne.cli.options import Call

if TYPE_CHECKING:
    from tonne.simulation import KyotoIssued, KyotoReplay

SCHEME = "kyoto_cp1"
PUBLISHED = "AR4, submitted in 2021"


def replay_nations(
    call: Call, data: Path | None, years: str | None, database: str, *, keep: bool
) -> None:
    """Issue assigned amounts into books of their own; tell every nation and the bubble."""
    if years is not None:
        raise UserFault(
            "The years of a commitment period are one block.", remedy="Leave --years out."
        )
    from tonne.simulation import issue_amounts, replay_kyoto  # noqa: PLC0415  heavy

    law, folder = the_scheme(SCHEME), folder_of(SCHEME)
    found = replay_kyoto(folder, data or folder / "history")
    with open_store(database, fresh=not keep) as store:
        issued = issue_amounts(store.run, law, found)
    notes = _notes(found)
    if call.as_json:
        facts = {"books": issued.as_dict(), "notes": notes, "database": database}
        show.as_json(found.as_dict() | facts)
    else:
        _tell(found, issued)
        series = issued.blocks[0].block.series
        show.note(
            *notes,
            f"tonne check --database {database}",
            f"tonne history {series}-1 --database {database}",
        )
    if not issued.agrees:
        raise typer.Exit(DIFFERS)


def _tell(found: "KyotoReplay", issued: "KyotoIssued") -> None:
    """Every nation, the bubble, and what was issued."""
    short, together = found.short, found.judgement
    show.tell(
        f"Kyoto, {found.years[0]} to {found.years[-1]}: {len(found.bound)} nations took part; "
        f"{len(short)} emitted more than their assigned amount, "
        f"all together {found.left / 10**9:,.1f} Gt less.",
        _nations_table(found),
        show.Table(
            title=f"The bubble of {found.bubble}: {len(together.members)} members together",
            columns=("Units of all", "of them its own", "Emissions", "Left", "Together"),
            rows=[
                (
                    together.units,
                    found.bubble_own,
                    together.emissions,
                    together.units - together.emissions,
                    "met: no member has a case to answer" if together.met else "not met",
                )
            ],
        ),
        show.Table(
            title="Members that answer for their own level",
            columns=("Party", "Excess", "Deduction"),
            rows=[
                (party, each.excess, each.deduction)
                for party, each in together.members
                if each.excess
            ],
        ),
    )
    books = "hold just these units" if issued.agrees else "DIFFER from the law"
    again = f" {issued.repeated} blocks stood there already." if issued.repeated else ""
    show.tell(
        f"{issued.issued_units:,} assigned amount units are issued in {len(issued.blocks)} blocks; "
        f"the books {books}.{again}"
    )


def _nations_table(found: "KyotoReplay") -> show.Table:
    """Every nation, by name."""
    return show.Table(
        title="Nations: units and tonnes of CO2 equivalent over the period",
        columns=(
            "Party", "Assigned amount", "Emissions", "Balance", "Had to buy", "Could sell", "",
        ),
        rows=[
            (
                each.name,
                each.balance.amount,
                each.balance.emissions,
                each.balance.left,
                each.balance.to_buy or None,
                each.balance.could_sell or None,
                ", ".join(_remarks(each.left_on is not None, each.amount_verified)),
            )
            for each in found.nations
        ],
    )  # fmt: skip


def _remarks(left: bool, verified: bool) -> list[str]:  # noqa: FBT001  two marks of one row
    remarks = ["left before the test"] if left else []
    return remarks if verified else [*remarks, "amount from memory"]


def _notes(found: "KyotoReplay") -> list[str]:
    """What must be known to read the figures."""
    published = sum(each.published for each in found.bound)
    weighed = sum(each.balance.emissions for each in found.bound)
    return [
        (
            "Every nation has its assigned amount in its holding account, issued on the first day; "
            "what was traded, retired and carried over is in no public table, so nothing moves."
        ),
        (
            f"The inventories were published with the potentials of {PUBLISHED}; the law of the "
            f"period counts with {found.potentials}. Masses of CO2, CH4, N2O and SF6 were weighed "
            "again; HFCs and PFCs stand as published, since no species is told; NF3 does not "
            f"count. So {published:,} t became {weighed:,} t."
        ),
        (
            "They are not the inventories by which the period was judged, and territories may "
            "differ: Denmark and the United Kingdom have here their amounts within the Union."
        ),
        (
            "Units of forests at home (RMU), and units that were bought or sold, are not in the "
            "balance: it says what a nation had to buy or could sell, not what it did. What could "
            "be sold is above emissions and above the reserve."
        ),
        f"Without an assigned amount: {', '.join(found.without_amount)}.",
    ]
