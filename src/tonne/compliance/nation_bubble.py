"""Nations that meet their commitments together: first all as one, then each for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tonne.compliance.nation_judgement import Shortfall, shortfall
from tonne.compliance.nation_rules import NationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a bubble: its level, what it acquired beyond it, and what it emitted."""

    party: str
    level: int
    emissions: int
    acquired: int = 0
    """Units that it retires beyond its level; less than none where it sold of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BubbleJudgement:
    """What the end of a period says of a bubble and of each of its members."""

    emissions: int
    units: int
    """Levels, what was acquired, and what the organisation itself retires."""

    met: bool
    members: tuple[tuple[str, Shortfall], ...]
    reference: str


def judge_bubble(
    members: Iterable[Member],
    rules: NationRules,
    *,
    on: date,
    own: int = 0,
    successor: bool = True,
) -> BubbleJudgement:
    """All together first; if that fails, each by its own level.

    If together they emitted no more than their units, every member has met its commitment,
    whatever it emitted itself (Kyoto Protocol, Article 4(1)). If not, each answers for its own
    level (Article 4(5) and (6)); what is missing together is not shared out among them. The units
    that the organisation retires itself (``own``) count for all, and for no single member.
    """
    known = tuple(members)
    emissions = sum(each.emissions for each in known)
    units = sum(each.level + each.acquired for each in known) + own
    met = emissions <= units
    return BubbleJudgement(
        emissions=emissions,
        units=units,
        met=met,
        members=tuple(
            (
                each.party,
                shortfall(
                    0 if met else each.emissions - each.level - each.acquired,
                    rules,
                    on=on,
                    successor=successor,
                ),
            )
            for each in known
        ),
        reference=rules.bubble.on(on).reference,
    )
