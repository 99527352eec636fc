"""Which language a browser, a program or a terminal asks for."""

from collections.abc import Mapping

from tonne.languages.language import LANGUAGES, SOURCE


def preferred(header: str) -> str:
    """The language that an ``Accept-Language`` asks for most, of those there are.

    >>> preferred("de-AT, fa-IR;q=0.8, sl;q=0.9"), preferred("xx;q=nonsense"), preferred("")
    ('sl', 'en', 'en')
    """
    asked: list[tuple[int, int, str]] = []
    for place, each in enumerate(header[:1_000].split(",")):
        tag, _, weight = each.partition(";")
        code = tag.strip().split("-")[0].casefold()
        if code in LANGUAGES:
            asked.append((-_thousandths(weight), place, code))
    return min(asked)[2] if asked else SOURCE


def of_terminal(settings: Mapping[str, str]) -> str:
    """The language that the settings of a terminal ask for, if it is one there is.

    Their order is that of gettext: ``LANGUAGE`` counts only where there is a locale other than C.

    >>> of_terminal({"LANG": "sl_SI.UTF-8"}), of_terminal({"LANG": "C", "LANGUAGE": "sl"})
    ('sl', 'en')
    """
    places = (settings.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((each for each in places if each), "C")
    if locale.partition(".")[0] in {"C", "POSIX"}:
        return SOURCE
    for each in [*settings.get("LANGUAGE", "").split(":"), locale]:
        code = each.partition(".")[0].partition("_")[0].casefold()
        if code in LANGUAGES:
            return code
    return SOURCE


def _thousandths(weight: str) -> int:
    """The weight of a language in thousandths: ``q=0.8`` is 800, and none is all."""
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1_000
    whole, _, part = value.strip().partition(".")
    if not ((whole + part).isascii() and whole.isdigit() and (not part or part.isdigit())):
        return 0
    return min(1_000, int(whole[:2]) * 1_000 + int((part + "000")[:3]))
