"""The same for operators, in commands; it chooses the store and reads the clock."""

import sys
from collections.abc import Sequence

from typer.main import get_command

from tonne.cli.commands import app

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and say how it went: 0 done, 2 the caller's fault, 1 ours."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = get_command(app).main(args=words, prog_name="tonne", standalone_mode=False)
    except Exception as fault:  # noqa: BLE001  every failure is told in one place
        from tonne.cli.failures import tell  # noqa: PLC0415  only a failure needs it

        return tell(fault, as_json="--json" in words)
    return code if isinstance(code, int) else 0
