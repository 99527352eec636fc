"""How long the sides of the talk between registries wait, as a command is told."""

from datetime import timedelta

from tonne.linking import Patience


def patience(within: int | None) -> Patience:
    """The usual patience; or that of which an answer comes within so many seconds."""
    if within is None:
        return Patience()
    answer = timedelta(seconds=within)
    return Patience(age=answer, taker=answer, giver=3 * answer, word=answer / 4)
