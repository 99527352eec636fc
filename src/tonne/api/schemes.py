"""The schemes that are served, and the law of each in force on a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Annotated, Literal, get_type_hints

from fastapi import APIRouter, Query
from pydantic import Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.shape import Day, Name, Shape
from tonne.api.shown import Page, show, show_list
from tonne.operations import LAW, Office, Scheme
from tonne.quantity import Money, Tonnes
from tonne.rulebook import Clause, NotInForce, clauses


class SchemeRow(Shape):
    """A carbon market under one law."""

    object: Literal["scheme"] = "scheme"
    """What this is."""
    name: str = Field(examples=["example"])
    """Its name in addresses."""
    title: str
    """Its title."""
    law_since: date
    """The day on which its law begins."""
    units: list[str]
    """The kinds of unit that its law has had."""


class LawClause(Shape):
    """A value of the law, since when it holds, and where it is written."""

    law: str
    """The part of the law: registry, supply, compliance and so on."""
    rule: str
    """The name of the rule."""
    value: JsonValue
    """What it says: amounts and measures as text, since they are exact."""
    start: date
    """The day from which it holds."""
    reference: str
    """Where it is written."""
    reviewed: date | None
    """The day on which somebody last compared it with the law."""
    verified: bool
    """False where it was written down from memory."""


class SchemeLaw(SchemeRow):
    """A scheme, with its law in force on a day."""

    on: date
    """The day."""
    rulebook: str
    """The fingerprint of the whole law, as entries of the journal carry it."""
    clauses: list[LawClause]
    """Everything that is in force on the day."""


def routes(office: Office) -> APIRouter:
    """The addresses of schemes."""
    router = APIRouter(prefix="/schemes", tags=["schemes"])

    @router.get("", operation_id="list_schemes", responses=answers(SchemeRow, many=True))
    def list_schemes(request: Request, page: Page) -> Response:
        """List the schemes that are served here."""
        names = sorted(office.schemes)
        if page.after is not None and page.after not in names:
            raise page.unknown()
        rows = [_row(office.schemes[name]) for name in names if name > (page.after or "")]
        return show_list(request, page, rows, shape=SchemeRow, cursor=lambda row: row.name)

    @router.get("/{scheme}", operation_id="get_scheme", responses=answers(SchemeLaw))
    def get_scheme(
        request: Request,
        scheme: Name,
        on: Annotated[Day | None, Query(description="The day; today if not said.")] = None,
    ) -> Response:
        """Tell the law of a scheme that is in force on a day, clause by clause."""
        law, day = office.scheme(scheme), on or office.desk("operator").day
        found = [
            LawClause(
                law=book,
                rule=rule,
                value=plain(clause.value),
                start=clause.start,
                reference=clause.reference,
                reviewed=clause.reviewed,
                verified=clause.verified,
            )
            for book, rule, clause in _in_force(law, day)
        ]
        told = SchemeLaw(**dict(_row(law)), on=day, rulebook=law.fingerprint, clauses=found)
        return show(request, told)

    return router


def _row(scheme: Scheme) -> SchemeRow:
    units = [unit.code for clause in scheme.registry.units.clauses for unit in clause.value]
    return SchemeRow(
        name=scheme.name,
        title=scheme.registry.title.clauses[-1].value,
        law_since=min(clause.start for _, clause in clauses(scheme.registry)),
        units=list(dict.fromkeys(units)),
    )


def _in_force(scheme: Scheme, day: date) -> Iterator[tuple[str, str, Clause[object]]]:
    """Every clause in force, with the name of its law and its rule."""
    for file, rules in scheme.laws.items():
        book = "registry" if file == LAW else file.removesuffix(".toml")
        for rule in get_type_hints(type(rules)):
            try:
                yield book, rule, getattr(rules, rule).on(day)
            except NotInForce:
                continue


def plain(value: object) -> JsonValue:  # noqa: PLR0911  one return for each kind of value
    """A value of the law in JSON: records as objects, what is exact as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency.code}
    if isinstance(value, Tonnes):
        return str(value.value)
    if is_dataclass(value) and "__str__" not in type(value).__dict__:
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)
