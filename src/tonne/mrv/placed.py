"""Where in a table something is wrong, for what may come from a table or from elsewhere."""

from dataclasses import dataclass

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Refusal):
    """A refusal that says where it stands, as a spreadsheet names it, if it came from one."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    cell: str = ""

    @property
    def stands(self) -> str:
        """Sheet, row and column in words."""
        column = f", column {self.column}" if self.column else ""
        cell = f" ({self.cell})" if self.cell else ""
        return f"Sheet {self.sheet!r}, row {self.row}{column}{cell}"

    @property
    def where(self) -> str:
        """What a sentence begins with, if it came from a table."""
        return f"{self.stands}: " if self.row else ""

    def facts(self) -> dict[str, object]:
        """The facts, without a place where there is none."""
        place = ("sheet", "row", "column", "cell")
        # Not super(): a slotted dataclass is a second class, which super() does not know.
        return {
            name: fact for name, fact in Refusal.facts(self).items() if fact or name not in place
        }
