"""What does the law say on this day? Clauses, dated rules, loading, linting."""

from tonne.rulebook.dated import Clause, Dated, MonthDay, NotInForce, clauses
from tonne.rulebook.load import Rulebook, load, load_all

# fmt: off
__all__ = ["Clause", "Dated", "MonthDay", "NotInForce", "Rulebook", "clauses", "load", "load_all"]
