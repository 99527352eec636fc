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


FACTORS = {
    "password": _("password"),
    "totp": _("app for codes"),
    "passkey": _("passkey"),
    "provider": _("sign-in provider"),
}
"""By what people sign in."""

STATES = {
    "awaiting_approval": _("waits for a second person"),
    "delayed": _("waits for its time"),
    "proposed": _("is being carried out"),
    "completed": _("is done"),
    "rejected": _("was rejected"),
    "cancelled": _("was taken back"),
    "terminated": _("was ended by a rule"),
    "reversed": _("was reversed"),
}
"""How a proposal stands."""

EVENTS = {
    "propose": _("proposed"),
    "approve": _("approved"),
    "reject": _("rejected"),
    "cancel": _("taken back"),
    "fall_due": _("its time came"),
    "complete": _("carried out"),
    "terminate": _("ended by a rule"),
    "reverse": _("reversed"),
}
"""What happens to a proposal."""

VERBS = {
    "transfer": _("Transfer"),
    "surrender": _("Surrender"),
    "cancel": _("Cancel"),
    "trust": _("Trust an account"),
}
"""What is proposed on a form of its own."""
