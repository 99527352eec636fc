"""The way to one side of the talk: by chance it loses, repeats, delays."""

import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random


class Wire(ThreadingHTTPServer):
    """The way to one side; by chance it loses, repeats, delays, and answers what is not so."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: int, seed: int, port: int = 0) -> None:
        self.target, self.chance = target, Random(seed)  # noqa: S311  no secret
        self.bad = False
        self.fates: Counter[str] = Counter()
        self.late: list[tuple[str, bytes]] = []
        self.alone = threading.Lock()
        super().__init__(("127.0.0.1", port), Carrier)
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def fate(self) -> str:
        """What happens to the next letter."""
        with self.alone:
            fates = ["fine"] * 12 + ["lost", "answer lost", "twice", "late", "late"]
            chosen = self.chance.choice(fates) if self.bad else "fine"
            self.fates[chosen] += 1
            return chosen

    def bring(self, path: str, raw: bytes) -> tuple[int, bytes]:
        """Bring a letter to the side itself."""
        connection = HTTPConnection("127.0.0.1", self.target, timeout=10)
        try:
            connection.request("POST", path, raw, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 502, b"{}"
        finally:
            connection.close()

    def bring_late(self, *, everything: bool = False) -> None:
        """Bring letters that were kept back, the last first."""
        with self.alone:
            keep = 0 if everything else 3
            due, self.late = self.late[keep:], self.late[:keep]
        for path, raw in reversed(due):
            self.bring(path, raw)

    def close(self) -> None:
        """Close the port."""
        self.shutdown()
        self.server_close()
        self.thread.join(5)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away in the middle is killed, as they should be."""


class Carrier(BaseHTTPRequestHandler):
    """One letter on its way."""

    server: Wire

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        fate = self.server.fate()
        status, body = 503, b"{}"
        if fate == "late":
            with self.server.alone:
                self.server.late.append((self.path, raw))
        elif fate != "lost":
            status, body = self.server.bring(self.path, raw)
            if fate == "twice":
                self.server.bring(self.path, raw)
            if fate == "answer lost":
                status, body = 503, b"{}"
        self.server.bring_late()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""
