"""The description of the interface is true: whatever is asked, the answer is one it names."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from front_desk import FrontDesk, lived
from tonne.store import MemoryStore

DESK = FrontDesk(lived(MemoryStore()))
DESCRIBED = schemathesis.openapi.from_asgi("/openapi.json", DESK.app)


@DESCRIBED.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_no_answer_is_a_fault_or_is_not_described(case: "schemathesis.Case[Any]") -> None:
    # Which cursors, fields and versions there are, no description says.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


def test_the_description_is_stable_and_has_examples(desk: FrontDesk) -> None:
    told = desk.get("/openapi.json")
    assert told["openapi"] == "3.1.0"
    names = [each["operationId"] for path in told["paths"].values() for each in path.values()]
    assert sorted(names) == [
        "get_account", "get_auction", "get_book", "get_deprecation", "get_health",
        "get_installation", "get_instrument", "get_metrics", "get_readiness", "get_refusal",
        "get_retirement", "get_scheme", "get_unit", "get_unit_history", "list_accounts",
        "list_auctions", "list_candles", "list_deprecations", "list_installations",
        "list_instruments", "list_outcomes", "list_refusals", "list_retirements", "list_schemes",
        "list_trades",
        "stream_instrument",
    ]  # fmt: skip
    for path in told["paths"].values():
        for operation in path.values():
            assert operation["description"]
            assert {"200", "400", "404", "429", "500", "503"} <= operation["responses"].keys()
            assert "422" not in operation["responses"]
    assert '"examples"' in desk.client.get("/openapi.json").text
    assert "HTTPValidationError" not in told["components"]["schemas"]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_that_loads_from_elsewhere_is_served(desk: FrontDesk, path: str) -> None:
    assert desk.refused(path) == (404, [9201])
