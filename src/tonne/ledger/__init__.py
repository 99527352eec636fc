"""Who holds what? Accounts, assets, blocks of serial numbers, movements, transactions.

The books know no law: they know that nothing is moved that is not there, that nothing is made or
lost, and that a number is in one place only.
"""

from tonne.ledger.block import LAST_NUMBER, Block, Lot, join, split
from tonne.ledger.journal import Difference, KeptWord, Matter, Span, Stamp, Step, Total, digest
from tonne.ledger.post import (
    BOOKS,
    NOTHING,
    Decision,
    Key,
    Line,
    Position,
    Posted,
    Posting,
    post,
    unissued,
    whole_line,
)
from tonne.ledger.refusals import BlockNotHeld, ExceedsHolding, UnknownHold
from tonne.ledger.transaction import (
    Account,
    Asset,
    Hold,
    Movement,
    Transaction,
    kind_of,
    reversal,
)

__all__ = [
    "BOOKS",
    "LAST_NUMBER",
    "NOTHING",
    "Account",
    "Asset",
    "Block",
    "BlockNotHeld",
    "Decision",
    "Difference",
    "ExceedsHolding",
    "Hold",
    "KeptWord",
    "Key",
    "Line",
    "Lot",
    "Matter",
    "Movement",
    "Position",
    "Posted",
    "Posting",
    "Span",
    "Stamp",
    "Step",
    "Total",
    "Transaction",
    "UnknownHold",
    "digest",
    "join",
    "kind_of",
    "post",
    "reversal",
    "split",
    "unissued",
    "whole_line",
]
