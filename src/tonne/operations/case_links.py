"""Worked cases of links between schemes: what a case gives, and what is found of it."""

from datetime import date

from tonne import linking
from tonne.compliance import OperatorKind
from tonne.linking import LinkLaw, Measure, Use
from tonne.operations.case_duties import Found
from tonne.operations.scheme import Scheme
from tonne.refusal import refuse_if_any


def recognise(
    scheme: Scheme,
    *,
    year: int,
    unit: str,
    state: str,
    count: int = 1,
    kind: OperatorKind = "installation",
    day: date | None = None,
    used: int = 0,
    base: int = 0,
) -> Found:
    """Whether units of another scheme count, for how many tonnes, and how many may be used in all.

    The base is what the quantity is a share of. The day is the last of April after the year, unless
    the case gives another.
    """
    law = LinkLaw.of(year, day or date(year + 1, 4, 30), scheme.links)
    use = Use(unit=unit, count=count, operator="The operator", kind=kind, state=state)
    measures = {quota: Measure(used=used, base=base) for quota in law.quotas_of(use)}
    refuse_if_any(linking.recognition_refusals(use, law=law, measures=measures))
    found = law.of_unit(unit)
    assert found is not None, "what is not refused is recognised"
    return {
        "tonnes": linking.worth(count, found.rate),
        "most": min((linking.quantity(each, base) for each in measures), default=0),
        "references": list(law.because),
    }
