"""On which line does it stand? TOML's parser does not tell, so the text is searched again."""

import re
from itertools import islice

Place = tuple[str | int, ...]
"""The way to a value: ``("cap", 1, "value")`` is the value of the second ``[[cap]]``."""

_HEADER = re.compile(r"^[ \t]*\[\[?[^].\n]+\]", re.MULTILINE)


def line_of(text: str, place: Place) -> int:
    r"""The line of a place, or of the nearest place around it that is found.

    >>> line_of("# The law.\n[[cap]]\nvalue = 1\n[[cap]]\nvalue = 2", ("cap", 1, "value"))
    5
    """
    at, end = 0, len(text)
    for depth, step in enumerate(place):
        form = re.compile(_form(depth, step, place[0]), re.MULTILINE)
        nth = step if isinstance(step, int) else 0
        found = next(islice(form.finditer(text, at, end), nth, None), None)
        if not found:
            break
        at = found.end() - 1 if "{" in found[0] else found.start()
        after = _HEADER.search(text, at + 1) if depth == 1 else None
        end = after.start() if after else end
    return text.count("\n", 0, at) + 1


def _form(depth: int, step: str | int, rule: str | int) -> str:
    """How a rule, a key of its clause, an item of a list or a key within is written."""
    name = rf"""["']?{re.escape(str(rule if depth == 1 else step))}["']?[ \t]*"""
    if depth in (0, 1):
        return rf"^[ \t]*\[\[?[ \t]*{name}\]|^{name}="
    if isinstance(step, int):
        return r"[\[,](?:\s|#.*\n)*\{|^[ \t]*\[\["
    if depth == 2:  # noqa: PLR2004  a key of the clause itself stands first on its line
        return rf"^[ \t]*(?:\[.*\.)?{name}[].=]"
    return rf"(?:^|[{{,.])[ \t]*{name}="
