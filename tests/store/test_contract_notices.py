"""What every store keeps of nations and projects: the findings that were written down."""

from changed import replace
from tonne.compliance import Notice, NoticeKind
from tonne.operations import Books
from world import DAY, DIGEST, LAW, STAMP, World


def entry(world: World, books: Books) -> int:
    return books.enter(
        key=world.key(), digest=DIGEST, kind="notify", year=None, because=LAW, stamp=STAMP
    )


def test_findings_of_nations_and_projects_are_told_in_the_order_of_the_journal(
    world: World,
) -> None:
    def note(books: Books) -> list[Notice]:
        found = []
        for kind, subject, facts in (
            ("inventory", "AT", (("tonnes", "84.5"), ("year", "2010"))),
            ("report", "MD-515", ()),
        ):
            notice = Notice(kind=kind, subject=subject, day=DAY, facts=facts)  # type: ignore[arg-type]
            number = entry(world, books)
            books.add_notice(number, notice)
            found.append(replace(notice, entry=number))
        return found

    first, second = world.run(note)
    kinds: tuple[NoticeKind, ...] = ("inventory", "report")
    scheme = STAMP.scheme
    assert world.run(lambda books: books.notices(scheme, kinds)) == [first, second]
    assert world.run(lambda books: books.notices(scheme, ("report",))) == [second]
    assert world.run(lambda books: books.notices("another", kinds)) == []
    assert (first.fact("tonnes"), first.fact("name")) == ("84.5", "")
