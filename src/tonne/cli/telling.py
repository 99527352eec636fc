"""A message is brought to a webhook: to an address that is public, and to no other.

The name of a host is looked up once, every address that it has must be public, and one of these is
called. So a name that means something else a moment later leads nowhere else. Nothing is followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from tonne.signin import hooks

SECONDS = 10.0
"""So long an answer may take, all together."""

_YES = range(200, 300)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a telling."""

    status: int | None
    fault: str
    """Why it was not heard, or nothing."""


def bring(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    loopback: bool = False,
    seconds: float = SECONDS,
) -> Answer:
    """Bring a message; whatever goes wrong is told."""
    why = hooks.address_fault(url, loopback=loopback)
    if why:
        return Answer(None, f"Not brought: {why}.")
    found = urlsplit(url)
    assert found.hostname, "it was looked at"
    port = found.port or (443 if found.scheme == "https" else 80)
    try:
        number = _looked_up(found.hostname, port, loopback=loopback)
    except OSError:
        return Answer(None, "The name of the host is not known.")
    if number is None:
        return Answer(None, "The host is not on the public internet.")
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    try:
        connection = _called(
            number, port, found.hostname, tls=found.scheme == "https", seconds=seconds
        )
    except (OSError, ssl.SSLError) as fault:
        return Answer(None, _told(fault))
    try:
        return _asked(connection, path, headers, body, seconds=seconds)
    finally:
        connection.close()


def _looked_up(host: str, port: int, *, loopback: bool) -> str | None:
    """The address of a host; none if one of those that it has is not public."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = [str(row[4][0]).partition("%")[0] for row in rows]
    public = all(hooks.is_public(ip_address(each), loopback=loopback) for each in numbers)
    return numbers[0] if numbers and public else None


def _called(
    number: str, port: int, host: str, *, tls: bool, seconds: float
) -> http.client.HTTPConnection:
    """A connection to the address itself, under the name of the host."""
    line = socket.create_connection((number, port), timeout=seconds)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    if tls:
        try:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        except BaseException:
            line.close()
            raise
        connection = http.client.HTTPSConnection(host, port, timeout=seconds)
    connection.sock = line
    return connection


def _asked(
    connection: http.client.HTTPConnection,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    seconds: float,
) -> Answer:
    """What is answered; of that only the status is read. Who dawdles is cut off."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", path, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        return Answer(None, "No answer came in time." if late.is_set() else _told(fault))
    finally:
        timer.cancel()
    return Answer(status, "" if status in _YES else f"It was answered with {status}.")


def _told(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "No answer came in time."
    if isinstance(fault, ssl.SSLCertVerificationError):
        return "The certificate of the host is not valid."
    return f"The host was not reached: {type(fault).__name__}."
