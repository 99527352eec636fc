"""A program that listens on this machine, to which webhooks are told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Ear:
    """A program that listens on this machine."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """What it answers, one after the other; 204 when there are none left."""

    url: str = ""


@contextmanager
def listening() -> Iterator[Ear]:
    """A server on this machine."""
    ear = Ear()

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append((dict(self.headers), body))
            self.send_response(ear.answers.pop(0) if ear.answers else 204)
            self.send_header("Location", f"{ear.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    ear.url = f"http://127.0.0.1:{made.server_port}"
    yield ear
    made.shutdown()
    made.server_close()
