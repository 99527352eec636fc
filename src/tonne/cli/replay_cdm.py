"""The registry of the clean development mechanism, lived again block by block."""

import gc
from collections.abc import Mapping
from pathlib import Path

import typer

from tonne.cli import show
from tonne.cli.errand import folder_of, the_scheme
from tonne.cli.failures import DIFFERS
from tonne.cli.opening import open_store
from tonne.cli.options import Call
from tonne.simulation import CdmReport, Tally, read_cdm, replay_cdm

SCHEME, TABLES = "kyoto_cp1", "cdm"
_HEADINGS = {"type": "Type", "period": "Period", "host": "Host", "year": "Year"}


def replay_blocks(call: Call, data: Path | None, database: str, *, keep: bool) -> None:
    """Issue and cancel every published block in books of their own, and tell what came of it."""
    law = the_scheme(SCHEME)
    # Nothing here is garbage in circles, and looking for it costs a fifth of the time.
    gc.disable()
    history = read_cdm(data or folder_of(SCHEME) / TABLES)
    with (
        open_store(database, fresh=not keep) as store,
        show.progress("Replaying the CDM registry") as told,
    ):
        report = replay_cdm(store.run, law, history, progress=told)
    if call.as_json:
        show.as_json(report.as_dict() | {"database": database})
    else:
        _tell(report, database, history.issued[0].serial.block.series)
    if not report.agrees:
        raise typer.Exit(DIFFERS)


def _tell(report: CdmReport, database: str, party: str) -> None:
    remaining = report.issued_units - report.cancelled_units
    show.tell(
        f"CDM registry: {report.issued_units:,} units issued in {report.issued_blocks:,} blocks, "
        f"{report.cancelled_units:,} cancelled in {report.cancelled_blocks:,}; "
        f"{remaining:,} are not cancelled.",
        *(_table(_HEADINGS[name], found) for name, found in report.tallies.items()),
        show.Table(
            title="Refused",
            columns=("Row", "Serial", "Units", "Why"),
            rows=[
                (str(each.file_row), each.serial, each.units, "\n".join(each.reasons))
                for each in report.refused
            ],
        ),
    )
    again = f" {report.repeated:,} rows stood in the books already." if report.repeated else ""
    rows = report.issued_blocks + report.cancelled_blocks
    books = "hold just these rows" if report.agrees else f"DIFFER by {report.difference:,} units"
    show.tell(
        f"The books {books}.{again} {report.transactions:,} transactions, {report.movements:,} "
        f"movements in {report.seconds:.1f} s: {rows / report.seconds:,.0f} a second; rulebook "
        f"{report.rulebook[:12]}."
    )
    show.note(
        "What was forwarded to national registries is not published: every unit is cancelled out "
        "of the pending account in which it was issued.",
        f"tonne check --database {database}",
        f"tonne history {party}-1 --database {database}",
    )


def _table(heading: str, found: Mapping[str, Tally]) -> show.Table:
    return show.Table(
        title=f"By {heading.lower()}",
        columns=(heading, "Issued", "Cancelled", "Not cancelled"),
        rows=[(key, each.issued, each.cancelled, each.remaining) for key, each in found.items()],
    )
