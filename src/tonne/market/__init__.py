"""What is it worth, and who gets it? Order book, auction, direct deal, forward.

Pure decisions: prices are whole ticks, quantities whole lots, money in minor units. Nothing moves
here; what was decided is settled through the one gate to the books.
"""

__all__: list[str] = []
