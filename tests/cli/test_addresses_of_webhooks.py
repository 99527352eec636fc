"""What is not public is no address of a webhook, however it is written."""

from datetime import timedelta
from ipaddress import ip_address

import pytest

from switchboard import Counter, a_counter, grounds
from tonne.cli import telling
from tonne.signin import hooks

HOOKS = "/v1/schemes/example/webhook-endpoints"


@pytest.fixture(scope="module")
def strict() -> Counter:
    """A counter at which webhooks must be public."""
    return a_counter()


@pytest.mark.parametrize(
    "url",
    [
        "http://books.example/", "ftp://books.example/", "https://", "https://a:b@books.example/",
        "https://books.example/#x", "https://localhost/", "https://127.0.0.1/", "https://[::1]/",
        "https://10.0.0.8/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://[fe80::1]/", "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/",
        "https://224.0.0.1/", "https://books.internal/", "https://books.example:0/",
        "https://books.example/ x", "https://[", "https://" + "a" * 500,
    ],
)  # fmt: skip
def test_what_is_not_public_is_no_address_of_a_webhook(strict: Counter, url: str) -> None:
    answer = strict.post(HOOKS, {"url": url}, by="ann", good="hooks")
    assert grounds(answer)[1] in ([9186], [9200]), answer.text
    assert telling.bring(url, {}, b"").status is None


def test_public_addresses_are_public() -> None:
    for number in ("93.184.216.34", "2606:2800:220:1::1"):
        assert hooks.is_public(ip_address(number), loopback=False)
    assert timedelta(0) < hooks.AGAIN[0] < hooks.GIVEN_UP_AFTER
