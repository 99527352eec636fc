"""Account numbers and their check digits.

The figures are published test vectors of the UK registry, except those marked as worked by hand.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonne.refusal import Refused
from tonne.registry import AccountNumber, check_digits

LAW = "Regulation (EC) No 2216/2004, Annex VI"


@pytest.mark.parametrize(
    ("registry", "number_type", "identifier", "period", "digits"),
    [
        ("UK", 100, 10000056, 0, 72),
        ("UK", 100, 10000025, 0, 33),
        ("UK", 100, 900000025, 2, 60),
        ("UK", 100, 50001, 2, 11),
        ("UK", 100, 10000052, 0, 92),
        ("UK", 100, 1010, 0, 47),
        ("UK", 100, 1016, 0, 17),
        ("UK", 100, 1000, 1, 94),
        ("UK", 100, 1001, 1, 89),
        ("UK", 100, 1002, 1, 84),
        ("UK", 121, 50031, 2, 60),
        ("UK", 210, 10000013, 1, 70),
        ("GB", 210, 10000013, 1, 66),
        ("UK", 411, 10000017, 1, 84),
        ("GB", 411, 10000017, 1, 80),
        ("UK", 423, 10000024, 2, 35),
        ("GB", 423, 10000024, 2, 31),
        # By hand: 1, D = 13, E = 14, 120, 00, 00: 113141200000 less 97 times 1166404123 is 69.
        ("DE", 120, 1, 0, 29),
    ],
)
def test_check_digits_are_those_that_are_published(
    registry: str, number_type: int, identifier: int, period: int, digits: int
) -> None:
    assert check_digits(registry, number_type, identifier, period) == digits


@given(
    registry=st.sampled_from(["DE", "EU", "CDM", "GB"]),
    number_type=st.sampled_from([100, 120, 121, 230]),
    identifier=st.integers(1, 10**15 - 1),
    period=st.integers(0, 3),
)
def test_a_number_is_read_as_it_was_written(
    registry: str, number_type: int, identifier: int, period: int
) -> None:
    number = AccountNumber.make(
        registry=registry, number_type=number_type, identifier=identifier, period=period
    )
    assert AccountNumber.parse(str(number).lower(), reference=LAW) == number


@given(identifier=st.integers(1, 10**9), place=st.integers(0, 8), figure=st.integers(0, 9))
def test_one_wrong_figure_is_always_noticed(identifier: int, place: int, figure: int) -> None:
    right = AccountNumber.make(registry="DE", number_type=120, identifier=identifier, period=0)
    figures = list(str(identifier))
    figures[place % len(figures)] = str(figure)
    if "".join(figures) == str(identifier) or figures[0] == "0":
        return
    slipped = f"DE-120-{''.join(figures)}-0-{right.digits}"
    with pytest.raises(Refused, match="do not belong"):
        AccountNumber.parse(slipped, reference=LAW)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("UK-100-50001-2", "misspells its check digits"),
        ("UK-100-50001", "misspells its period, check digits"),
        ("U-10-x-2-11", "misspells its registry code, type, identifier"),
        ("UK-100-50001-2-11-7", "end of the number"),
        ("UK-100-\u0665-2-11", "misspells its identifier"),
        ("", "registry code, type, identifier, period, check digits"),
    ],
)
def test_a_number_with_a_part_missing_or_misspelt_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        AccountNumber.parse(text, reference=LAW)


def test_wrong_check_digits_are_refused() -> None:
    with pytest.raises(Refused, match=r"\[1111\] The check digits 12 do not belong"):
        AccountNumber.parse("UK-100-50001-2-12", reference=LAW)
