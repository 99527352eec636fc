"""People at the pages where they sign in: what they see, propose and decide, and who cannot."""

from typing import Any

import pytest

from counter import Browser, Counter
from porch import PASSWORD
from tonne.store import MemoryStore

TRANSFER: Any = {"unit": "EXA-1", "count": "25"}


@pytest.fixture
def counter() -> Counter:
    return Counter.of(MemoryStore())


def trusting(counter: Counter) -> tuple[Browser, Browser]:
    """Ann and Bob of the steelworks at their browsers; they have agreed to trust the kiln."""
    ann, bob = counter.browser("ann"), counter.browser("bob")
    to = counter.bureau.number("kiln")
    agree(counter, "bob", bob, counter.propose("ann", ann, "steel", "trust", target=to))
    counter.bureau.wait(days=3)
    return ann, bob


def agree(counter: Counter, name: str, browser: Browser, address: str) -> None:
    """Somebody signs a proposal of another."""
    browser.get(address)
    browser.post(address, status=303, step="sign", code=counter.code(name))


def test_a_transfer_by_two_representatives_moves_the_units_once_it_is_agreed(
    counter: Counter,
) -> None:
    ann, bob = trusting(counter)
    to = counter.bureau.number("kiln")
    address = counter.propose("ann", ann, "steel", "transfer", target=to, **TRANSFER)
    assert "It waits for a second person" in ann_text(ann, address)
    ann.get(counter.my("steel"))
    assert "free: 35" in ann.text
    assert counter.bureau.land.held("kiln") == 50
    bob.get("/today")
    assert "Waiting for you: 1." in bob.text
    assert "Transfer 25 EXA-1 from Steel (XE-120-7-0-95) to Kiln (XE-120-8-0-90)." in bob.text
    agree(counter, "bob", bob, address)
    assert "It is done." in ann_text(ann, address)
    assert '<a class="button" href="/today">' in ann.page
    assert counter.bureau.land.held("kiln") == 75
    counter.bureau.land.stands()


def ann_text(browser: Browser, address: str) -> str:
    """What somebody reads there."""
    browser.get(address)
    return browser.text


def page_of(browser: Browser, address: str) -> str:
    """The page that somebody sees there."""
    browser.get(address)
    return browser.page


def test_before_it_is_signed_one_is_told_who_must_agree_and_nothing_is_kept(
    counter: Counter,
) -> None:
    ann, _ = trusting(counter)
    path, before = counter.my("steel", "transfer"), counter.bureau.land.size()
    ann.get(path)
    ann.post(path, step="check", target=counter.bureau.number("kiln"), **TRANSFER)
    assert "A second person must agree." in ann.text
    assert counter.bureau.land.size() == before
    ann.get("/today")
    assert "What you propose stands here" in ann.text


def test_every_ground_stands_at_the_top_and_at_its_field_with_its_number(counter: Counter) -> None:
    ann = counter.browser("ann")
    path = counter.my("steel", "transfer")
    ann.get(path)
    fields: Any = {"target": counter.bureau.number("kiln"), "unit": "EXA-1", "count": "61"}
    ann.post(path, status=400, step="check", **fields)
    assert ann.page.index('role="alert"') < ann.page.index('id="target-fault-1"')
    assert ann.text.count("2507") == ann.text.count("3005") == 2
    assert 'id="count-fault-1"' in ann.page
    assert 'aria-invalid="true"' in ann.page
    assert 'value="61"' in ann.page


@pytest.mark.parametrize(
    ("count", "fits"),
    [("25", True), ("۲۵", True), ("२५", True), ("1,2", False), ("2.5", False), ("-1", False),
     ("0", False), ("", False), ("1e3", False), ("9" * 16, False)],
)  # fmt: skip
def test_a_count_is_read_in_the_digits_of_every_language_and_no_guess_is_made(
    counter: Counter, count: str, *, fits: bool
) -> None:
    ann, _ = trusting(counter)
    path = counter.my("steel", "transfer")
    ann.get(path)
    to = counter.bureau.number("kiln")
    answer = ann.post(
        path, status=200 if fits else 400, step="check", target=to, unit="EXA-1", count=count
    )
    assert ("9254" in answer) != fits
    assert ("Transfer 25 EXA-1" in ann.text) == fits


def test_nobody_approves_their_own_proposal_through_a_page(counter: Counter) -> None:
    ann = counter.browser("ann")
    to = counter.bureau.number("kiln")
    address = counter.propose("ann", ann, "steel", "trust", target=to)
    ann.get(address)
    assert "Sign and approve" not in ann.text
    code = address.rpartition("/")[2]
    # The mark that the page would have carried, had it been shown to somebody who may.
    ann.post(address, status=400, step="sign", code=counter.code("ann"), shown="")
    assert "9256" in ann.text
    assert counter.bureau.proposal(code).state == "awaiting_approval"


def test_who_decides_under_a_good_mark_and_may_not_is_still_refused(counter: Counter) -> None:
    ann = counter.browser("ann")
    address = counter.propose("ann", ann, "steel", "trust", target=counter.bureau.number("kiln"))
    bob = counter.browser("bob")
    bob.get(address)
    counter.bureau.decide(address.rpartition("/")[2], "cancel", by="ann", comment="not ours")
    bob.post(address, status=400, step="sign", code=counter.code("bob"))
    assert "3302" in bob.text


def test_who_rejects_says_why_and_the_units_are_free_again(counter: Counter) -> None:
    ann, bob = trusting(counter)
    to = counter.bureau.number("kiln")
    address = counter.propose("ann", ann, "steel", "transfer", target=to, **TRANSFER)
    bob.get(address)
    bob.post(address, status=400, step="reject", comment=" ")
    assert "1208" in bob.text
    bob.post(address, status=303, step="reject", comment="the <b>wrong</b> year")
    bob.follow()
    assert "It was rejected." in bob.text
    assert "the &lt;b&gt;wrong&lt;/b&gt; year" in bob.page
    ann.get(counter.my("steel"))
    assert "free:" not in ann.text


def test_one_takes_back_what_one_proposed(counter: Counter) -> None:
    ann = counter.browser("ann")
    to = counter.bureau.number("kiln")
    address = counter.propose("ann", ann, "steel", "trust", target=to)
    ann.get(address)
    ann.post(address, status=303, step="cancel", comment="a mistake")
    assert "It was taken back." in ann_text(ann, address)


def test_a_duty_is_told_in_one_sentence_and_its_form_is_filled_in(counter: Counter) -> None:
    counter.bureau.land.emit("steel", 62, on="2026-02-20")
    ann = counter.browser("ann")
    ann.get("/today")
    assert "You must surrender 62 by 30 April 2026; you hold 60: 2 short." in ann.text
    ann.get(counter.my("steel", "surrender"))
    assert 'name="count" type="text" value="60"' in ann.page
    assert 'name="year" type="text" value="2025"' in ann.page


def test_what_is_proposed_for_a_duty_is_not_missing_from_it(counter: Counter) -> None:
    counter.bureau.land.emit("steel", 62, on="2026-02-20")
    ann = counter.browser("ann")
    fields: Any = {"unit": "EXA-1", "count": "40", "year": "2025"}
    counter.propose("ann", ann, "steel", "surrender", **fields)
    ann.get("/today")
    assert "You must surrender 62 by 30 April 2026; you hold 60: 2 short." in ann.text
    assert "free to surrender: 20" in ann.text
    ann.get(counter.my("steel", "surrender"))
    assert 'name="count" type="text" value="20"' in ann.page


def test_a_surrender_goes_through_two_pairs_of_hands(counter: Counter) -> None:
    counter.bureau.land.emit("steel", 45, on="2026-02-20")
    ann, bob = counter.browser("ann"), counter.browser("bob")
    fields: Any = {"unit": "EXA-1", "count": "45", "year": "2025"}
    address = counter.propose("ann", ann, "steel", "surrender", **fields)
    # Nothing is left to surrender: Ann waits, and the one thing for Bob to do is what she proposed.
    assert 'class="button"' not in page_of(ann, "/today")
    assert f'<a class="button" href="{address}">Approve</a>' in page_of(bob, "/today")
    agree(counter, "bob", bob, address)
    assert counter.bureau.land.held("steel") == 15
    ann.get(counter.my("steel"))
    assert "For 2025 nothing is owed: 45 tonnes, 45 units surrendered." in ann.text


def test_an_account_without_units_says_so_where_they_would_be_given_away(counter: Counter) -> None:
    land = counter.bureau.land
    land.emit("kiln", 50, on="2026-02-20")
    carl, ann = counter.browser("carl"), counter.browser("ann")
    land.surrender("kiln", 50, on="2026-02-20")
    for verb in ("transfer", "surrender", "cancel"):
        assert "This account holds no units now." in page_of(carl, counter.my("kiln", verb))
        assert "This account holds no units now." not in page_of(ann, counter.my("steel", verb))


def test_units_are_cancelled_for_nobody_in_particular_but_a_purpose_is_somebodys(
    counter: Counter,
) -> None:
    ann = counter.browser("ann")
    fields: dict[str, Any] = {"unit": "EXA-1", "count": "5"}
    path = counter.my("steel", "cancel")
    ann.get(path)
    ann.post(path, step="check", **fields)
    assert "Nobody can bring cancelled units back." in ann.text
    ann.post(path, status=400, step="check", purpose="a flight", **fields)
    assert "9254" in ann.text
    assert 'id="beneficiary-fault-1"' in ann.page


def test_the_account_of_another_is_not_shown_to_who_guesses_its_number(counter: Counter) -> None:
    carl = counter.browser("carl")
    carl.get(counter.my("steel"), status=403)
    assert "1203" in carl.text
    assert "EXA-1" not in carl.text
    carl.get(counter.my("steel", "transfer"), status=403)
    carl.get(counter.my("kiln", "transfer"))
    carl.post(counter.my("steel", "transfer"), status=403, step="check", target="XE", **TRANSFER)


def test_a_proposal_of_others_is_as_if_it_were_not_there(counter: Counter) -> None:
    ann, carl = counter.browser("ann"), counter.browser("carl")
    address = counter.propose("ann", ann, "steel", "trust", target=counter.bureau.number("kiln"))
    carl.get(address, status=404)
    assert "3301" in carl.text
    carl.get("/proposals/example/txn_none", status=404)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://registry.example", "sec-fetch-site": "same-site"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_not_heard(counter: Counter, headers: dict[str, str]) -> None:
    ann = counter.browser("ann")
    path = counter.my("steel", "trust")
    ann.get(path)
    ann.post(path, status=403, headers=headers, step="check", target="XE-120-8-0-90")
    ann.post("/sign-in", status=403, headers=headers, login="ann", password="a", code="1")  # noqa: S106  nobody's


def test_a_form_without_the_mark_of_the_session_or_with_anothers_is_not_heard(
    counter: Counter,
) -> None:
    ann, carl = counter.browser("ann"), counter.browser("carl")
    path = counter.my("steel", "trust")
    carl.get("/today")
    ann.get("/today")
    for mark in ("", "0" * 64, carl.hidden("form_token")):
        ann.post(path, status=403, form_token=mark, step="check", target="XE-120-8-0-90")
        assert "9255" in ann.text


def test_the_token_is_new_at_sign_in_and_with_every_signature(counter: Counter) -> None:
    ann = Browser(counter.app)
    ann.get("/sign-in")
    ann.client.cookies.set("__Host-tonne", "f" * 64, domain="registry.example", path="/")
    login = counter.someone("ann").login
    ann.post("/sign-in", status=303, login=login, password=PASSWORD, code=counter.code("ann"))
    said = [each for each in ann.answer.headers.get_list("set-cookie") if "__Host-tonne=" in each]
    assert len(said) == 1
    first = said[0].partition("=")[2].partition(";")[0]
    assert first != "f" * 64
    assert len(first) == 64
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in said[0]
    assert "Domain" not in said[0]
    other = counter.browser("ann")
    before = other.token
    counter.propose("ann", other, "steel", "trust", target=counter.bureau.number("kiln"))
    assert other.token not in {"", before}


def test_a_code_that_was_used_does_not_sign(counter: Counter) -> None:
    ann = counter.browser("ann")
    path = counter.my("steel", "trust")
    fields: Any = {"target": counter.bureau.number("kiln")}
    used = counter.porch.code(counter.someone("ann"))
    ann.get(path)
    ann.post(path, step="check", **fields)
    ann.post(path, status=400, step="sign", code=used, **fields)
    assert "9113" in ann.text
    ann.get("/today")
    assert "What you propose stands here" in ann.text


def test_five_wrong_codes_end_the_session(counter: Counter) -> None:
    ann = counter.browser("ann")
    path = counter.my("steel", "trust")
    fields: Any = {"target": counter.bureau.number("kiln")}
    ann.get(path)
    ann.post(path, step="check", **fields)
    for _ in range(4):
        ann.post(path, status=400, step="sign", code="000000", **fields)
    ann.post(path, status=303, step="sign", code="000000", **fields)
    assert ann.answer.headers["location"].startswith("/sign-in")


def test_what_differs_from_what_was_shown_is_not_signed(counter: Counter) -> None:
    ann, _ = trusting(counter)
    path, to = counter.my("steel", "transfer"), counter.bureau.number("kiln")
    ann.get(path)
    ann.post(path, step="check", target=to, unit="EXA-1", count="5")
    for other in ({"count": "50"}, {"key": "another"}):
        fields: Any = {"target": to, "unit": "EXA-1", "count": "5"} | other
        ann.post(path, status=400, step="sign", code=counter.code("ann"), **fields)
        assert "9256" in ann.text
        ann.get(path)
        ann.post(path, step="check", target=to, unit="EXA-1", count="5")


def test_a_form_that_is_sent_twice_proposes_once(counter: Counter) -> None:
    ann = counter.browser("ann")
    path = counter.my("steel", "trust")
    fields: Any = {"target": counter.bureau.number("kiln")}
    ann.get(path)
    ann.post(path, step="check", **fields)
    key = ann.hidden("key")
    ann.post(path, status=303, step="sign", code=counter.code("ann"), **fields)
    first = ann.answer.headers["location"]
    ann.get("/today")
    ann.post(path, status=303, step="sign", code="", key=key, **fields)
    assert ann.answer.headers["location"] == first


def test_no_page_of_somebody_is_kept_by_anybody(counter: Counter) -> None:
    ann = counter.browser("ann")
    paths = ["/today", "/you", counter.my("steel"), counter.my("steel", "transfer")]
    for path in [*paths, "/my/XE-1", "/sign-in", "/enrol"]:
        ann.client.get(path)
        answer = ann.client.get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "script-src" not in answer.headers["content-security-policy"]
    stranger = Browser(counter.app)
    for path in paths:
        stranger.get(path, status=303)
        assert stranger.answer.headers["cache-control"] == "no-store"
        assert stranger.answer.headers["location"].startswith("/sign-in?back=")


def test_after_signing_in_one_is_where_one_wanted_to_be_and_never_elsewhere(
    counter: Counter,
) -> None:
    for back, goes in (("/you", "/you"), ("//elsewhere.example", "/today"), ("", "/today")):
        ann = Browser(counter.app)
        ann.get("/sign-in")
        login = counter.someone("ann").login
        code = counter.code("ann")
        ann.post("/sign-in", status=303, login=login, password=PASSWORD, code=code, back=back)
        assert ann.answer.headers["location"] == goes


def test_a_name_that_is_written_to_do_harm_is_only_read(counter: Counter) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    ann = counter.browser("ann")
    ann.get(counter.my("steel", "cancel"))
    fields: Any = {
        "unit": "EXA-1",
        "count": "1",
        "beneficiary": hostile,
        "purpose": '"><img src=x>',
    }
    address = counter.propose("ann", ann, "steel", "cancel", **fields)
    for path in (address, "/today", counter.my("steel")):
        ann.get(path)
        assert "<script>alert" not in ann.page
        assert "<img" not in ann.page
        assert "\u202e" not in ann.page
        assert "&lt;script&gt;" in ann.page
    ann.get("/sign-in")
    ann.post("/sign-in", status=400, login='"><script>', password="x", code="1")  # noqa: S106  nobody's
    assert "<script>" not in ann.page.replace('<script src="/static/', "")
