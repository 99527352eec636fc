"""What is described to programs that act for people is true: every answer is one it names."""

from datetime import datetime
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bureau import MONDAY
from switchboard import Counter, a_counter


class Clock:
    """A clock that stands where it is put."""

    at = MONDAY

    def now(self) -> datetime:
        """What time it is."""
        return self.at

    def move(self, to: datetime) -> list[str]:
        """Nothing falls due."""
        self.at = to
        return []


COUNTER = a_counter(sandbox_clock=Clock())
# What needs no key is asked without one in test_described_answers.
DESCRIBED = schemathesis.openapi.from_asgi("/openapi.json", COUNTER.app).include(
    lambda each: "security" in each.operation.definition.raw or "token" in each.operation.path
)


MANY, TURNS = "POST /v1/schemes/{scheme}/proposals", count()
"""What may be of twenty kinds has a thousand wrong forms: every third is asked for."""


@DESCRIBED.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_no_answer_to_a_key_is_a_fault_or_is_not_described(
    case: "schemathesis.Case[Any]",
) -> None:
    if case.operation.label == MANY and next(TURNS) % 3:
        return
    # Which accounts, proposals and rules there are, no description says.
    good = "approve" if case.path.endswith(("approve", "reject")) else "propose"
    good = "hooks" if "webhook" in case.path else good
    if {"trades", "orders", "deals", "bids"} & {*case.path.split("/")}:
        good = "trade"
    case.call_and_validate(
        headers=COUNTER.key("sara", good), excluded_checks=[positive_data_acceptance]
    )


@pytest.fixture(scope="module")
def counter() -> Counter:
    """The counter, at which nothing is done."""
    return COUNTER


def test_what_needs_a_key_says_so_and_has_names_that_stay(counter: Counter) -> None:
    told = counter.app.openapi()
    named = {
        operation["operationId"]: (method, operation)
        for path in told["paths"].values()
        for method, operation in path.items()
        if "security" in operation
    }
    assert sorted(named) == [
        "amend_order", "approve_proposal", "cancel_bid", "cancel_order", "cancel_orders",
        "cancel_proposal", "create_order", "create_proposal", "create_webhook_endpoint",
        "get_account_people", "get_clock", "get_deal", "get_me", "get_order",
        "get_organisation", "get_proposal", "get_webhook_endpoint", "list_bids", "list_deals",
        "list_emissions", "list_events", "list_holdings", "list_orders",
        "list_organisations", "list_own_trades", "list_proposals", "list_tasks",
        "list_transactions", "list_webhook_deliveries", "list_webhook_endpoints",
        "move_clock", "reject_deal", "reject_proposal", "remove_webhook_endpoint", "replay_webhook",
        "start_webhook", "stream_events", "turn_webhook_secret",
    ]  # fmt: skip
    for _, operation in named.values():
        assert operation["description"]
        assert {"401", "403", "404", "429"} <= operation["responses"].keys()
        assert "304" not in operation["responses"]
        assert ("422" in operation["responses"]) == ("requestBody" in operation)
    assert told["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    _, listed = named["list_proposals"]
    (state,) = (each for each in listed["parameters"] if each["name"] == "state")
    assert (state["schema"]["type"], state["style"], state["explode"]) == ("array", "form", False)
    _, made = named["create_proposal"]
    body = made["requestBody"]["content"]["application/json"]["schema"]
    assert body["discriminator"]["propertyName"] == "verb"
    assert set(body["discriminator"]["mapping"]) > {"transfer", "surrender", "appoint"}
