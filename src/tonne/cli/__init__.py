"""The same for operators, in commands; it chooses the store and reads the clock."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from typer.main import get_command

from tonne.cli.commands import app

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and say how it went: 0 done, 2 the caller's fault, 1 ours."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        # What is done is not undone because a terminal lacks a letter.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        _texts(words)
        code = get_command(app).main(args=words, prog_name="tonne", standalone_mode=False)
    except Exception as fault:  # noqa: BLE001  every failure is told in one place
        from tonne.cli.failures import tell  # noqa: PLC0415  only a failure needs it

        return tell(fault, as_json="--json" in words)
    return code if isinstance(code, int) else 0


def _texts(words: Sequence[str]) -> None:
    """Refuse words that are no text: a byte that is no UTF-8 could not be kept in the books."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            from tonne.cli.failures import UserFault  # noqa: PLC0415  as above

            raise UserFault(
                f"{word!r} is not text in UTF-8.", remedy="Write it in UTF-8."
            ) from None
