"""What a registry tells the log that it holds: each number, as what, in which account and place."""

from tonne.linking import Held, HoldingsAsked, HoldingsTold, Place, overlap
from tonne.operations.bound import Teller
from tonne.operations.told import places


def tell_holdings(teller: Teller, asked: HoldingsAsked) -> HoldingsTold:
    """What the registry holds at this moment, and where: no post is half done meanwhile.

    What is set aside is where it was before.
    """
    books = teller.books
    books.wait_for_posts()
    out_of_use = places(teller.day)
    where = {each.number: out_of_use.get(each.kind, "held") for each in books.accounts()}
    talked = books.open_proposals()
    aside = {
        piece.block: where[each.proposal.source]
        for each in books.standings(talked).values()
        if each.proposal is not None and each.proposal.giver == teller.code
        if where.get(each.proposal.source, "held") != "held"
        for piece in each.proposal.pieces
    }

    def place(held: Held) -> Place:
        if held.account == teller.under_way.number:
            return next((aside[b] for b in aside if overlap(b, held.block)), "held")
        return where[held.account]

    return HoldingsTold(
        round=asked.round,
        held=tuple(each._replace(place=place(each)) for each in books.ranges()),
        talked=tuple(talked),
        at=teller.desk.at,
    )
