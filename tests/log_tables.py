"""A folder of tables as the log gives them: two installations and one aircraft operator."""

from pathlib import Path
from typing import Any

import pytest

from tonne.refusal import Refused
from tonne.simulation import read

YEARS = range(2005, 2013)
INSTALLATIONS = """\
account_id,installation_id,installation_name,country,main_activity
11,1,"Lime kiln, north",AT,7-Lime
12,2,Glass works,AT,6-Glass
"""
AIRCRAFT = """\
account_id,aircraft_operator_id,country,main_activity
21,900,US,10-Aircraft operator activities
"""
COMPLIANCE = """\
kind,registry,account_id,year,alloc_total,verified,verified_flag,surrendered,compliance_code
installation,AT,11,2005,100,90,,90,A
installation,AT,12,2005,50,,Not Reported,,C
installation,AT,11,2006,100,110,,100,B*
aircraft,AT,21,2012,,7,,7,A*
installation,AT,11,2013,x,x,x,x,x
"""
ROW = "installation,AT,11,2005,100,90,,90,A"
Refusals = tuple[Any, ...]


def refusals_of(folder: Path) -> Refusals:
    """Why a folder of tables is not read."""
    with pytest.raises(Refused) as refused:
        read(folder, YEARS)
    return refused.value.refusals


def only(refusals: Refusals) -> Any:  # noqa: ANN401  a cell that is not allowed
    """The only refusal, which is of a cell in the first row below the headings."""
    assert len(refusals) == 1, refusals
    assert refusals[0].code == "CellNotAllowed"
    assert (refusals[0].file, refusals[0].row) == ("compliance_long.csv", 2)
    return refusals[0]
