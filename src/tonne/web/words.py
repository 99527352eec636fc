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
    "buy": _("Buy"),
    "sell": _("Sell"),
    "bid": _("Hand in a bid"),
    "deal": _("Propose a deal"),
    "confirm": _("Confirm a deal"),
    "withdraw": _("Ask for money back"),
    "report": _("Report emissions"),
    "verify": _("Judge a report of emissions"),
    "verifier": _("Appoint a verifier"),
    "dismiss": _("Dismiss a verifier"),
}
"""What is proposed on a form of its own."""

VERDICTS = {
    "unreadable": _("False: nothing that is signed can be read in this file."),
    "unsigned": _("False: nobody vouches for what this file says."),
    "foreign": _("It was not issued by this registry: it is signed with another key."),
    "elsewhere": _("It was issued by this registry, but the books of its scheme are not here."),
    "differs": _("It was issued by this registry, but the books no longer say the same."),
    "altered": _(
        "This registry signed the record in it, but the page was changed. Believe only this:"
    ),
    "true": _("True: this registry issued it, and the books say the same today."),
    "says": _("The books say today:"),
    "link_holds": _("True: the books say today what the certificate of this link says."),
    "link_differs": _(
        "The books say otherwise than the certificate of this link, or it is not ours."
    ),
    "reversed": _("What this transaction did was undone since. No certificate of it is good."),
}
"""What comes of the check of a certificate."""

STAFF_ACTS = {
    "person": _("Register a person"),
    "holder": _("Register an account holder"),
    "validate": _("Say that a person was looked at"),
    "enrol": _("Enrol a person"),
    "code": _("Tell a person their enrolment code"),
    "suspend": _("Suspend a person"),
    "restore": _("Restore a person"),
    "deactivate": _("Keep a person out for ever"),
    "appoint": _("Appoint a representative"),
}
"""What the registry's staff do about people."""

LASTS = {
    "day": _("The order stands until the end of the day."),
    "good_till_cancel": _("The order stands until it is taken back."),
    "immediate_or_cancel": _("What does not trade at once is taken back."),
}
"""How long an order stands, on a form."""

SIDES = {"buy": _("Buy"), "sell": _("Sell")}
"""What an account does in a trade."""

DEAL_STATES = {
    "new": _("new"),
    "quote_requested": _("a price is asked for"),
    "quoted": _("a price was named"),
    "proposed": _("waits to be confirmed"),
    "confirmed": _("agreed; settled on its day"),
    "settled": _("settled"),
    "failed": _("could not be settled"),
    "cured": _("ended by the law of settlement"),
    "cancelled": _("rejected or taken back"),
    "expired": _("lapsed: not confirmed in time"),
}
"""How far a deal has come."""

JUDGEMENTS = {
    "verified": _("satisfied"),
    "verified_with_comments": _("satisfied, with comments"),
    "not_verified": _("not satisfied"),
}
"""What a verifier says of a report."""

PHASES = {
    "closed": _("closed"),
    "call": _("gathers orders for one price"),
    "continuous": _("open"),
    "halted": _("halted"),
}
"""What a book does with orders."""
