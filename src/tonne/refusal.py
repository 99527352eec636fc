"""How the core says no: a rule not met is a value, not a crash.

A rule yields a :class:`Refusal`. Rules do not stop at the first one, so that a person can mend
everything in one go; :func:`refuse_if_any` raises them together at the end.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One rule that was not met, with its facts and where the rule is written.

    A subclass adds the facts as fields, the sentence as ``__str__``, and says once for all its
    stable ``number`` and the ``remedy``. A number is never given to another sentence.
    """

    number: ClassVar[int]
    remedy: ClassVar[str]

    reference: str
    """Where the rule is written: the law's own words for the place."""

    @property
    def code(self) -> str:
        """The name of the rule, for programs."""
        return type(self).__name__

    def facts(self) -> dict[str, object]:
        """What the rule looked at, by name, without the reference."""
        return {
            each.name: getattr(self, each.name) for each in fields(self) if each.name != "reference"
        }

    def as_dict(self) -> dict[str, object]:
        """The refusal as plain values, for ``--json`` and problem documents."""
        return {
            "number": self.number,
            "code": self.code,
            "message": str(self),
            "facts": {name: _plain(value) for name, value in self.facts().items()},
            "reference": self.reference,
            "remedy": self.remedy,
        }


class Refused(Exception):  # noqa: N818  it is an answer, not an error of ours
    """The core said no; every reason is in ``refusals``."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        """Keep all the reasons; there is at least one."""
        self.refusals = tuple(refusals)
        assert self.refusals, "a refusal has a reason"
        super().__init__("\n".join(f"[{each.number}] {each}" for each in self.refusals))


def refuse_if_any(refusals: Iterable[Refusal]) -> None:
    """Raise :class:`Refused` with all of them, or do nothing if there are none."""
    found = tuple(refusals)
    if found:
        raise Refused(found)


def spoken(code: str) -> str:
    """A name from a table of the law as words.

    >>> spoken("aircraft_operator")
    'aircraft operator'
    """
    return code.replace("_", " ")


def either(codes: Iterable[str]) -> str:
    """One of these.

    >>> either(["operator", "person"])
    'operator or person'
    """
    return " or ".join(map(spoken, codes)) or "nothing"


def catalogue() -> tuple[type[Refusal], ...]:
    """Every kind of refusal that has been imported, in order of number.

    Two kinds with one number or one name are a mistake of ours.
    """
    found = sorted(_kinds(Refusal), key=lambda kind: kind.number)
    for marks in ([kind.number for kind in found], [kind.__name__ for kind in found]):
        twice = {mark for mark, times in Counter(marks).items() if times > 1}
        assert not twice, f"a mark is used twice: {twice}"
    return tuple(found)


def _kinds(parent: type[Refusal]) -> Iterable[type[Refusal]]:
    for kind in parent.__subclasses__():
        # A slotted dataclass is made twice; the first, unslotted form is nobody's refusal.
        if "number" in kind.__dict__ and "__slots__" in kind.__dict__:
            yield kind
        yield from _kinds(kind)


def _plain(value: object) -> object:
    """A JSON value: numbers and text as they are, anything else as its text."""
    if value is MISSING or value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return str(value)
