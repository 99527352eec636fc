"""Questions: an account's whole story, and a serial number's life."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from tonne import documents, operations, registry
from tonne.cli import show
from tonne.cli.accounts import as_data, in_words
from tonne.cli.errand import Errand, errand, the_scheme
from tonne.cli.failures import UserFault
from tonne.cli.opening import open_store
from tonne.cli.options import Call, command
from tonne.cli.papers import FORMS, Lang, ReportFile, form_of, language, write_report
from tonne.cli.show import Table
from tonne.ledger import Block, Step
from tonne.operations import Books, History, Statement
from tonne.quantity import amount

app = typer.Typer()


@command(app)
def statement(
    call: Call,
    *,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The account's number, or its operator.")
    ],
    year: Annotated[
        int | None, typer.Option("--year", min=1000, max=9999, help="Only this year.")
    ] = None,
    out: ReportFile = None,
    lang: Lang = "en",
) -> None:
    """Tell the whole story of an account: what it holds, what moved, what it emitted and owed.

    In a file it is told in the language of --lang; a .csv has its movements.

    Example: tonne statement XE-120-1-0-97 --year 2025 --out statement.pdf
    """
    if out is not None:
        form_of(out, FORMS)
    with errand(call) as at:
        number = at.ask(lambda books: named_account(at, books, account))
        found = at.ask(
            lambda books: operations.statement(books, at.scheme, number, desk=at.desk, year=year)
        )
        if out is not None:
            report = documents.statement_report(
                found, at.scheme, language=language(lang), day=call.day, at=at.desk.at, year=year
            )
            write_report(out, report, documents.movements_of)
            at.tell(
                f"{_finding(found)} The statement stands in {out}.",
                data={"file": str(out), "account": number, "movements": len(found.steps)},
            )
            return
        at.tell(_finding(found), *_tables(found), data=_data(found), hint=_next(found))


@command(app, options=("scheme", "database", "as_json"))
def history(
    call: Call,
    *,
    serial: Annotated[
        str,
        typer.Argument(
            metavar="SERIAL", help="Series and number, such as EX-1-42, or PL-1-1-9-1-1-0-0."
        ),
    ],
    checks: Annotated[
        bool,
        typer.Option("--checks", metavar="", help="And every check that each step had passed."),
    ] = False,
) -> None:
    """Tell the life of one unit: every movement of its number, from issuance to today.

    Example: tonne history EX-1-42 --checks --scheme example
    """
    scheme = the_scheme(call.scheme) if checks else None
    with open_store(call.database, make=False) as store:
        found = store.run(
            lambda books: operations.history(books, serial, scheme=scheme), keep=False
        )
    if call.as_json:
        show.as_json(found)
        return
    finding = (
        f"{found.serial} is not issued yet."
        if found.unit is None
        else f"{found.serial} is a unit of {found.unit}, held by {found.holder}."
    )
    show.tell(finding, _steps(found.steps), hint=f"tonne statement {found.holder}")
    for each in found.dedications.values():
        why = f": {each.purpose}" if each.purpose else ""
        show.note(f"Cancelled for {each.beneficiary}{why}.")
    show.tables(*_checks(found))
    if found.law_since_changed:
        numbers = ", ".join(map(str, found.law_since_changed))
        show.note(f"The law has been written anew since transaction {numbers}; this is it now.")


def named_account(at: Errand, books: Books, text: str) -> str:
    """The number of an account that is named by it, or by its operator.

    A number begins with the letters of the registry that keeps it, which need not be the scheme's.
    What is no number in form is a name; one with wrong check digits is a number miswritten.
    """
    operated = books.accounts(scheme=at.scheme.name, operator=text.strip())
    if operated:
        return operated[-1].number
    wrong = registry.number_refusals(text, reference=at.law.on_accounts)
    if any(isinstance(each, registry.AccountNumberIncomplete) for each in wrong):
        raise UserFault(
            f"No account has the number {text!r}, and no operator of {at.scheme.name} that name.",
            remedy="Find it in tonne account list.",
        )
    return at.account(text)


def _finding(found: Statement) -> str:
    account = found.account
    said = f"{account.number} ({account.name}) holds {in_words(found.holdings)}."
    return " ".join([said, *(operations.in_words(each.outcome) for each in found.closings[-1:])])


def _tables(found: Statement) -> Iterable[Table]:
    blocks: dict[str, list[Block]] = {}
    for unit, block in found.blocks:
        blocks.setdefault(unit, []).append(block)
    yield Table(
        title="Held",
        columns=("Unit", "Held", "Numbers"),
        rows=[
            [unit, amount(unit, held), ", ".join(map(str, blocks.get(unit, ())))]
            for unit, held in found.holdings.items()
            if held
        ],
    )
    yield _steps(found.steps)
    yield Table(
        title="Emissions",
        columns=("Year", "Tonnes", "Kind", "On", "Rule"),
        rows=[
            *([str(e.year), e.tonnes.value, "reported", e.submitted, e.source]
              for e in found.reports),
            *([str(e.year), e.tonnes, e.kind, e.day, e.reference] for e in found.figures),
        ],
    )  # fmt: skip
    yield Table(
        title="Years closed",
        columns=(
            "Year",
            "On",
            "Status",
            "Verified",
            "Surrendered",
            "Missing",
            "Penalty",
            "To make good",
        ),
        rows=[
            [
                str(each.outcome.year),
                each.day,
                each.outcome.status,
                each.verified,
                each.surrendered,
                each.outcome.missing,
                each.outcome.penalty,
                each.outcome.carried,
            ]
            for each in found.closings
        ],
    )


def _steps(steps: Iterable[Step]) -> Table:
    return Table(
        title="Movements",
        columns=("Number", "On", "What", "Year", "From", "To", "Unit", "Units", "Numbers"),
        rows=[
            [
                str(step.transaction),
                step.day,
                step.kind.replace("_", " "),
                "" if step.year is None else str(step.year),
                step.source,
                step.target,
                step.asset,
                amount(step.asset, step.units),
                "" if step.series is None else f"{step.series}-{step.first}-{step.last}",
            ]
            for step in steps
        ],
    )


def _checks(found: History) -> Iterator[Table]:
    """The checks of each step: who asked, which, and where it is written."""
    steps = {step.transaction: step for step in found.steps}
    for number, passed in found.checks.items():
        step = steps[number]
        yield Table(
            title=f"Checks passed by {number}, {step.kind.replace('_', ' ')} on {step.day}",
            columns=("Asked by", "Number", "Check", "Written in"),
            rows=[[each.by, str(each.number), each.sentence, each.reference] for each in passed],
        )


def _data(found: Statement) -> dict[str, object]:
    data = show.plain(found)
    assert isinstance(data, dict), "a record is an object"
    data["holdings"] = as_data(found.holdings)
    data["steps"] = [
        step._asdict() | {"units": amount(step.asset, step.units)} for step in found.steps
    ]
    data["blocks"] = [{"unit": unit, "block": str(block)} for unit, block in found.blocks]
    return data


def _next(found: Statement) -> str:
    if found.blocks:
        block = found.blocks[0][1]
        return f"tonne history {block.series}-{block.first}"
    return "tonne account list"
