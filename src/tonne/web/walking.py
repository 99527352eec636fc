"""A year of an operator, step by step: allocated, reported, verified, surrendered, closed."""

from starlette.responses import Response

from tonne.operations import own_year, public
from tonne.refusal import Refused
from tonne.web import gate
from tonne.web.refusals import ADDRESSES, NoSuchPage
from tonne.web.today import account_of
from tonne.web.visit import Visit, unfit
from tonne.web.words import JUDGEMENTS, status_words


def year(visit: Visit) -> Response:
    """The year in the address, of the account in the address."""
    member, asked = gate.member(visit), int(visit.place("year"))
    law, told = account_of(visit, member)
    if told.account.operator is None:
        raise Refused([NoSuchPage(reference=ADDRESSES, address=visit.request.url.path[:200])])
    years = public.years_of(law, desk=visit.desk)
    if asked not in years:
        raise unfit("year", str(asked), f"{years[0]} to {years[-1]}")
    found = visit.ask(
        lambda books: own_year.own_year(
            books, law, told.account.number, asked, by=member.code, desk=visit.desk
        )
    )
    return visit.show(
        "walk.html",
        member=member,
        scheme=law,
        title=visit.title(law),
        told=found,
        held=told.duty.held if told.duty and told.duty.year == asked else None,
        today=visit.desk.day,
        years=[each for each in reversed(years) if each < visit.desk.day.year or each == asked],
        judgements={name: visit.reader.gettext(text) for name, text in JUDGEMENTS.items()},
        words=status_words(visit.reader.gettext),
    )
