"""Words of the law in the reader's language."""

from tonne.documents.languages import Language


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

VERBS = {
    "issue": _("Issue"),
    "allocate": _("Allocation"),
    "allocate_reserve": _("Allocation from the reserve"),
    "transfer": _("Transfer"),
    "surrender": _("Surrender"),
    "return_excess": _("Return of an excess"),
    "cancel": _("Cancellation"),
    "cancel_voluntarily": _("Voluntary cancellation"),
    "retire": _("Retirement"),
    "trade": _("Trade"),
    "pay": _("Payment"),
    "deposit": _("Deposit of money"),
    "withdraw": _("Withdrawal of money"),
    "charge": _("Fee"),
    "pay_penalty": _("Payment of a penalty"),
    "forfeit_collateral": _("Collateral forfeited in an auction"),
    "reverse_allocate": _("Reversal of an allocation"),
    "reverse_allocate_reserve": _("Reversal of an allocation"),
    "reverse_surrender": _("Reversal of a surrender"),
    "reverse_deposit": _("Reversal of a deposit"),
}
"""What moved units or money; what is not here is called as the law calls it."""

ACCOUNT_STATUSES = {
    "open": _("open"),
    "restricted": _("restricted"),
    "suspended": _("suspended"),
    "closed": _("closed"),
}

FIGURES = {
    "reported": _("reported"),
    "verified": _("verified"),
    "determined": _("set by the authority"),
    "corrected": _("corrected by the authority"),
}
"""What a figure of emissions is."""


def word(code: str, words: dict[str, str], language: Language) -> str:
    """A code of the law as the reader's language says it, else its own words."""
    return language.say(words[code]) if code in words else language.law(code)
