"""A scheme has the law files of its folder, and refuses what is in none of them."""

import pytest

from nations import kyoto
from tonne.operations import LawLacking
from tonne.refusal import Refused


def test_a_part_that_the_law_lacks_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        _ = kyoto().mrv
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, LawLacking)
    assert str(refusal) == "The law of kyoto_cp1 says nothing of this: it has no mrv.toml."
