"""What watches over the browser would see a request that goes elsewhere, and a broken script."""

import pytest
from playwright.sync_api import Browser, Error

from stage import Stage, a_visitor, is_ours


def test_a_request_that_goes_elsewhere_is_stopped_and_told(stage: Stage, browser: Browser) -> None:
    with a_visitor(stage, browser) as visitor:
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            visitor.page.goto("http://192.0.2.1/")
        assert visitor.faults == ["asked elsewhere: http://192.0.2.1/"]
        visitor.faults.clear()


def test_a_script_that_breaks_is_told(stage: Stage, browser: Browser) -> None:
    stage.settled()
    with a_visitor(stage, browser) as visitor:
        visitor.open("/about")
        with visitor.context.expect_event("weberror"):
            visitor.page.evaluate("() => { setTimeout(() => { throw Error('it broke') }) }")
        assert visitor.faults == ["it broke"]
        visitor.faults.clear()


def test_what_went_wrong_in_a_browser_fails_its_test(stage: Stage, browser: Browser) -> None:
    stage.settled()
    with pytest.raises(AssertionError, match="404 fetch"), a_visitor(stage, browser) as visitor:
        visitor.open("/about").page.evaluate("() => fetch('/nowhere')")


@pytest.mark.parametrize("address", ["https://localhost.example/", "http://127.0.0.10/", "ftp://a"])
def test_what_only_looks_like_ours_is_elsewhere(address: str) -> None:
    assert not is_ours(address)
