"""Three processes on three databases, and a network between them that fails by seed.

Run as a script it makes a long run: ``python tests/chaos.py --transfers 3000 --seed 1``.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bad_wires import Wire
from linked import CODES, KEYS, LOG, LOG_KEY, PUBLIC, Registry, Three, desk_of, scheme_folder
from tonne import operations
from tonne.linking import Link, Listed, PrivateKey, Standing, State
from tonne.operations import Exchange
from tonne.store import BOOKS as BOOKS_FOLDER
from tonne.store import LOG as LOG_FOLDER
from tonne.store import LogStore, PostgresStore, database, server

ISSUED, COUNT_MAX = 20_000, 20
WITHIN_SECONDS = 120
"""Long for a machine with much to do. If it is too short, proposals are terminated, no more."""

BURST_MAX = 12
"""So many proposals are made at a time, by one registry."""

OPEN_MAX = 100
STILL_SECONDS = 4 * WITHIN_SECONDS
"""If nothing changes for so long, longer than anybody waits for anybody, something hangs."""

MAIN = "import sys; from tonne.cli import main; sys.exit(main())"


@dataclass
class Running:
    """One side as a process, which may be killed and started again on the same port."""

    name: str
    url: str
    words: list[str]
    errors: Path
    port: int = 0
    process: "subprocess.Popen[str] | None" = None
    kills: int = 0

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.launch()
        self.wait_for_it()

    def launch(self) -> None:
        """Start it."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TONNE_")}
        environment["TONNE_DATABASE_URL"] = self.url
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        words = [sys.executable, "-c", MAIN, *self.words, "--port", str(self.port)]
        with self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                words, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def wait_for_it(self) -> None:
        """Wait until it listens."""
        assert self.process is not None
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        assert "listens on port" in told, f"{self.name}: {told} {self.errors.read_text()}"
        self.port = int(told.rstrip(" .\n").rpartition(" ")[2])

    def kill(self) -> None:
        """Kill it at once."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.close()
        self.kills += 1

    def stop(self) -> None:
        """Ask it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.close()

    def close(self) -> None:
        """Let go of what it says."""
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Chaos:
    """A run: what is proposed, what fails when, and what came of it; all of it by seed."""

    seed: int
    transfers: int
    incidents: int
    three: Three
    sides: dict[str, Running]
    wires: dict[str, Wire]
    proposed: dict[str, str] = field(default_factory=dict)
    """By proposal, who made it."""

    told: list[str] = field(default_factory=list)

    def run(self) -> Counter[str]:
        """Propose, kill, cut; then let everything end, and count what became of the proposals."""
        chance = Random(self.seed)  # noqa: S311  no secret
        bursts: list[int] = []
        while (left := self.transfers - sum(bursts)) > 0:
            bursts.append(min(left, chance.randint(1, BURST_MAX)))
        steps = bursts + [0] * self.incidents
        chance.shuffle(steps)
        for wire in self.wires.values():
            wire.bad = True
        for count in steps:
            self.keep_pace()
            if count:
                self.propose(chance, count)
            else:
                self.incident(chance)
        for wire in self.wires.values():
            wire.bad = False
            wire.bring_late(everything=True)
        self.settle()
        self.check()
        log = self.three.at_log(lambda books: books.standings(books.all_proposals()))
        return Counter(each.state.name for each in log.values())

    def close(self) -> None:
        """Close the wires."""
        for wire in self.wires.values():
            wire.close()

    def keep_pace(self) -> None:
        """Let those who propose wait while much is under way, as slow as the machine may be."""
        until = time.monotonic() + WITHIN_SECONDS / 6
        while time.monotonic() < until and self.three.at_log(_is_much):
            time.sleep(0.1)

    def propose(self, chance: Random, count: int) -> None:
        """A registry proposes to send some units to the other, several times."""
        giver, taker = chance.sample(CODES, 2)
        registry, there = self.three.registries[giver], self.three.registries[taker]
        holding = [
            (name, unit)
            for name in ("ana", "bob")
            for unit, held in sorted(registry.held(name).items())
            if held >= COUNT_MAX * count
        ]
        exchanges = [
            Exchange(
                key=registry.key(),
                kind="transfer",
                verb="send",
                source=registry.accounts[source],
                target=there.accounts[target] if chance.random() > 0.05 else "XX-1",
                unit=unit,
                count=chance.randint(1, COUNT_MAX),
                taker=taker,
            )
            for target in chance.choices(("ana", "bob"), k=count)
            for source, unit in [chance.choice(holding)]
        ]
        desk = desk_of(datetime.now(UTC))
        standings = registry.run(
            lambda books: [
                operations.propose(books, registry.scheme, each, desk=desk) for each in exchanges
            ]
        )
        self.proposed |= dict.fromkeys((each.id for each in standings), giver)

    def incident(self, chance: Random) -> None:
        """Something fails: a process is killed, or a port is closed for a while."""
        name = chance.choice([LOG, *CODES])
        rest = chance.uniform(0.05, 0.4)
        if chance.random() < 0.6:
            self.told.append(f"killed {name}")
            self.sides[name].kill()
            time.sleep(rest)
            self.sides[name].start()
        else:
            self.told.append(f"cut off {name}")
            wire = self.wires[name]
            port, target = wire.server_port, wire.target
            wire.close()
            time.sleep(rest)
            again = Wire(target, chance.randrange(10**6), port)
            again.bad, again.late, again.fates = True, wire.late, wire.fates
            self.wires[name] = again

    def settle(self) -> None:
        """Wait until nobody has anything to say and every proposal is final.

        How long that takes depends on the machine; but something must always change.
        """
        before: list[str] = []
        until = 0.0
        while found := self.unsettled():
            if found != before:
                before, until = found, time.monotonic() + STILL_SECONDS
            assert time.monotonic() < until, f"these do not end: {found[:10]}"
            assert all(each.process and each.process.poll() is None for each in self.sides.values())
            time.sleep(0.1)

    def unsettled(self) -> list[str]:
        """What is not final, or not known to have been heard, on any side."""
        found = self.three.at_log(lambda b: [*b.open_proposals(), *map(str, b.waiting(LOG))])
        for code, registry in self.three.registries.items():
            found += registry.run(lambda books: books.open_proposals())
            found += map(str, registry.run(partial(_waiting, code=code)))
        return found

    def check(self) -> None:
        """No number in two places, none nowhere; all sides agree; all books are whole."""
        now = datetime.now(UTC)
        for code in CODES:
            ask = partial(operations.ask_for_holdings, registry=code, at=now)
            self.three.at_log(ask)
        self.settle()
        rounds = self.three.at_log(lambda books: books.rounds())
        assert {code: found.differences for code, found in rounds.items()} == {"XA": (), "XB": ()}
        held = [
            each.block
            for registry in self.three.registries.values()
            for each in registry.run(lambda books: books.ranges())
        ]
        for code in CODES:
            blocks = sorted(block for block in held if block.series == code)
            reached = 0
            for block in blocks:
                assert block.first == reached + 1, f"{block} after {reached}"
                reached = block.last
            assert reached == ISSUED
        assert self.three.at_log(operations.line_faults) == []
        log = self.three.at_log(lambda books: books.standings(books.all_proposals()))
        for registry in self.three.registries.values():
            assert registry.run(lambda books: books.check()) == []
            assert registry.held("under_way") == {}
            theirs = registry.run(lambda books: books.standings(books.all_proposals()))
            for name, standing in theirs.items():
                assert _done(standing) == _done(log.get(name)), name
        done = {name for name, each in log.items() if each.state is State.COMPLETED}
        for name, giver in self.proposed.items():
            for code in CODES if name in done else (giver,):
                registry = self.three.registries[code]
                assert (registry.state(name) is State.COMPLETED) == (name in done), name


def _done(standing: Standing | None) -> bool:
    return standing is not None and standing.state is State.COMPLETED


def _is_much(books: operations.LogBooks) -> bool:
    return len(books.open_proposals()) + len(books.waiting(LOG, limit=OPEN_MAX)) > OPEN_MAX


def _waiting(books: operations.Books, code: str) -> list[Any]:
    return books.waiting(code)


@contextmanager
def chaos(
    admin_url: str, place: Path, *, seed: int, transfers: int, incidents: int
) -> Iterator[Chaos]:
    """Make three databases, found and link everything, start three processes and three wires."""
    with ExitStack() as stack:
        names = {name: f"chaos_{os.getpid()}_{name.lower()}" for name in (LOG, *CODES)}
        urls = {name: database.named(admin_url, base) for name, base in names.items()}
        for name, url in urls.items():
            database.prepare(url, fresh=True, folder=LOG_FOLDER if name == LOG else BOOKS_FOLDER)
            stack.callback(_drop, admin_url, names[name])
        laws = {code: scheme_folder(place / code.lower(), code) for code in CODES}
        log = stack.enter_context(LogStore(urls[LOG]))
        registries = {
            code: Registry(
                code,
                stack.enter_context(PostgresStore(urls[code])),
                operations.load_scheme(laws[code]),
            )
            for code in CODES
        }
        three = Three(log, registries, now=datetime.now(UTC)).found()
        for code in CODES:
            three.issue(code, ISSUED)
        within = ["--within", str(WITHIN_SECONDS)]
        words = {LOG: ["log", "serve", *within, *_key_file(place, LOG, LOG_KEY)]}
        for code in CODES:
            more = ["--scheme", str(laws[code]), *_key_file(place, code, KEYS[code])]
            words[code] = ["registry", "serve", *within, *more]
        sides, wires = {}, {}
        for name in (LOG, *CODES):
            side = Running(name, urls[name], words[name], place / f"{name}.txt")
            stack.callback(side.stop)
            side.launch()
            sides[name] = side
        for number, (name, side) in enumerate(sides.items()):
            side.wait_for_it()
            wires[name] = Wire(side.port, seed * 10 + number)
        found = Chaos(seed, transfers, incidents, three, sides, wires)
        stack.callback(found.close)
        _link(three, wires)
        yield found


def _key_file(place: Path, name: str, key: PrivateKey) -> list[str]:
    """The words that tell a side where its private key is."""
    file = place / f"{name}.key"
    file.touch(mode=0o600)
    file.write_text(key.value.hex(), "ascii")
    return ["--key-file", str(file)]


def _link(three: Three, wires: dict[str, Wire]) -> None:
    """Tell every side by which wire the others are reached."""
    now = datetime.now(UTC)
    addresses = {name: f"http://127.0.0.1:{wire.server_port}" for name, wire in wires.items()}
    for code, registry in three.registries.items():
        listed = Listed(code, addresses[code], PUBLIC[code])
        three.at_log(partial(operations.list_registry, listed=listed, reason="by its wire", at=now))
        link = Link(code, LOG, addresses[LOG], LOG_KEY.public())
        registry.run(
            partial(
                operations.link_registry,
                scheme=registry.scheme,
                asked=link,
                key=registry.key(),
                desk=operations.Desk(by="administrator", day=now.date(), at=now),
            )
        )


def _drop(admin_url: str, name: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'drop database if exists "{name}" with (force)'.encode())


def main() -> None:
    """A long run, told at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=3000)
    parser.add_argument("--incidents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="tonne-chaos-", dir="/var/tmp"))
    place.chmod(0o711)
    began = time.monotonic()
    try:
        ours = server.Server(home=place / "home")
        with (
            server.using(ours),
            chaos(
                server.url(ours, server.OWNER, "postgres"),
                place,
                seed=told.seed,
                transfers=told.transfers,
                incidents=told.incidents,
            ) as run,
        ):
            states = run.run()
            fates = sum((wire.fates for wire in run.wires.values()), Counter())
    finally:
        shutil.rmtree(place, ignore_errors=True)
    took = time.monotonic() - began
    sys.stdout.write(
        f"seed {told.seed}: {dict(states)} in {took:.0f} s\n"
        f"incidents: {dict(Counter(run.told))}; letters: {dict(fates)}\n"
        "no number in two places, none nowhere; every proposal final; reconciliation clean\n"
    )


if __name__ == "__main__":
    main()
