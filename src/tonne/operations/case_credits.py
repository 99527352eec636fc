"""What a worked case may ask of Kyoto units: serials, what is withheld, when they expire."""

from dataclasses import replace
from datetime import date

from tonne import registry
from tonne.operations.case_duties import Found
from tonne.operations.scheme import Scheme
from tonne.registry import Serial


def proceeds(scheme: Scheme, *, host: str, count: int, day: date, issued_before: int = 0) -> Found:
    """What of an issuance goes to adaptation and to the participants, and the fee for it."""
    found = registry.proceeds(
        count, host=host, issued_before=issued_before, rules=scheme.credits, day=day
    )
    return {
        "adaptation": found.adaptation,
        "participants": found.participants,
        "fee": found.fee.amount,
        "currency": found.fee.currency.code,
    }


def unit(scheme: Scheme, *, serial: str, day: date) -> Found:
    """The units of a serial as the books know them."""
    rules = scheme.on(day)
    read = Serial.read(serial, reference=rules.on_transactions)
    asset = registry.unit_of(read, rules)
    return {"unit": asset.code, "series": asset.series, "count": read.block.count}


def convert(scheme: Scheme, *, serial: str, project: int, track: int, day: date) -> Found:
    """The serial of a block that a host converted for a joint project."""
    rules = scheme.on(day)
    read = Serial.read(serial, reference=rules.on_transactions)
    kind = registry.unit_of(read, rules).kind
    (into,) = rules.type_of("convert", kind).becomes or ("",)
    if into not in rules.units:
        raise ValueError(f"{kind} are not converted")
    number = rules.units[into].type_number or 0
    made = replace(read, type_number=number, project=project, track=track)
    return {
        "serial": str(made),
        "unit": registry.unit_of(made, rules).code,
        "count": made.block.count,
    }


def expiry(scheme: Scheme, *, kind: str, day: date) -> Found:
    """The last day of all units of a kind."""
    found = registry.expiry_of(kind, rules=scheme.credits, day=day)
    return {} if found is None else {"expires": found}
