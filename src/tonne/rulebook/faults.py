"""What can be wrong with a law file: one table of refusals, each with its number and remedy."""

from dataclasses import dataclass

from tonne.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyLaw(Refusal):
    """A law file says what it may not; the reference names the shape it must have."""

    file: str
    line: int
    rule: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: expected {self.expected}, found {self.found}"


def _kind(name: str, number: int, rule: str, remedy: str) -> type[FaultyLaw]:
    said = {"__doc__": rule, "__module__": __name__, "__slots__": ()}
    return type(name, (FaultyLaw,), said | {"number": number, "remedy": remedy})


# fmt: off
LawFileMissing = _kind("LawFileMissing", 201, "A law file is there and can be opened.",
    "Write the file, or correct its name.")
LawFileNotText = _kind("LawFileNotText", 202, "A law file is text in UTF-8.",
    "Save the file as UTF-8.")
LawFileNotToml = _kind("LawFileNotToml", 203, "A law file is well-formed TOML.",
    "Correct the line; schemes/README.md shows how a clause is written.")
UnknownRule = _kind("UnknownRule", 204, "A law file holds no rule that nobody reads.",
    "Correct the rule's name, or take it out.")
MissingRule = _kind("MissingRule", 205, "A law file holds every rule of its shape.",
    "Add the rule with at least one clause: start, value and reference.")
UndatedClause = _kind("UndatedClause", 206, "A clause says from which day it applies.",
    "Add the day: start = 2005-01-01.")
DoublyDatedClause = _kind("DoublyDatedClause", 207, "No two clauses of a rule start on one day.",
    "Take one of the two clauses out, or correct its start.")
ClauseWithoutReference = _kind("ClauseWithoutReference", 208, "A clause says where it is written.",
    'Add the place in the law: reference = "Directive 2003/87/EC, Article 16(3)".')
UnknownField = _kind("UnknownField", 209, "A clause or a table holds no field that nobody reads.",
    "Correct the field's name, or take it out.")
MissingField = _kind("MissingField", 210, "A clause or a table holds every field it needs.",
    "Add the field.")
WrongType = _kind("WrongType", 211, "A value is of the type its rule asks for.",
    "Write the value in the form expected.")
UnknownMethod = _kind("UnknownMethod", 212, "A method is called by one of its known names.",
    "Choose a known name; a new method is a new function, with its reference and its cases.")
ImpossibleValue = _kind("ImpossibleValue", 213, "The fields of a table agree with each other.",
    "Correct the field that the sentence speaks of.")
