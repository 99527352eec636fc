"""Orders that people change: smaller, or at a better price, and never round the second hand."""

from typing import Any

import pytest

from bourse import Bourse
from bureau import Bureau, usr
from land import Land
from tonne.operations import amending, people
from tonne.refusal import Refused
from tonne.store import MemoryStore
from traders import CODE, limited, opened, order, own, refused, seconded


@pytest.fixture
def bureau() -> Bureau:
    """In memory."""
    return opened(MemoryStore())


def amend(
    bureau: Bureau, who: str, name: str, *, by: str, key: str = "", **terms: Any  # noqa: ANN401  terms of an order
) -> Any:  # noqa: ANN401  what happened  # fmt: skip
    """Somebody changes an order of an account."""
    wish = amending.Amendment(account=bureau.number(who), instrument=CODE, name=name, **terms)
    return bureau.do(amending.amend, wish, of=by, key=key or bureau.key())


def test_an_order_is_made_smaller_and_cheaper_and_what_was_held_is_free(
    bureau: Bureau,
) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 4, "20.00"), by="carl").code
    (event,) = amend(bureau, "kiln", code, by="dora", key="a", count=3, price="10.00")
    assert event.exec_type == "replaced"
    assert amend(bureau, "kiln", code, by="dora", key="a", count=3, price="10.00") == ()
    (found,) = own(bureau, "kiln", "carl")
    assert (found.count, found.left, str(found.price.times(1))) == (3, 3, "EUR 10.00")
    kiln = bureau.number("kiln")
    (word,) = bureau.land.run(lambda books: books.words(amending.AMENDED, kiln))
    assert word.word.about == usr("dora")
    with pytest.raises(Refused) as no:
        amend(bureau, "kiln", code, by="dora", key="a", count=2)
    assert refused(no) == {9001}


def test_what_a_second_person_agreed_to_is_not_made_more_by_one(bureau: Bureau) -> None:
    code = seconded(bureau, order(bureau, "kiln", "buy", 6, "20.00"), by="carl", second="dora")
    for terms in ({"count": 7}, {"price": "20.01"}, {"count": 1, "price": "25.00"}):
        with pytest.raises(Refused) as no:
            amend(bureau, "kiln", code, by="carl", **terms)
        assert refused(no) == {9165}
    # What was made smaller is not made larger again: the book knows what it is, not what it was.
    amend(bureau, "kiln", code, by="carl", count=4)
    with pytest.raises(Refused) as no:
        amend(bureau, "kiln", code, by="carl", count=5)
    assert refused(no) == {9165}


def test_what_is_sold_is_not_made_cheaper_by_one_person(bureau: Bureau) -> None:
    code = seconded(bureau, order(bureau, "steel", "sell", 4, "20.00"), by="ann", second="bob")
    with pytest.raises(Refused) as no:
        amend(bureau, "steel", code, by="ann", price="19.99")
    assert refused(no) == {9165}
    amend(bureau, "steel", code, by="ann", price="21.00")
    (found,) = own(bureau, "steel", "bob")
    assert str(found.price.times(1)) == "EUR 21.00"


def test_an_order_is_changed_by_who_may_put_it_and_as_long_as_it_is_there(bureau: Bureau) -> None:
    code = bureau.propose(order(bureau, "kiln", "buy", 4, "20.00"), by="carl").code
    with pytest.raises(Refused) as no:
        amend(bureau, "kiln", code, by="ann", count=1)
    assert refused(no) == {1203}
    with pytest.raises(Refused) as no:
        amend(bureau, "steel", code, by="ann", count=1)
    assert refused(no) == {8009}
    for terms, number in (({"price": "5.001"}, 8001), ({"price": "dear"}, 100)):
        with pytest.raises(Refused) as no:
            amend(bureau, "kiln", code, by="carl", **terms)
        assert refused(no) == {number}
    bureau.staff(people.freeze, reason="a theft")
    with pytest.raises(Refused) as no:
        amend(bureau, "kiln", code, by="carl", count=1)
    assert refused(no) == {1209}


def test_an_order_is_not_made_smaller_than_what_it_has_traded() -> None:
    bureau = Bureau(Land(MemoryStore(), scheme=limited()).settle()).settle()
    bourse = Bourse(bureau.land)
    bourse.purse.bring("kiln", "500.00")
    code = bureau.propose(order(bureau, "kiln", "buy", 4, "20.00"), by="carl").code
    seconded(bureau, order(bureau, "steel", "sell", 2, "20.00"), by="ann", second="bob")
    with pytest.raises(Refused) as no:
        amend(bureau, "kiln", code, by="carl", count=2)
    assert 8019 in refused(no)
    amend(bureau, "kiln", code, by="carl", count=3)
    (found,) = own(bureau, "kiln", "dora")
    assert (found.count, found.left) == (3, 1)
