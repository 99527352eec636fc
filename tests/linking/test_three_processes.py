"""Three processes on three databases: killed, cut off, told things twice and in the wrong order."""

import signal
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from chaos import Chaos, chaos
from tonne import operations


def test_whatever_fails_no_unit_is_lost_and_who_hangs_holds_up_nobody(
    database_server: str, tmp_path: Path
) -> None:
    with chaos(database_server, tmp_path, seed=7, transfers=50, incidents=4) as run:
        states = run.run()
        assert states["COMPLETED"] > 40, states
        assert states.keys() <= {"COMPLETED", "TERMINATED", "CANCELLED"}
        assert {"killed", "cut"} == {told.split()[0] for told in run.told}
        assert sum(wire.fates["late"] + wire.fates["twice"] for wire in run.wires.values()) > 10
        # Then one of them takes connections and answers nothing.
        hangs = run.sides["XA"].process
        assert hangs is not None
        hangs.send_signal(signal.SIGSTOP)
        try:
            before = run.wires["XA"].fates.total()
            ask(run, "XA")
            while run.wires["XA"].fates.total() == before:
                time.sleep(0.05)  # Until a letter is on its way to the one that hangs.
            asked = time.monotonic()
            ask(run, "XB")
            while not run.three.at_log(lambda books: books.rounds())["XB"].answered:
                assert time.monotonic() < asked + 20, "who is waited for a minute holds others up"
                time.sleep(0.05)
            assert not run.three.at_log(lambda books: books.rounds())["XA"].answered
        finally:
            hangs.send_signal(signal.SIGCONT)
        run.settle()
        run.check()


def ask(run: Chaos, code: str) -> None:
    """The log asks a registry which numbers it holds."""
    run.three.at_log(partial(operations.ask_for_holdings, registry=code, at=datetime.now(UTC)))
