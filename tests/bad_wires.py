"""The way to one side of the talk: by chance it loses, repeats, delays."""

import json
import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from operator import itemgetter
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

    def bring(self, path: str, raws: list[bytes]) -> list[dict[str, object]]:
        """Bring letters to the side itself; what it says of each, or that none was heard."""
        connection = HTTPConnection("127.0.0.1", self.target, timeout=60)
        with suppress(OSError, HTTPException, ValueError, KeyError):
            connection.request("POST", path, b"\n".join(raws))
            found: list[dict[str, object]] = json.loads(connection.getresponse().read())["letters"]
            connection.close()
            if len(found) == len(raws):
                return found
        connection.close()
        return [{"heard": False} for _ in raws]

    def carry(self, path: str, raws: list[bytes]) -> list[dict[str, object]]:
        """Bring some letters, of which each has its own fate, in another order."""
        fates = [self.fate() for _ in raws]
        answers: list[dict[str, object]] = [{"heard": False} for _ in raws]
        brought = [place for place, fate in enumerate(fates) if fate not in {"late", "lost"}]
        with self.alone:
            late = [raw for raw, fate in zip(raws, fates, strict=True) if fate == "late"]
            self.late += [(path, raw) for raw in late]
            if self.bad:
                self.chance.shuffle(brought)
        if brought:
            told = self.bring(path, [raws[place] for place in brought])
            for place, answer in zip(brought, told, strict=True):
                if fates[place] != "answer lost":
                    answers[place] = answer
        twice = [raw for raw, fate in zip(raws, fates, strict=True) if fate == "twice"]
        if twice:
            self.bring(path, twice)
        self.bring_late()
        return answers

    def bring_late(self, *, everything: bool = False) -> None:
        """Bring letters that were kept back, the last first."""
        with self.alone:
            keep = 0 if everything else 3
            due, self.late = self.late[keep:], self.late[:keep]
        for path, raws in groupby(reversed(due), key=itemgetter(0)):
            self.bring(path, [raw for _, raw in raws])

    def close(self) -> None:
        """Close the port."""
        self.shutdown()
        self.server_close()
        self.thread.join(5)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away in the middle is killed, as they should be."""


class Carrier(BaseHTTPRequestHandler):
    """Letters on their way."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    server: Wire

    def do_POST(self) -> None:
        raws = self.rfile.read(int(self.headers["Content-Length"])).splitlines()
        body = json.dumps({"letters": self.server.carry(self.path, raws)}).encode()
        with suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""
