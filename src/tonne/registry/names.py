"""How names are searched: without regard to case, accents, and ways of writing one letter."""

from unicodedata import category, normalize

WORD_LENGTH_MAX = 64
WORDS_MAX = 24
"""Of a name, so many words and so much of each can be searched."""

_ALIKE = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
        "\u064a": "\u06cc", "\u0649": "\u06cc",  # Yeh, as Arabic and as Persian writes it,
        "\u0643": "\u06a9",  # and Kaf,
        "\u0629": "\u0647", "\u06d5": "\u0647",  # and Heh.
        "\u0640": "", "\u200c": "", "\u200d": "",  # What only stretches or parts letters.
    }
)  # fmt: skip
_MARKS = (range(0x300, 0x370), range(0x64B, 0x660), range(0x670, 0x671))
"""Accents over letters, and the vowels that Arabic writing may leave out."""


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are searched, each once, in order.

    >>> name_words("Cementarna Šoštanj, d.o.o. (Cementarna)")
    ('cementarna', 'sostanj', 'd', 'o')
    >>> name_words("ŁÓDŹ No. ۱۲") == name_words("lodz no 12")
    True
    """
    plain = "".join(_letter(each) for each in normalize("NFKD", _folded(name)))
    words = dict.fromkeys(word[:WORD_LENGTH_MAX] for word in plain.split())
    return tuple(words)[:WORDS_MAX]


def _folded(name: str) -> str:
    return normalize("NFKD", name).casefold()


def _letter(each: str) -> str:
    """One letter as it is searched; a blank where no word goes on."""
    if any(ord(each) in marks for marks in _MARKS):
        return ""
    if each.isdecimal():
        return str(int(each))
    alike = each.translate(_ALIKE)
    return alike if not alike or alike.isalnum() or category(each)[0] == "M" else " "
