"""A unit by its serial number: what it is, how it stands, and the public part of its life."""

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.described import answers
from tonne.api.public import End, Ends
from tonne.api.shape import Serial, Shape
from tonne.api.shown import show
from tonne.ledger import Step
from tonne.operations import Books, History, Office, history, pages
from tonne.refusal import Refused

SERIALS = "Rule of the books: serials"


class UnitRow(Shape):
    """One unit: a right that exists once."""

    object: Literal["unit"] = "unit"
    """What this is."""
    serial: str = Field(examples=["EX-1-17"])
    """Its serial number."""
    unit: str | None = Field(examples=["EXA-1"])
    """What kind of unit it is; none if it is not issued."""
    issued: bool
    """Whether it is issued."""
    held_by: End
    """In which kind of account it lies; the number is told of a government's alone."""


class UnitStep(Shape):
    """A step in the life of a unit."""

    transaction: int
    """The number of the transaction."""
    kind: str = Field(examples=["surrender"])
    """What was done."""
    day: date
    """The day on which it took effect."""
    unit: str
    """What kind of unit it was then."""
    source: End
    """Where it came from."""
    target: End
    """Where it went."""
    beneficiary: str | None
    """For whom it was given up, where that was said."""
    purpose: str | None
    """What for."""


class UnitHistory(UnitRow):
    """A unit, and every step of its life from issuance to today."""

    steps: list[UnitStep]
    """The steps, the first one first."""


def routes(office: Office) -> APIRouter:
    """The addresses of units."""
    router = APIRouter(prefix="/units", tags=["units"])

    @router.get("/{serial}", operation_id="get_unit", responses=answers(UnitRow))
    def get_unit(request: Request, serial: Serial) -> Response:
        """Tell what a unit is and how it stands."""
        told = _of(office, serial)
        row = UnitRow(**{name: getattr(told, name) for name in UnitRow.model_fields})
        return show(request, row)

    @router.get(
        "/{serial}/history", operation_id="get_unit_history", responses=answers(UnitHistory)
    )
    def get_history(request: Request, serial: Serial) -> Response:
        """Tell the life of a unit: every step, but not whose account it lay in."""
        return show(request, _of(office, serial))

    return router


def _of(office: Office, serial: str) -> UnitHistory:
    day = office.desk("operator").day

    def question(books: Books) -> UnitHistory:
        found = history(books, serial)
        sides = [side for step in found.steps for side in (step.source, step.target)]
        ends = Ends(office, books, [found.holder, *sides], day=day)
        if not ends.is_served(found.holder):
            raise Refused([pages.SerialUnknown(reference=SERIALS, serial=serial)])
        return UnitHistory(
            serial=serial,
            unit=found.unit,
            issued=found.unit is not None,
            held_by=ends[found.holder],
            steps=[_step(each, found, ends) for each in found.steps],
        )

    return office.ask(question)


def _step(step: Step, of: History, ends: Ends) -> UnitStep:
    said = of.dedications.get(step.transaction)
    return UnitStep(
        transaction=step.transaction,
        kind=step.kind,
        day=step.day,
        unit=step.asset,
        source=ends[step.source],
        target=ends[step.target],
        beneficiary=None if said is None else said.beneficiary,
        purpose=None if said is None else said.purpose or None,
    )
