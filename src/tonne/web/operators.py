"""An operator's account, as far as it is public: what it was given, emitted and surrendered."""

from starlette.responses import Response

from tonne.operations import Books, Scheme, public
from tonne.refusal import Refused
from tonne.registry import AccountKind, HoldingAccount, SourceDoesNotExist
from tonne.web.refusals import NotPublic
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit
from tonne.web.words import status_words

Found = tuple[Scheme, public.OperatorTold] | tuple[Scheme, HoldingAccount, AccountKind]


def account(visit: Visit) -> Response:
    """An account: an operator's year by year; of a government's what it is for."""
    number = visit.place("number")
    found = visit.ask(lambda books: _found(visit, books, number))
    ending = visit.request.state.ending
    if len(found) == 3:  # noqa: PLR2004  the second form of what is found
        law, held, kind = found
        if ending != "html":
            raise Refused([NotPublic(reference=law.name, asked=f"What {number!r} holds")])
        return visit.show(
            "government.html", scheme=law, title=visit.title(law), account=held, kind=kind
        )
    law, told = found
    table = _table(visit, law, told)
    if ending != "html":
        return visit.download(table, ending, law)
    closed = [each for each in told.years if each.closing is not None]
    last = closed[-1].closing if closed else None
    return visit.show(
        "operator.html",
        scheme=law,
        title=visit.title(law),
        told=told,
        account=told.account,
        last=last,
        words=status_words(visit.reader.gettext),
        table=table,
    )


def _found(visit: Visit, books: Books, number: str) -> Found:
    law = public.scheme_of(books, visit.office.schemes, number)
    if law is None:
        reference = "Rule of the books: accounts"
        raise Refused([SourceDoesNotExist(reference=reference, account=number)])
    (held,) = books.accounts(scheme=law.name, number=number)
    day = law.on(visit.desk.day)
    kind = day.kinds.get(held.kind)
    if held.operator is not None:
        return law, public.operator_told(books, law, number, desk=visit.desk)
    if kind is None or not kind.government:
        raise Refused([NotPublic(reference=day.on_accounts, asked=f"Whose account {number!r} is")])
    return law, held, kind


def _table(visit: Visit, law: Scheme, told: public.OperatorTold) -> Table:
    say = visit.reader.gettext
    words = status_words(say)
    rows = []
    for each in reversed(told.years):
        closing = each.closing
        code = None if closing is None else str(closing.outcome.status)
        rows.append(
            Line(
                values={
                    "year": each.year,
                    "allocated": each.allocated,
                    "verified": None if closing is None else closing.verified,
                    "surrendered": None if closing is None else closing.surrendered,
                    "missing": None if closing is None else closing.outcome.missing,
                    "status": code,
                },
                links={"year": f"/schemes/{law.name}/years/{each.year}"},
                notes={"status": say("not public yet") if code is None else words[code]},
            )
        )

    def column(key: str, heading: str) -> Column:
        values = [each.values[key] for each in rows]
        total = sum(each for each in values if isinstance(each, int))
        return Column(key=key, heading=heading, kind="count", total=total)

    return Table(
        title=f"{told.account.name or told.account.operator} ({visit.title(law)})",
        columns=(
            Column(key="year", heading=say("Year"), kind="year"),
            column("allocated", say("Given out free")),
            column("verified", say("Verified emissions, t")),
            column("surrendered", say("Units surrendered")),
            Column(key="missing", heading=say("Missing"), kind="count"),
            Column(key="status", heading=say("Status"), kind="text"),
        ),
        rows=rows,
        summed=len(rows) > 1,
        downloads=f"/accounts/{told.account.number}",
        empty=say(
            "Nothing is public of this operator yet. What it is given free is public at once; "
            "emissions and surrenders are public once their year is closed."
        ),
    )
