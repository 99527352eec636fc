"""Words of the law in the reader's language."""

from collections.abc import Callable

Say = Callable[[str], str]


def _(text: str) -> str:
    """A sentence that is translated where it is shown."""
    return text


STATUSES = {
    "A": _("enough was surrendered"),
    "B": _("too little was surrendered"),
    "C": _("no emissions were reported"),
    "D": _("too little, after the authority corrected the emissions"),
    "E": _("enough, after the authority corrected the emissions"),
    "X": _("nothing could be surrendered in time"),
    "-": _("nothing was owed"),
}
"""How an operator stands with a year."""

DEADLINES = {
    "allocation": _("Units are given out"),
    "report": _("Verified reports are due"),
    "surrender": _("Units are to be surrendered"),
    "publication": _("Compliance is made public"),
}
"""The days of the law in a year."""


AUCTION_STATES = {
    "announced": _("announced"),
    "open": _("open for bids"),
    "closed": _("closed, and not yet cleared"),
    "cleared": _("cleared"),
    "called off": _("called off"),
}
"""How far an auction has come."""


def status_words(say: Say) -> dict[str, str]:
    """What each status means."""
    return {code: say(text) for code, text in STATUSES.items()}
