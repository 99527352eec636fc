"""Whose units move under a contract for a project's: what their code says, and what was issued.

Units of some kinds say in their code which project they come from; of those the books know. Of
other kinds nobody but the parties does.
"""

from collections.abc import Collection, Iterable, Iterator

from tonne import registry
from tonne.operations.books import Books
from tonne.operations.contract_grounds import AGREED, ProjectIssuedLess, UnitsOfAnotherProject
from tonne.operations.forward_words import Came, forwards
from tonne.operations.scheme import Scheme
from tonne.refusal import Refusal
from tonne.registry import DayRules


def project_refusals(units: Iterable[str], project: str | None, day: DayRules) -> Iterator[Refusal]:
    """8863: units that say otherwise are not the project's."""
    if project is None:
        return
    for unit in dict.fromkeys(units):
        if registry.project_of(unit, day) not in {None, project}:
            yield UnitsOfAnotherProject(reference=AGREED, unit=unit, project=project)


def issuance_refusals(
    books: Books,
    scheme: Scheme,
    project: str,
    units: Collection[str],
    *,
    seller: str,
    count: int,
    day: DayRules,
) -> Iterator[Refusal]:
    """8863; and 8864: where the books issue units that say their project, it was issued so many.

    ``units`` are those of which the seller shares out ``count`` now.
    """
    yield from project_refusals(units, project, day)
    if not any(_issued_here(unit, project, day) for unit in units):
        return
    issued = sum(
        books.moved("issue", each.code)
        for each in books.assets()
        if _issued_here(each.code, project, day)
    )
    before = sum(
        body.delivered.count
        for stands in forwards(books, scheme)
        for _, body in stands.words
        if isinstance(body, Came)
        and stands.forward.seller == seller
        and _issued_here(body.delivered.unit, project, day)
    )
    if before + count > issued:
        yield ProjectIssuedLess(
            reference=AGREED, project=project, issued=issued, before=before, asked=count
        )


def _issued_here(unit: str, project: str, day: DayRules) -> bool:
    """Whether units are of the project, and come into being in these books."""
    kind = unit.partition(" ")[0]
    return registry.project_of(unit, day) == project and ("issue", kind) in day.types
