"""Sentences about what people are written of: only what nothing can come before any more."""

from bureau import Bureau
from land import UNIT, Land
from tonne.operations import Office, mailing, proposals
from tonne.store import MemoryStore


def test_nobody_is_written_of_what_stands_beyond_a_number_that_may_still_come() -> None:
    bureau = Bureau(Land(MemoryStore()).settle()).settle()
    scheme = bureau.land.scheme
    office = Office(schemes={"example": scheme}, store=bureau.land.store, now=lambda: bureau.now)
    before, _, _ = office.ask(lambda books: books.latest_word())
    steel = bureau.number("steel")
    bureau.propose(
        proposals.Cancel(account=steel, unit=UNIT, count=10, beneficiary="A school"), by="ann"
    )
    last, _, _ = office.ask(lambda books: books.latest_word())

    def told(after: int | None, level: int) -> tuple[int, list[str]]:
        upto, news = office.ask(
            lambda books: mailing.news_of_proposals(
                books, scheme, after=after, level=level, desk=office.desk("administrator")
            )
        )
        return upto, [each.kind for each in news]

    assert told(before, before) == (before, [])
    assert told(before, last) == (last, ["waits"])
    assert told(None, last) == (last, []), "of what is past nobody is written"
