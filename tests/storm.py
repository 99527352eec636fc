"""An engine under load, of which now and then something is killed; by seed.

Orders come in batches through a pipe to a process of its own, on a server of its own. The process,
its worker in the server, or the server is killed at any moment; it is started again, and batches
that were not answered are sent again under their keys. A reference run has the same batches in
memory and no kills. Run as a script it makes a long run: ``python tests/storm.py --seed 1``.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import psycopg

from bourse import CODE, NOON, SUBJECT, Bourse
from land import UNIT, Land, example
from order_streams import some_terms
from purse import Purse
from storm_engine import Batch, Line, Told, told_by
from tonne.market import Message, Side, order_refusals
from tonne.operations import Books, Engine
from tonne.store import MemoryStore, PostgresStore, database, server

DAYS, HOURS = 4, 9
EARLY = NOON - timedelta(hours=3, minutes=30)
PEOPLE = tuple(f"works{number}" for number in range(1, 9))
UNITS, EUROS = 60, "400.00"
BATCH_MAX, AHEAD = 20, 6
"""So many messages come together at most, and so many batches wait for their answers."""

ASKED_AGAIN = 20
"""So many batches are sent once more at the end: they are answered as they were."""

NAME = "tonne_storm"
VICTIMS = ("engine", "worker", "server")
PATIENCE_SECONDS = 120


@dataclass
class Storm:
    """A run: what is sent, what is killed when, and what came of it."""

    seed: int
    incidents: int
    home: Path
    batches: list[Batch]
    wanted: dict[str, Told]
    reference: Bourse
    answered: dict[str, Told] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    caught: int = 0
    """How many batches had been committed and not answered when something was killed."""

    def run(self) -> None:
        """Send everything, kill now and then; then look whether all is as if nothing had been."""
        with ExitStack() as stack:
            ours = server.Server(home=self.home)
            stack.enter_context(server.using(ours))
            url = database.named(server.url(ours, server.OWNER, "postgres"), NAME)
            database.prepare(url, fresh=True)
            with PostgresStore(url) as store:
                settle(Land(store))
            self._through(ours, url, stack)
            with PostgresStore(url) as store:
                self.check(store)

    def _through(self, ours: server.Server, url: str, stack: ExitStack) -> None:
        chance = Random(self.seed)  # noqa: S311  no secret
        # Between two there is always a restart: no more answers than batches can be on their way.
        places = range(1, len(self.batches) - AHEAD, AHEAD + 1)
        moments = deque(sorted(chance.sample(places, min(self.incidents, len(places)))))
        line = Line(self.home.with_name("engine.txt"))
        stack.callback(line.end)
        line.start(url)
        restarts = 0
        while len(self.answered) < len(self.batches):
            self._send(line)
            told = line.read()
            if told is None:
                line.end()
                assert self.killed.total() > restarts, line.errors.read_text()
                restarts = self.killed.total()
                stack.enter_context(server.using(ours))
                self._look(url)
                line.start(url)
                continue
            self.hear(told)
            if moments and len(self.answered) >= moments[0]:
                moments.popleft()
                time.sleep(chance.uniform(0, 0.04))
                self._kill(chance.choice(VICTIMS), line, ours)

    def _send(self, line: Line) -> None:
        """Have always some batches wait, so that there is load when something is killed."""
        waiting = [each for each in self.batches if each.key not in self.answered][:AHEAD]
        for each in waiting:
            if each.key not in line.sent:
                self.sent[each.key] += 1
                line.write(each)

    def hear(self, told: Told) -> None:
        """An answer is what the reference run had, or says of a batch sent again what it was."""
        wanted = self.wanted[told.key].answers
        assert len(told.answers) == len(wanted)
        for ours, theirs in zip(told.answers, wanted, strict=True):
            again = self.sent[told.key] > 1 and _same_refusal(ours, theirs)
            assert ours == theirs or again, (told.key, ours, theirs)
        assert told.key not in self.answered, "a batch is answered once"
        self.answered[told.key] = told

    def _kill(self, victim: str, line: Line, ours: server.Server) -> None:
        self.killed[victim] += 1
        pid = {
            "engine": line.pid,
            "worker": line.worker,
            "server": server.status(ours).pid if victim == "server" else 0,
        }[victim]
        assert pid, "there is somebody to be killed"
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if victim != "engine":
            time.sleep(0.05)  # What is left may still do something.

    def _look(self, url: str) -> None:
        """What stands after a crash: whole batches, all that were answered, and whole books."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with PostgresStore(url) as store:
                    known = store.run(
                        lambda books: [each for each in self.batches if books.known(each.key)]
                    )
                    assert store.run(lambda books: books.check()) == []
            except psycopg.OperationalError:
                # A server of which a worker was killed takes nobody for a moment.
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                break
        stands = {each.key for each in known}
        unheard = [each.key for each in self.batches if each.key not in self.answered]
        assert stands >= {key for key in self.answered if self._wrote(key)}
        assert stands.isdisjoint(unheard[AHEAD:]), "what was not sent does not stand"
        self.caught += len(stands.intersection(unheard))

    def _wrote(self, key: str) -> bool:
        return self.reference.land.run(lambda books: books.known(key)) is not None

    def check(self, store: PostgresStore) -> None:
        """Everything is as in the reference run, and what was answered is answered alike again."""
        ours = Land(store, accounts=dict(self.reference.land.accounts))
        assert ours.run(lambda books: books.check()) == []
        Purse(ours).is_whole()
        for topic in ("order", "trade"):
            ours_said, theirs_said = (
                land.run(lambda books: self._said(books, topic))  # noqa: B023  called at once
                for land in (ours, self.reference.land)
            )
            assert ours_said == theirs_said
        assert ours.run(self._state) == self.reference.land.run(self._state)
        engine = Engine(example(), CODE)
        # A batch of which all was refused was not written down: it would be decided anew.
        wrote = [each for each in self.batches if self._wrote(each.key)]
        for batch in wrote[:: -(-len(wrote) // ASKED_AGAIN)]:
            told = told_by(engine, store, batch).answers
            for now, then in zip(told, self.answered[batch.key].answers, strict=True):
                assert now == then or _same_refusal(now, then), (batch.key, now, then)
        assert ours.run(self._state) == self.reference.land.run(self._state)

    def _said(self, books: Books, topic: str) -> list[tuple[str, str]]:
        """Every word, and in which batch it was said."""
        known = {each.key: books.known(each.key) for each in self.batches}
        keys = {found[0]: key for key, found in known.items() if found is not None}
        return [(keys[each.entry], each.word.body) for each in books.words(topic, SUBJECT)]

    def _state(self, books: Books) -> list[object]:
        """What everybody holds, number by number; what is promised; what was traded."""
        accounts = self.reference.land.accounts.values()
        lots = books.lots(list(accounts), UNIT)
        return [
            {number: dict(books.holdings(number)) for number in accounts},
            {number: [lot.block for lot, _ in lots.get(number, ())] for number in accounts},
            sorted(
                (each.account.number, each.asset.code, each.count)
                for each in books.open_holds(f"exchange {SUBJECT} ")
            ),
            [each for _, each in books.trades()],
        ]


@contextmanager
def storm(*, seed: int, batches: int, incidents: int) -> Iterator[Storm]:
    """Make the batches, have them taken by a reference that nobody kills, and make room."""
    reference = Bourse(settle(Land(MemoryStore())))
    made = list(_batches(reference, Random(seed), batches))  # noqa: S311  no secret
    engine = Engine(example(), CODE)
    wanted = {each.key: told_by(engine, reference.land.store, each) for each in made}
    # Root's server runs as an ordinary account, which can pass through this folder.
    place = Path(tempfile.mkdtemp(prefix="tonne-storm-", dir="/var/tmp"))
    place.chmod(0o711)
    try:
        yield Storm(seed, incidents, place / "home", made, wanted, reference)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def settle(land: Land) -> Land:
    """Found the land, and give units and money to those who trade."""
    land.found()
    purse = Purse(land)
    for number, name in enumerate(PEOPLE, 100):
        land.open(name, number)
    land.issue(UNITS * len(PEOPLE))
    land.allocate({name.upper(): UNITS for name in PEOPLE})
    for name in PEOPLE:
        purse.bring(name, EUROS)
    return land


def _batches(bourse: Bourse, chance: Random, count: int) -> Iterator[Batch]:
    """Orders of all kinds over some days, from before the opening until after the close."""
    names = 0
    for number in range(count):
        day, part = divmod(number * DAYS, count)
        bourse.at = EARLY + timedelta(days=day, minutes=HOURS * 60 * part // count)
        messages: list[Message] = []
        for _ in range(chance.randint(1, BATCH_MAX)):
            names += 1
            messages.append(_message(bourse, chance, names))
        yield Batch(key=f"batch {number}", at=bourse.at, messages=messages)


def _message(bourse: Bourse, chance: Random, number: int) -> Message:
    who = chance.choice(PEOPLE)
    before = f"o{chance.randint(max(0, number - 60), number)}"
    match chance.randrange(12):
        case 0 | 1:
            return bourse.cancel(who, before)
        case 2:
            return bourse.amend(who, before, order_qty=chance.randint(1, 20))
        case 3:
            return bourse.amend(who, before, price=chance.randint(95, 105))
        case _:
            side: Side = chance.choice(("buy", "sell"))
            later = partial(bourse.at.date().__add__, timedelta(days=chance.randrange(4)))
            terms = some_terms(chance, side, partial(chance.randint, 97, 103), later)
            return bourse.order(who, side, chance.randint(1, 12), name=f"o{number}", **terms)


def _same_refusal(now: Sequence[str], then: Sequence[str]) -> bool:
    """Whether what was refused is answered as refused before, or not at all."""
    before = order_refusals.RefusedBefore.__name__
    refused = len(then) == 1 and then[0].startswith("Rejected ")
    return refused and (not now or (len(now) == 1 and before in now[0]))


def main() -> None:
    """A long run, told at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=3000)
    parser.add_argument("--incidents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    began = time.monotonic()
    with storm(seed=told.seed, batches=told.batches, incidents=told.incidents) as run:
        run.run()
    orders = sum(len(each.messages) for each in run.batches)
    sys.stdout.write(
        f"seed {told.seed}: {orders} messages in {len(run.batches)} batches, "
        f"killed {dict(run.killed)}, in {time.monotonic() - began:.0f} s\n"
        f"{run.caught} batches stood though nobody had been told; none was lost, none done twice;"
        " all is as in the run without kills\n"
    )


if __name__ == "__main__":
    main()
