"""What anybody may ask a program for: law, accounts, outcomes, units, retirements, trades."""

import pytest

from front_desk import EARLY, HIDDEN, FrontDesk, give_up
from land import UNIT, Land
from tonne.store import MemoryStore


def test_the_law_of_a_day_is_told_with_its_references(desk: FrontDesk) -> None:
    (row,) = desk.get("/v1/schemes")["data"]
    assert (row["name"], row["law_since"], row["units"][0]) == ("example", "2025-01-01", UNIT)
    told = desk.get("/v1/schemes/example?on=2026-05-01")
    (penalty,) = [each for each in told["clauses"] if each["rule"] == "penalty"]
    assert penalty["value"] == {"amount": "50.00", "currency": "EUR"}
    assert (penalty["law"], penalty["reference"]) == ("compliance", "Example Act, s. 13(1)")
    assert desk.get("/v1/schemes/example?on=2020-01-01")["clauses"] == []


def test_accounts_are_listed_by_name_where_that_is_public(each_desk: FrontDesk) -> None:
    rows = each_desk.get("/v1/schemes/example/accounts")["data"]
    named = {row["number"]: row for row in rows}
    steel = named[each_desk.land.number("steel")]
    assert (steel["name"], steel["kind"], steel["operator"]) == ("Steel", "operator", "STEEL")
    assert named[each_desk.land.number("authority")]["name"] == "Authority"
    ana = named[each_desk.land.number("ana")]
    assert (ana["name"], ana["kind"], ana["status"]) == (None, "person", "open")
    one = each_desk.get(f"/v1/schemes/example/accounts/{steel['number']}")
    assert one == steel
    assert each_desk.refused("/v1/schemes/example/accounts/XE-404") == (404, [9215])


INSTALLATIONS = "/v1/schemes/example/installations"


def test_installations_are_told_with_what_was_given_and_what_is_public_of_their_years(
    each_desk: FrontDesk,
) -> None:
    rows = {row["operator"]: row for row in each_desk.get(INSTALLATIONS)["data"]}
    assert sorted(rows) == ["KILN", "STEEL"], "nobody is listed who emits nothing"
    steel = rows["STEEL"]
    assert (steel["account"], steel["name"]) == (each_desk.land.number("steel"), "Steel")
    told = each_desk.get(f"{INSTALLATIONS}/STEEL")
    assert told["accounts"] == [steel]
    (year,) = told["years"]
    assert (year["year"], year["allocated"], year["account"]) == (2025, 60, steel["account"])
    assert (year["status"], year["verified"], year["surrendered"]) == ("A", 40, 40)
    assert year["missing"] is None, "who met its duty is not named"
    (short,) = each_desk.get(f"{INSTALLATIONS}/KILN")["years"]
    assert (short["verified"], short["surrendered"], short["missing"]) == (200, 60, 140)
    each_desk.at = EARLY
    (early,) = each_desk.get(f"{INSTALLATIONS}/KILN")["years"]
    assert early["allocated"] == short["allocated"], "what is given is public at once"
    hidden = [early[name] for name in ("status", "verified", "surrendered", "missing")]
    assert hidden == [None, None, None, None]


def test_installations_are_found_by_their_registry_and_by_no_persons_account(
    desk: FrontDesk,
) -> None:
    whole = desk.get(INSTALLATIONS)["data"]
    assert {row["registry"] for row in whole} == {"XE"}
    assert desk.get(f"{INSTALLATIONS}?registry=XE")["data"] == whole
    assert desk.get(f"{INSTALLATIONS}?registry=YY")["data"] == []
    assert HIDDEN not in desk.client.get(INSTALLATIONS).text
    assert desk.refused(f"{INSTALLATIONS}/NOBODY") == (404, [9215])
    of_a_person = desk.land.number("ana")
    assert desk.refused(f"{INSTALLATIONS}?starting_after={of_a_person}") == (400, [9204])
    assert desk.refused(f"{INSTALLATIONS}?registrar=XE") == (400, [9203])


def test_a_closed_year_is_public_from_the_day_of_the_law(each_desk: FrontDesk) -> None:
    told = each_desk.get("/v1/schemes/example/compliance/2025")
    assert told["published_on"] == "2026-05-15"
    kiln, steel = sorted(told["data"], key=lambda row: row["operator"])
    assert (steel["status"], steel["verified"], steel["surrendered"]) == ("A", 40, 40)
    assert (steel["name"], steel["missing"], steel["penalty"]) == (None, None, None)
    assert (kiln["name"], kiln["missing"]) == ("Kiln", 140)
    assert kiln["penalty"] == {"amount": "7000.00", "currency": "EUR"}, "140 at 50.00"
    each_desk.at = EARLY
    assert each_desk.get("/v1/schemes/example/compliance/2025")["data"] == []
    assert each_desk.get("/v1/schemes/example/compliance/2026")["data"] == []
    assert each_desk.refused("/v1/schemes/example/compliance/2024") == (404, [200])


def test_a_unit_tells_its_life_but_not_whose_it_was(each_desk: FrontDesk) -> None:
    land = each_desk.land
    ((first, _), *_) = land.blocks("cancelled")
    told = each_desk.get(f"/v1/units/EX-1-{first}/history")
    kinds = [
        (step["kind"], step["source"]["kind"], step["target"]["kind"]) for step in told["steps"]
    ]
    assert kinds[0] == ("issue", "issuance", "authority")
    assert kinds[-1] == ("cancel_voluntarily", "person", "cancelled")
    last = told["steps"][-1]
    assert last["source"]["account"] is None
    assert last["target"]["account"] == land.number("cancelled")
    assert (last["beneficiary"], last["purpose"]) == ("The school of Bled", "a school trip")
    assert told["held_by"] == {"kind": "cancelled", "account": land.number("cancelled")}
    unit = each_desk.get(f"/v1/units/EX-1-{first}")
    assert unit == {name: told[name] for name in unit}
    unissued = each_desk.get("/v1/units/EX-1-999999")
    assert (unissued["issued"], unissued["unit"]) == (False, None)


@pytest.mark.parametrize("serial", ["EX-1-0", "EX-9-1", "nothing", "EX-1-99999999999999999999"])
def test_a_serial_that_is_none_is_said_to_be_none(desk: FrontDesk, serial: str) -> None:
    assert desk.refused(f"/v1/units/{serial}") == (404, [9020])
    assert desk.refused(f"/v1/units/{serial}/history") == (404, [9020])


def test_a_unit_of_a_scheme_that_is_not_served_is_not_told(desk: FrontDesk) -> None:
    other = FrontDesk(desk.land)
    other.office.schemes["elsewhere"] = other.office.schemes.pop("example")  # type: ignore[attr-defined, index]
    assert other.refused("/v1/units/EX-1-1") == (404, [9020])
    assert other.get("/v1/retirements")["data"] == []


def test_what_is_given_up_for_somebody_has_an_address_of_its_own(each_desk: FrontDesk) -> None:
    told = each_desk.get("/v1/retirements?scheme=example")["data"]
    assert [(row["beneficiary"], row["count"]) for row in told] == [
        ("Anonymous", 3), ("The school of Bled", 2),
    ]  # fmt: skip
    assert [each["last"] - each["first"] + 1 for each in told[1]["blocks"]] == [2]
    number = told[0]["number"]
    assert each_desk.get(f"/v1/retirements/{number}") == told[0]
    assert each_desk.refused(f"/v1/retirements/{number + 1}") == (404, [9215])
    assert each_desk.refused("/v1/retirements/1") == (404, [9215])


def test_trades_are_told_without_their_sides_and_candles_follow(each_desk: FrontDesk) -> None:
    path = "/v1/markets/example/instruments/EXA-SPOT"
    told = each_desk.get(f"{path}/trades")["data"]
    prices = [(row["price"]["amount"], row["count"]) for row in told]
    assert prices == [("5.02", 3), ("5.02", 2), ("5.01", 3), ("5.01", 2), ("5.00", 3), ("5.00", 2)]
    assert {row["aggressor"] for row in told} == {"buy"}
    assert told[-1]["at"] == "2025-06-02T10:00:00.000Z"
    candles = each_desk.get(f"{path}/candles?from=2025-06-01")["data"]
    assert [(row["open"]["amount"], row["count"], row["trades"]) for row in candles] == [
        ("5.00", 5, 2), ("5.01", 5, 2), ("5.02", 5, 2),
    ]  # fmt: skip
    later = each_desk.get(f"{path}/candles?from=2025-06-03&minutes=60")["data"]
    assert [row["start"] for row in later] == [
        "2025-06-03T10:00:00.000Z", "2025-06-04T10:00:00.000Z",
    ]  # fmt: skip


def test_instruments_are_those_of_the_law(desk: FrontDesk) -> None:
    row = desk.get("/v1/markets/example/instruments/EXA-SPOT")
    assert (row["unit"], row["lot"], row["tick"]["currency"]) == (UNIT, 1, "EUR")
    assert row in desk.get("/v1/markets/example/instruments")["data"]
    assert desk.refused("/v1/markets/example/instruments/GOLD")[0] == 404
    assert desk.refused("/v1/markets/example/instruments/GOLD/trades")[0] == 404


def test_an_auction_tells_its_results_and_not_who_bid(each_desk: FrontDesk) -> None:
    (row,) = each_desk.get("/v1/markets/example/auctions")["data"]
    assert (row["name"], row["status"], row["offered"]) == ("A1", "cleared", 300)
    results = row["results"]
    assert (results["sold"], results["price"]["amount"], results["bidders"]) == (170, "25.00", 2)
    assert each_desk.get("/v1/markets/example/auctions/A1") == row
    assert each_desk.refused("/v1/markets/example/auctions/A2")[0] == 404


def test_nothing_private_is_told_at_any_address(desk: FrontDesk) -> None:
    land = desk.land
    accounts = {name: land.number(name) for name in ("ana", "hidden", "somebody", "kiln", "steel")}
    private = [HIDDEN, *accounts.values(), "STEEL", "KILN"]
    listed = {"/v1/schemes/example/accounts", "/v1/schemes/example/compliance/2025"}
    told = {path: text for path in every_address(desk) for text in [desk.client.get(path).text]}
    persons = [accounts[name] for name in ("ana", "hidden", "somebody")]
    for path, text in told.items():
        if path.startswith(INSTALLATIONS):
            assert "STEEL" in text
            assert not [word for word in (HIDDEN, *persons) if word in text]
            continue
        if path in listed or path.startswith("/v1/schemes/example/accounts/"):
            assert HIDDEN not in text
            assert "holdings" not in text
            continue
        assert not [word for word in private if word in text], path
    assert land.held("steel") > 0
    assert f'"{accounts["ana"]}"' not in told["/v1/schemes/example/compliance/2025"]


def every_address(desk: FrontDesk) -> list[str]:
    """Every address of the interface, with the names of things that there are."""
    number = desk.get("/v1/retirements")["data"][0]["number"]
    names = {
        "{scheme}": "example", "{number}": str(number), "{year}": "2025", "{code}": "EXA-SPOT",
        "{auction}": "A1", "{operator}": "STEEL",
    }  # fmt: skip
    found: list[str] = []
    for path in desk.app.openapi()["paths"]:
        if "accounts/{number}" in path:
            found += [
                path.replace("{scheme}", "example").replace("{number}", each)
                for each in desk.land.accounts.values()
            ]
            continue
        for name, value in names.items():
            path = path.replace(name, value)  # noqa: PLW2901  filled in
        # Units of every sort: held by an operator, by a person, cancelled, surrendered, unissued.
        serials = [f"EX-1-{n}" for n in (1, 45, 58, 61, 100, 150, 330, 900, 99_999)]
        found += (
            [path.replace("{serial}", each) for each in serials] if "{serial}" in path else [path]
        )
    return found


def test_books_of_nobody_are_empty_lists(desk: FrontDesk) -> None:
    empty = FrontDesk(Land(MemoryStore()))
    for path in desk.app.openapi()["paths"]:
        if path in {"/v1/schemes/{scheme}/accounts", "/v1/retirements"}:
            assert empty.get(path.replace("{scheme}", "example"))["data"] == []


def test_what_was_given_up_since_is_on_the_first_page(each_desk: FrontDesk) -> None:
    page = each_desk.get("/v1/retirements?limit=1")
    number = give_up(each_desk.land, "hidden", 1, "A wedding", day="2026-01-07")
    rest = each_desk.get(f"/v1/retirements?starting_after={page['next_cursor']}")["data"]
    assert [row["count"] for row in rest] == [2], "a page goes on where the one before ended"
    assert each_desk.get("/v1/retirements?limit=1")["data"][0]["number"] == number
