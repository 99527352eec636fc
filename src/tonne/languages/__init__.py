"""How do readers read? Languages, digits, calendars, and the sentences of translators."""

from tonne.languages.calendars import Calendar
from tonne.languages.cells import in_a_cell
from tonne.languages.language import (
    LANGUAGES,
    SOURCE,
    Digits,
    Direction,
    Language,
    catalogue_file,
    day_in_words,
    in_digits,
    sentences,
)
from tonne.languages.preferred import of_terminal, preferred
from tonne.languages.reading import Reading
from tonne.languages.refusals import (
    Reads,
    Said,
    Told,
    isolated,
    remedied,
    saying,
    template_of,
    told,
    worded,
)

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "Calendar",
    "Digits",
    "Direction",
    "Language",
    "Reading",
    "Reads",
    "Said",
    "Told",
    "catalogue_file",
    "day_in_words",
    "in_a_cell",
    "in_digits",
    "isolated",
    "of_terminal",
    "preferred",
    "remedied",
    "saying",
    "sentences",
    "template_of",
    "told",
    "worded",
]
