"""How many units somebody asks for: whole, positive, at least one."""

import pytest

from tonne.refusal import Refused
from tonne.registry import counted


@pytest.mark.parametrize("asked", ["1200", " 1200 ", "001200"])
def test_units_are_asked_for_in_figures(asked: str) -> None:
    assert counted(asked, reference="Example Act, s. 6") == 1200


@pytest.mark.parametrize("asked", ["", "  ", "0", "000"])
def test_at_least_one_unit_is_asked_for(asked: str) -> None:
    with pytest.raises(Refused, match=r"\[3007\]"):
        counted(asked, reference="Example Act, s. 6")


@pytest.mark.parametrize("asked", ["-5", "1.5", "1e3", "1,000", "ten", "\u0663", "+5", "9" * 19])
def test_units_are_whole_and_positive(asked: str) -> None:
    with pytest.raises(Refused, match=r"\[3008\]"):
        counted(asked, reference="Example Act, s. 6")
