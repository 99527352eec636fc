"""Sentences about nations and credits: issued, converted, retired, carried over, forwarded."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from changed import replace
from land import with_law
from nations import AAU, ERU, World, amounts, refused
from tonne import operations
from tonne.compliance import Removals, Withdrawal
from tonne.ledger import Block
from tonne.operations import (
    Answer,
    Conversion,
    Receipt,
    scheme_folder,
)
from tonne.quantity import Tonnes
from tonne.rulebook import Dated
from world import Store

FOLDER = scheme_folder("kyoto_cp1")
_NOT_BOUND = ("ZZ", "BR", "US")
AFTER = "2015-11-19"
"""The day after the additional period."""


# Assigned amount and conversion: the worked example of joint implementation.


def test_a_host_converts_and_the_world_holds_as_many_units(kyoto_world: World) -> None:
    world = kyoto_world
    world.scheme = amounts(PL=10_000_000, AT=5_000_000)
    world.issue(AAU, 10_000_000)
    world.issue("AAU-1 AT", 5_000_000)
    world.convert(300_000)
    assert world.held("PL") == {AAU: 9_700_000, ERU: 300_000}
    warsaw, vienna = world.own["PL"]["party"], world.own["AT"]["party"]
    world.do(operations.transfer, [world.move(warsaw, vienna, ERU, 300_000)])
    for source, unit, count in (
        (warsaw, AAU, 9_200_000),
        (vienna, "AAU-1 AT", 5_000_000),
        (vienna, ERU, 250_000),
    ):
        (answer,) = world.do(operations.retire, [world.move(source, "", unit, count)])
        assert isinstance(answer, Receipt)
    # Surplus of the host 9,700,000 - 9,200,000; the buyer has 50,000 left, of which 2.5 % of
    # 5,000,000 = 125,000 could go on.
    assert world.held("PL") == {AAU: 500_000}
    world.do(operations.carry_over, world.order(ERU, 50_000, party="AT"), on=AFTER)
    assert world.held("AT") == {"ERU-AAU-2 PL-24/2:1": 50_000}
    assert world.held("AT", "retired") == {"AAU-1 AT": 5_000_000, ERU: 250_000}
    issued = {each.asset: each.issued for each in world.store.run(lambda b: b.totals("kyoto_cp1"))}
    assert sum(issued.values()) == 15_000_000
    assert world.store.run(lambda books: books.check()) == []


def test_a_converted_unit_keeps_its_number_and_tells_its_story(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 100)
    kyoto_world.convert(10, block=Block("PL", 41, 50))
    found = kyoto_world.store.run(lambda books: operations.history(books, "PL-45"))
    assert found.unit == ERU
    assert [(step.kind, step.asset, step.first, step.last) for step in found.steps] == [
        ("issue", AAU, 1, 100),
        ("convert", AAU, 41, 50),
        ("convert", ERU, 41, 50),
    ]


def test_a_conversion_that_is_sent_again_is_done_once(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 100)
    first = kyoto_world.convert(30, key="once")
    again = kyoto_world.convert(30, key="once")
    assert (first.number, again.repeated) == (again.number, True)
    assert kyoto_world.held("PL") == {AAU: 70, ERU: 30}


def test_the_key_of_a_conversion_stands_for_that_one_order(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 100)
    kyoto_world.convert(30, key="once")
    for count, block in (
        (31, None),
        (50, None),
        (30, Block("PL", 1, 30)),
        (30, Block("PL", 41, 70)),
    ):
        order = kyoto_world.order(AAU, count, key="once", block=block)
        again = partial(kyoto_world.do, operations.convert, order, project=24, track=2)
        assert refused(again) == [9001]
    order = kyoto_world.order(AAU, 30, key="once")
    for project, track in ((24, 1), (25, 2)):
        other = partial(kyoto_world.do, operations.convert, order, project=project, track=track)
        assert refused(other) == [9001]
    assert kyoto_world.held("PL") == {AAU: 70, ERU: 30}


def test_the_key_of_a_carry_over_or_a_change_of_expiry_stands_for_that_one_order(
    kyoto_world: World,
) -> None:
    kyoto_world.issue(AAU, 100)
    unit = kyoto_world.credit(100, unit="lCER-1/2031-05-01").unit
    pending = kyoto_world.own["CDM"]["pending"]

    def carry(count: int) -> Receipt:
        return kyoto_world.do(
            operations.carry_over, kyoto_world.order(AAU, count, key="over"), on=AFTER
        )

    def prolong(count: int, year: int) -> Receipt:
        order = Conversion(key="longer", account=pending, unit=unit, count=count)
        return kyoto_world.do(operations.change_expiry, order, expiry=date(year, 5, 1))

    assert (carry(7).number, carry(7).repeated) == (carry(7).number, True)
    assert refused(lambda: carry(8)) == [9001]
    assert (prolong(7, 2041).number, prolong(7, 2041).repeated) == (prolong(7, 2041).number, True)
    assert refused(lambda: prolong(8, 2041)) == refused(lambda: prolong(7, 2042)) == [9001]
    assert kyoto_world.held("PL", "surplus_reserve") == {"AAU-2 PL:1": 7}


def test_a_key_of_another_request_is_none_of_a_conversion(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 100, key="issued")
    assert refused(lambda: kyoto_world.convert(30, key="issued")) == [9001]


def test_no_more_is_issued_than_is_assigned(kyoto_world: World) -> None:
    kyoto_world.scheme = amounts(PL=100)
    kyoto_world.issue(AAU, 60)
    assert refused(lambda: kyoto_world.issue(AAU, 41)) == [3500]
    kyoto_world.issue(AAU, 40)


def test_the_assigned_amount_is_the_laws(kyoto_world: World) -> None:
    # Commission Decision 2006/944/EC: 2,648,181,038 units.
    kyoto_world.issue(AAU, 10)
    assert refused(lambda: kyoto_world.issue(AAU, 2_648_181_029)) == [3500]
    kyoto_world.issue(AAU, 2_648_181_028)


@pytest.mark.parametrize("spelt", [":1", ":2", ":02", ":99", ":0", ":"])
def test_no_other_spelling_brings_a_nation_its_amount_again(kyoto_world: World, spelt: str) -> None:
    kyoto_world.issue("AAU-1 AT", 343_866_009)
    assert refused(lambda: kyoto_world.issue(f"AAU-1 AT{spelt}", 1)) == [3201]
    assert refused(lambda: kyoto_world.credit(1, project=f"BR-7{spelt}")) == [3201]


def test_an_organisation_is_issued_what_it_has_beyond_its_members(kyoto_world: World) -> None:
    kyoto_world.own["EU"] = kyoto_world.do(operations.found_nation, "EU")
    assert refused(lambda: kyoto_world.issue("AAU-1 EU", 19_357_533)) == [3500]
    kyoto_world.issue("AAU-1 EU", 19_357_532)


def test_who_never_joined_or_left_is_issued_nothing(kyoto_world: World) -> None:
    found = []
    for party in ("US", "BR", "CA"):
        found += refused(partial(kyoto_world.issue, f"AAU-1 {party}", 1))
    assert found == [6101, 6100, 6102]


def test_only_a_nation_with_an_assigned_amount_has_a_registry(kyoto_world: World) -> None:
    found = [refused(partial(kyoto_world.do, operations.found_nation, each)) for each in _NOT_BOUND]
    assert found == [[6100], [6100], [6101]]


def test_who_left_converts_transfers_acquires_and_carries_over_nothing(kyoto_world: World) -> None:
    world, law = kyoto_world, kyoto_world.scheme.nations
    (clause,) = law.withdrawal.clauses
    leaves = replace(clause, value=(Withdrawal(party="AT", effect=date(2014, 7, 1)),))
    world.scheme = with_law(world.scheme, "nations.toml", replace(law, withdrawal=Dated([leaves])))
    for party in ("AT", "PL"):
        world.issue(f"AAU-1 {party}", 9)
    vienna, warsaw = (world.own[party]["party"] for party in ("AT", "PL"))
    order = world.order("AAU-1 AT", 1, party="AT")

    def give(source: str, target: str, unit: str, on: str) -> list[int]:
        (answer,) = world.do(operations.transfer, [world.move(source, target, unit, 1)], on=on)
        return [] if isinstance(answer, Receipt) else [each.number for each in answer]

    convert = partial(world.do, operations.convert, order, project=7, track=1)
    assert refused(partial(convert, on="2014-07-01")) == [6102]
    assert refused(partial(world.do, operations.carry_over, order, on=AFTER)) == [6102]
    assert give(vienna, warsaw, "AAU-1 AT", "2014-07-01") == [6102]
    assert give(warsaw, vienna, AAU, "2014-07-01") == [6102]
    assert give(warsaw, vienna, AAU, "2014-06-30") == []
    convert(on="2014-06-30")


def test_who_is_not_eligible_acquires_nothing(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    warsaw, vienna = (kyoto_world.own[party]["party"] for party in ("PL", "AT"))
    others: tuple[tuple[dict[str, Any], list[int]], ...] = (
        ({"met": ()}, [6121]),
        ({"suspended": "transfer"}, []),
    )
    for other, expected in others:
        kyoto_world.show("AT", **other)
        (answer,) = kyoto_world.do(operations.transfer, [kyoto_world.move(warsaw, vienna, AAU, 1)])
        found = [] if isinstance(answer, Receipt) else [each.number for each in answer]
        assert found == expected


def test_a_period_without_law_has_no_amounts(kyoto_world: World) -> None:
    assert refused(lambda: kyoto_world.issue("AAU-2 PL", 1)) == [6105]


def test_removal_units_are_issued_for_what_was_reviewed(kyoto_world: World) -> None:
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/3", 10)) == [6106]
    kyoto_world.remove("PL", 3, 10)
    kyoto_world.remove("PL", 1, 1000)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/3", 11)) == [3500]
    kyoto_world.issue("RMU-1 PL/3", 10)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/3", 1)) == [3500]
    # Another nation's removals, and those of another land use, are nobody else's.
    assert refused(lambda: kyoto_world.issue("RMU-1 AT/3", 1)) == [6106]
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/4", 1)) == [6106]
    # What a later review says stands.
    kyoto_world.remove("PL", 3, 12)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/3", 3)) == [3500]
    kyoto_world.issue("RMU-1 PL/3", 2)


def test_managed_forests_bring_units_up_to_the_cap_of_the_nation(kyoto_world: World) -> None:
    # Poland: 0.82 Mt C x 5 x 44 / 12 = 15,033,333 t
    kyoto_world.remove("PL", 3, 5_000_000_000)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/3", 15_033_334)) == [3500]
    kyoto_world.issue("RMU-1 PL/3", 15_033_333)


def test_a_land_use_that_emits_brings_no_units(kyoto_world: World) -> None:
    kyoto_world.remove("PL", 2, -40)
    kyoto_world.remove("PL", 1, 100)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/2", 1)) == [3500]
    # Planted and cut together removed 60.
    assert refused(lambda: kyoto_world.issue("RMU-1 PL/1", 61)) == [3500]
    kyoto_world.issue("RMU-1 PL/1", 60)


def test_removal_units_say_their_land_use(kyoto_world: World) -> None:
    kyoto_world.remove("PL", 3, 10)
    assert refused(lambda: kyoto_world.issue("RMU-1 PL", 1)) == [3201]


def test_removals_are_of_a_nation_and_a_period_that_the_law_has(kyoto_world: World) -> None:
    assert refused(lambda: kyoto_world.remove("BR", 3, 10)) == [6100]
    with pytest.raises(ValueError, match="written somewhere"):
        Removals(party="PL", period=1, activity=3, tonnes=Tonnes(Decimal(1)), reference=" ")


def test_no_more_is_converted_than_is_held(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    assert refused(lambda: kyoto_world.convert(11)) == [3005]
    assert set(refused(lambda: kyoto_world.convert(2, block=Block("PL", 10, 11)))) == {310}


def test_only_a_host_converts_its_own_units(kyoto_world: World) -> None:
    kyoto_world.issue("AAU-1 AT", 10)
    vienna, warsaw = (kyoto_world.own[party]["party"] for party in ("AT", "PL"))
    kyoto_world.do(operations.transfer, [kyoto_world.move(vienna, warsaw, "AAU-1 AT", 10)])
    assert refused(lambda: kyoto_world.convert(5, unit="AAU-1 AT")) == [3207]


def test_what_was_converted_is_not_converted_again(kyoto_world: World) -> None:
    kyoto_world.issue(AAU, 10)
    kyoto_world.convert(10)
    assert refused(lambda: kyoto_world.convert(5, unit=ERU)) == [3006]


def test_a_nation_without_a_registry_issues_nothing(kyoto_world: World) -> None:
    assert refused(lambda: kyoto_world.issue("AAU-1 NO", 10)) == [3205]


def test_a_nation_is_founded_once(kyoto_world: World) -> None:
    assert kyoto_world.do(operations.found_nation, "PL") == kyoto_world.own["PL"]
    assert kyoto_world.do(operations.found) == kyoto_world.own["CDM"]


@pytest.mark.parametrize("party", ["", "A B", "ÄÖ", "CDM", "at", "A", "A1", "AUT", "AT\n"])
def test_a_nation_is_called_by_its_two_letters(kyoto_world: World, party: str) -> None:
    assert refused(lambda: kyoto_world.do(operations.found_nation, party)) == [3225]


def test_two_schemes_in_the_same_books_have_accounts_of_their_own(store: Store) -> None:
    europe = World(store, scheme=operations.load_scheme(operations.scheme_folder("eu_ets")))
    first = europe.do(operations.found)
    world = World(store).settle()
    found = world.do(operations.found_nation, "EU")
    assert not {*first.values()} & {*found.values()}
    assert world.do(operations.found_nation, "EU") == found
    world.own["EU"] = found
    world.issue("AAU-1 EU", 10)
    assert europe.do(operations.found) == first


def test_schemes_may_be_founded_in_either_order(store: Store) -> None:
    world = World(store).settle()
    found = world.do(operations.found_nation, "EU")
    europe = World(store, scheme=operations.load_scheme(operations.scheme_folder("eu_ets")))
    assert not {*europe.do(operations.found).values()} & {*found.values()}


@pytest.mark.parametrize("verb", ["retire", "cancel_voluntarily", "cancel_net_source"])
def test_no_nation_ends_units_in_the_registry_of_another(kyoto_world: World, verb: str) -> None:
    kyoto_world.issue("AAU-1 AT", 10)
    vienna, kind = kyoto_world.own["AT"]["party"], kyoto_world.scheme.on(date(2014, 6, 1))
    there = kyoto_world.own["PL"][kind.type_of(verb, "AAU-1").to_kinds[0]]
    here = kyoto_world.own["AT"][kind.type_of(verb, "AAU-1").to_kinds[0]]

    def end(target: str) -> Answer:
        order = kyoto_world.move(vienna, target, "AAU-1 AT", 5)
        return kyoto_world.do(operations.cancel, [order], verb=verb)[0]

    answer = end(there)
    assert isinstance(answer, tuple)
    assert [each.number for each in answer] == [3226]
    assert isinstance(end(here), Receipt)
    assert isinstance(end(""), Receipt)


# Carry-over.
