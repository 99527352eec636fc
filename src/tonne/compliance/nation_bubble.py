"""Nations that meet their commitments together: first all as one, then each for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tonne.compliance.nation_judgement import Shortfall, shortfall
from tonne.compliance.nation_rules import NationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a bubble: what it emitted, and what it retired for it."""

    party: str
    emissions: int
    retired: int
    """Units that count; a unit of its level that was only held is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BubbleJudgement:
    """What the end of a period says of a bubble and of each of its members."""

    emissions: int
    units: int
    """What the members retired, and the organisation itself."""

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
    """All together first; if that fails, each by its own units.

    If together they emitted no more than was retired, every member has met its commitment,
    whatever it emitted itself (Kyoto Protocol, Article 4(1)). If not, each answers for its own
    level (Article 4(5) and (6)), with what it retired itself; what is missing together is not
    shared out among them. The units that the organisation retires (``own``) count for all, and
    for no single member.
    """
    known = tuple(members)
    emissions = sum(each.emissions for each in known)
    units = sum(each.retired for each in known) + own
    met = emissions <= units
    return BubbleJudgement(
        emissions=emissions,
        units=units,
        met=met,
        members=tuple(
            (
                each.party,
                shortfall(
                    0 if met else each.emissions - each.retired,
                    rules,
                    on=on,
                    successor=successor,
                ),
            )
            for each in known
        ),
        reference=rules.bubble.on(on).reference,
    )
