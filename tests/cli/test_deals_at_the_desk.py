"""Sentences about deals, forwards and funds as people and programs see them at the desk."""

import json
from pathlib import Path

import pytest

from town import Books, Tonne, Town, opening

ON = ("--on", "2025-06-02")
LATER = ("--on", "2026-08-03")
ERPA = """
name = "ERPA-1"
buyer = "{buyer}"
seller = "XE-120-8-0-90"
unit = "EXA-1"
currency = "EUR"
conditions = ["registration"]
schedule = [{{ on = 2025-09-01, count = 20 }}, {{ on = 2025-12-01, count = 20 }}]
price = {{ kind = "fixed", amount = "8.00" }}
remedy = {{ kind = "make_up", days = 30 }}
"""
UPFRONT = '\nupfront = { share = "0.2", amount = "8.00", recovery = "pro_rata" }\n'


@pytest.fixture
def paid(tonne: Tonne, town: Town) -> Tonne:
    """The town, whose steelworks has EUR 1,000.00."""
    said = tonne("cash", "deposit", town.steel, "1000", "--reference", "SEPA 1", *ON)
    assert said.code == 0, said
    return tonne


def terms(town: Town, *more: object) -> tuple[object, ...]:
    sides = ("--buyer", town.steel, "--seller", town.kiln, "--unit", "EXA-1", "--count", 10)
    return (*sides, *more)


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


# 10 at 20.00 are 200.00, the tax 40.00, a fee of 0.10 each.
def test_a_deal_is_proposed_tried_and_confirmed(paid: Tonne, town: Town, books: Books) -> None:
    before = books()
    propose = ("deal", "propose", *terms(town, "--price", "20", "--for", town.kiln), *ON)
    tried = paid(*propose, "--dry-run")
    assert "Dry run: nothing was written. Else: Deal (not named) is proposed" in tried.out
    assert "What is promised is held, free of other promises" in tried.out
    assert paid(*propose, "--dry-run", "--json").data["deal"] is None
    assert books() == before
    name = paid(*propose, "--json").data["deal"]
    wrong = paid("deal", "confirm", name, "--for", town.ana, *ON, "--json")
    assert wrong.numbers == [8400]
    assert paid("deal", "confirm", name, "--for", town.kiln, *ON, "--json").numbers == [8402]
    words = ("deal", "confirm", name, "--for", town.steel, *ON, "--key", "c")
    said = paid(*words)
    assert f"Deal {name} is settled by transaction" in said.out
    assert "10 EXA-1 from XE-120-8-0-90 to XE-120-7-0-95 at EUR 20.00." in said.out
    data = paid(*words, "--json").data
    assert (data["state"], data["price"]) == ("settled", euros("20.00"))
    assert [each["word"] for each in data["said"]] == ["propose", "confirm", "settle"]
    assert paid("deal", "confirm", name, "--for", town.steel, *ON, "--json").numbers == [8401]
    assert paid("deal", "show", "D-0", *ON, "--json").numbers == [8830]
    story = paid("cash", "statement", town.steel, *ON, "--json").data
    assert story["balances"] == [euros("759.90")]
    listed = paid("deal", "list", *ON, "--json").data["deals"]
    assert [each["deal"] for each in listed] == [name]
    told = paid("deal", "list", "--public", *ON, "--json").data["published"]
    assert [(each["count"], each["block"]) for each in told] == [(10, False)]
    assert town.kiln not in json.dumps(told)
    assert paid("check").code == 0


def test_a_quote_is_asked_for_and_rejected(paid: Tonne, town: Town) -> None:
    asked = paid("deal", "request", *terms(town, "--for", town.steel), *ON, "--json").data
    assert (asked["state"], asked["price"]) == ("quote_requested", None)
    name = asked["deal"]
    said = paid("deal", "quote", name, "--for", town.kiln, "--price", "21.50", *ON)
    assert f"Deal {name} is quoted: 10 EXA-1" in said.out
    assert "at EUR 21.50" in said.out
    assert paid("deal", "quote", name, "--for", town.kiln, "--price", "2.005", *ON).code == 2
    held = paid("account", "show", town.kiln, *ON)
    assert held.code == 0
    said = paid("deal", "reject", name, "--for", town.steel, *ON)
    assert f"Deal {name} is cancelled" in said.out
    shown = paid("deal", "show", name, *ON)
    assert "What was said" in shown.out


def test_a_broker_is_paid_for_a_unit_or_of_the_value(paid: Tonne, town: Town) -> None:
    for commission, earned in (("0.50", "5.00"), ("1%", "7.00")):
        price = ("--price", "20", "--broker", town.ana, "--commission", commission)
        propose = ("deal", "propose", *terms(town, *price, "--for", town.ana), *ON, "--json")
        name = paid(*propose, "--commission-from", "buyer").data["deal"]
        for side in (town.kiln, town.steel):
            assert paid("deal", "confirm", name, "--for", side, *ON).code == 0
        balance = paid("cash", "statement", town.ana, *ON, "--json").data["balances"]
        assert balance == [euros(earned)]
    alone = terms(town, "--price", "20", "--for", town.ana, "--broker", town.ana)
    assert "both --broker and --commission" in paid("deal", "propose", *alone, *ON).err


def test_deals_that_are_due_are_settled_and_others_lapse(paid: Tonne, town: Town) -> None:
    words = terms(town, "--price", "20", "--for", town.kiln)
    first = paid("deal", "propose", *words, *LATER, "--json").data["deal"]
    second = paid("deal", "propose", *words, *LATER, "--json").data["deal"]
    said = paid("deal", "confirm", first, "--for", town.steel, *LATER, "--json")
    assert (said.data["state"], said.data["settle_on"]) == ("confirmed", "2026-08-05")
    run = ("deal", "due", "--on", "2026-08-05", "--key", "night")
    assert paid(*run, "--as", "operator", "--json").numbers == [3107]
    assert "1 of 1 deals due are settled; 1 lapsed." in paid(*run).out
    data = paid(*run, "--json").data
    assert [each["deal"] for each in data["due"] + data["lapsed"]] == [first, second]
    assert paid("deal", "roll", first, "--to", "2026-08-09", *LATER, "--json").numbers == [8401]
    assert paid("check").code == 0


def test_a_deal_that_fails_is_told_with_its_side_and_its_cure(paid: Tonne, town: Town) -> None:
    words = terms(town, "--price", "20", "--for", town.kiln)
    name = paid("deal", "propose", *words, *LATER, "--json").data["deal"]
    assert paid("deal", "confirm", name, "--for", town.steel, *LATER).code == 0
    restrict = ("account", "suspend", town.kiln, "--reason", "asked", *LATER)
    assert paid(*restrict).code == 0, paid(*restrict)
    (failed,) = paid("deal", "due", "--on", "2026-08-05", "--json").data["due"]
    (told,) = [each["failed"] for each in failed["said"] if each["word"] == "fail"]
    assert (failed["state"], failed["settle_on"], failed["left"]) == ("confirmed", "2026-08-07", 10)
    assert (told["account"], told["cure"], told["due"]) == (town.kiln, "buy_in", "2026-08-07")
    over = paid("deal", "due", "--spot", "25.00", "--on", "2026-08-07")
    assert over.code == 0
    assert paid("deal", "show", name, "--on", "2026-08-07", "--json").data["state"] == "cured"
    assert "EUR 0.00 is paid" in " ".join(paid("deal", "list", "--on", "2026-08-07").out.split())


@pytest.fixture
def paper(tmp_path: Path, town: Town) -> Path:
    """A contract between the kiln and the steelworks."""
    file = tmp_path / "erpa.toml"
    file.write_text(ERPA.format(buyer=town.steel) + UPFRONT)
    return file


# 320.00, of which 64.00 upfront; of 20 units 160.00, tax 32.00, recovered 32.00, fee 0.20.
def test_a_contract_is_signed_from_a_file_and_lived_through(
    paid: Tonne, town: Town, paper: Path, books: Books
) -> None:
    before = books()
    sign = ("forward", "sign", paper, *ON)
    assert "Dry run" in paid(*sign, "--dry-run").out
    assert books() == before
    assert "EUR 64.00 is paid upfront." in paid(*sign).out
    assert paid(*sign, "--json").numbers == [8833]
    deliver = ("forward", "deliver", "ERPA-1", "--count", 20, "--on", "2025-09-01")
    assert paid(*deliver, "--json").numbers == [8460]
    met = paid("forward", "meet", "ERPA-1", "registration", *ON)
    assert "ERPA-1 has met registration; it waits for no other." in met.out
    said = paid(*deliver)
    assert (
        "20 EXA-1 came for ERPA-1, worth EUR 160.00: EUR 128.00 is paid, EUR 32.00 is recovered "
        "of the advance; 20 are left." in said.out
    )
    balance = paid("cash", "statement", town.steel, *ON, "--json").data["balances"]
    assert balance == [euros("775.80")]
    remedy = ("forward", "remedy", "ERPA-1", "--spot", "9.00")
    assert paid(*remedy, *ON, "--json").numbers == [8465]
    cured = paid(*remedy, "--on", "2025-12-01")
    assert "20 units of ERPA-1 are missing; the remedy is make up: they are due later." in cured.out
    shown = paid("forward", "show", "ERPA-1", "--on", "2025-12-02", "--json").data
    assert (shown["owed"], shown["due_next"]) == (0, {"on": "2025-12-31", "count": 20})
    worth = paid("forward", "value", "ERPA-1", "--spot", "12.00", "--on", "2025-12-31", "--json")
    # 12.00 against 8.00, of which 1.60 is paid already.
    assert worth.data["value"] == euros("112.00")
    assert paid("forward", "value", "ERPA-1", "--spot", "1", "--delivery", "2").code == 2
    listed = paid("forward", "list", *ON, "--json").data["contracts"]
    assert [each["left"] for each in listed] == [20]
    assert paid("check").code == 0


def test_every_fault_of_a_contract_is_named_at_once(
    paid: Tonne, town: Town, tmp_path: Path, books: Books
) -> None:
    before = books()
    file = tmp_path / "bad.toml"
    text = ERPA.format(buyer=town.steel)
    file.write_text(text.replace("unit =", "unitt =").replace("2025-09-01, count = 20", "1"))
    said = paid("forward", "sign", file, *ON, "--json")
    assert set(said.numbers) == {8838}
    fields = {each["facts"]["field"] for each in said.data["refusals"]}
    assert fields == {"unitt", "unit", "schedule[1].on", "schedule[1].count"}
    late = tmp_path / "late.toml"
    late.write_text(text.replace("2025-12-01", "2031-01-01"))
    assert paid("forward", "sign", late, *ON, "--json").numbers == [8450]
    assert paid("forward", "show", "ERPA-1", *ON, "--json").numbers == [8831]
    assert books() == before


def test_an_issuance_is_shared_out_at_the_desk(paid: Tonne, town: Town, tmp_path: Path) -> None:
    file = tmp_path / "wind.toml"
    text = ERPA.format(buyer=town.steel).replace('conditions = ["registration"]', "")
    file.write_text(text + 'project = "wind"\nrisk = "project"\n')
    assert paid("forward", "sign", file, *ON).code == 0
    words = ("forward", "share-out", "wind", "--seller", town.kiln, "--count", 30, *ON)
    assert "30 units of wind are shared out among 1 contracts." in paid(*words).out
    none = ("forward", "share-out", "sun", "--seller", town.kiln, "--count", 1, *ON, "--json")
    assert paid(*none).numbers == [8839]


# 100.00 and 50.00; 20 units at 8.00 are 160.00: too much. 12 at 8.00 are 96.00, the tax 19.20.
def test_a_fund_is_lived_through_at_the_desk(paid: Tonne, town: Town, tmp_path: Path) -> None:
    paid("cash", "deposit", town.ana, "50", "--reference", "SEPA 2", *ON)
    pool = paid(*opening("person", "Pool", 10), *ON, "--json").data["account"]
    pool = pool["number"] if isinstance(pool, dict) else pool
    most = ("--most", "1000", "--closes", "2025-06-30")
    said = paid("fund", "open", "Pool", "--account", pool, *most, *ON)
    assert "The fund Pool is open until 2025-06-30, for EUR 1,000.00 at most." in said.out
    paid("fund", "contribute", "Pool", town.steel, "100", *ON)
    said = paid("fund", "contribute", "Pool", town.ana, "50", *ON)
    assert f"{town.ana} paid EUR 50.00 into Pool, which has EUR 150.00 of EUR 1,000.00" in said.out
    text = ERPA.format(buyer=pool).replace('conditions = ["registration"]', "")
    file = tmp_path / "pool.toml"
    file.write_text(text)
    assert paid("fund", "invest", "Pool", file, *ON, "--json").numbers == [8603]
    file.write_text(text.replace("count = 20", "count = 6"))
    said = paid("fund", "invest", "Pool", file, "--most", "120", *ON)
    assert "Pool has signed ERPA-1, which costs EUR 120.00 at most." in said.out
    assert paid("forward", "deliver", "ERPA-1", "--count", 12, *ON).code == 0
    half = paid("fund", "distribute", "Pool", "--unit", "EXA-1", *ON)
    assert "Give both --unit and --count, or neither." in half.err
    given = paid("fund", "distribute", "Pool", *ON, "--json").data["given_now"]
    assert given == {town.steel: {"EXA-1": 8}, town.ana: {"EXA-1": 4}}
    assert (
        "EUR 150.00 of EUR 1,000.00, and EUR 120.00 is promised."
        in paid("fund", "show", "Pool", *ON).out
    )
    assert len(paid("fund", "show", *ON, "--json").data["funds"]) == 1
    assert paid("fund", "show", "None", *ON, "--json").numbers == [8832]
    assert paid("check").code == 0
