"""Three processes on three databases: killed, cut off, told things twice and in the wrong order."""

from pathlib import Path

from chaos import chaos


def test_whatever_fails_no_unit_is_lost_or_doubled(database_server: str, tmp_path: Path) -> None:
    with chaos(database_server, tmp_path, seed=7, transfers=80, incidents=4) as run:
        states = run.run()
        assert states["COMPLETED"] > 40, states
        assert states.keys() <= {"COMPLETED", "TERMINATED", "CANCELLED"}
        assert {"killed", "cut"} == {told.split()[0] for told in run.told}
        assert sum(wire.fates["late"] + wire.fates["twice"] for wire in run.wires.values()) > 10
