"""What can a person do or ask? One function each, and one gate to the books."""

from tonne.operations.accounts import (
    Opening,
    change_account,
    found,
    founded,
    open_account,
    open_accounts,
    the_account,
)
from tonne.operations.allocations import read_allocations
from tonne.operations.ask import History, Statement, history, in_words, statement
from tonne.operations.books import Books, Closing, Loaded, Story
from tonne.operations.duties import close_year, end_periods
from tonne.operations.emissions import (
    correct,
    determine,
    exclude,
    import_reports,
    operators,
    report,
    verify,
)
from tonne.operations.positions import surrendered
from tonne.operations.record import (
    Answer,
    Desk,
    KeyUsedBefore,
    Receipt,
    explain,
    once,
    record,
    record_all,
)
from tonne.operations.scheme import (
    SHAPES,
    Scheme,
    load_scheme,
    scheme_folder,
    scheme_names,
    schemes_folder,
)
from tonne.operations.spreadsheet import sheets
from tonne.operations.surrender import SurrenderOrder, surrender
from tonne.operations.units import (
    Transfer,
    allocate,
    asset_of,
    cancel,
    government,
    issue,
    reverse,
    transfer,
    transfer_of,
)

__all__ = [
    "SHAPES",
    "Answer",
    "Books",
    "Closing",
    "Desk",
    "History",
    "KeyUsedBefore",
    "Loaded",
    "Opening",
    "Receipt",
    "Scheme",
    "Statement",
    "Story",
    "SurrenderOrder",
    "Transfer",
    "allocate",
    "asset_of",
    "cancel",
    "change_account",
    "close_year",
    "correct",
    "determine",
    "end_periods",
    "exclude",
    "explain",
    "found",
    "founded",
    "government",
    "history",
    "import_reports",
    "in_words",
    "issue",
    "load_scheme",
    "once",
    "open_account",
    "open_accounts",
    "operators",
    "read_allocations",
    "record",
    "record_all",
    "report",
    "reverse",
    "scheme_folder",
    "scheme_names",
    "schemes_folder",
    "sheets",
    "statement",
    "surrender",
    "surrendered",
    "the_account",
    "transfer",
    "transfer_of",
    "verify",
]
