"""Units as the public sees them: the way of a serial number, what was cancelled, what was sold."""

from urllib.parse import quote

from starlette.responses import Response

from tonne.operations import LawLacking, auctions, public
from tonne.refusal import Refused
from tonne.web.marks import law_word
from tonne.web.tables import Column, Line, Table
from tonne.web.visit import Visit, unfit
from tonne.web.words import AUCTION_STATES


def serial(visit: Visit) -> Response:
    """The way of a unit, from its issuance to where it ended."""
    asked = visit.place("serial")
    told = visit.ask(lambda b: public.life_told(b, visit.office.schemes, asked, desk=visit.desk))
    law = visit.office.scheme(told.scheme)
    table = _life(visit, told)
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "serial.html",
        scheme=law,
        title=visit.title(law),
        told=told,
        serial=f"{told.series}-{told.number}",
        table=table,
    )


def cancelled(visit: Visit) -> Response:
    """What was cancelled and retired in a scheme, the latest first."""
    law = visit.office.scheme(visit.place("scheme"))
    _, accounts = visit.kept(("ends", law.name), lambda b: public.ends_of(b, law, desk=visit.desk))
    before = _before(visit)
    _, found = visit.kept(
        ("ended", law.name, before),
        lambda books: public.ended_told(books, law, accounts, before=before),
    )
    table = _ended(visit, found, f"/schemes/{law.name}/cancelled", visit.title(law))
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "cancelled.html", scheme=law, title=visit.title(law), found=found, table=table
    )


def auctions_held(visit: Visit) -> Response:
    """What was sold at auction, and at which price."""
    law = visit.office.scheme(visit.place("scheme"))
    if "auctions.toml" not in law.laws:
        lacking = LawLacking(reference="Law of the scheme", scheme=law.name, file="auctions.toml")
        raise Refused([lacking])
    at, found = visit.kept(("auctions", law.name), lambda books: auctions.every(books, law))
    table = _auctions(visit, found, f"/schemes/{law.name}/auctions", visit.title(law))
    ending = visit.request.state.ending
    if ending != "html":
        return visit.download(table, ending, law)
    return visit.show(
        "auctions.html",
        scheme=law,
        title=visit.title(law),
        table=table,
        at=at,
        last=next((each for each in reversed(found) if each.cleared is not None), None),
    )


def _before(visit: Visit) -> tuple[int, int]:
    """Where a page of cancellations begins: the transaction and the line after it."""
    asked = visit.asked("before")
    if not asked:
        return public.LAST
    entry, _, line = asked.partition(".")
    parts = (entry, line)
    if not all(each.isascii() and each.isdigit() and len(each) <= 9 for each in parts):  # noqa: PLR2004  so long is no number of the journal's pages
        raise unfit("before", asked, "a transaction and a line, such as 42.1")
    return int(entry), int(line)


def _life(visit: Visit, told: public.LifeTold) -> Table:
    say = visit.reader.gettext
    return Table(
        title=f"{told.series}-{told.number}",
        columns=(
            Column(key="day", heading=say("Day"), kind="day"),
            Column(key="transaction", heading=say("Transaction"), kind="code"),
            Column(key="kind", heading=say("What was done"), kind="text"),
            Column(key="source", heading=say("From"), kind="name"),
            Column(key="target", heading=say("To"), kind="name"),
            Column(key="first", heading=say("First number"), kind="code"),
            Column(key="last", heading=say("Last number"), kind="code"),
        ),
        rows=[
            Line(
                values={
                    "day": each.step.day,
                    "transaction": each.step.transaction,
                    "kind": each.name,
                    "source": None if each.source is None else each.source.name,
                    "target": None if each.target is None else each.target.name,
                    "first": each.step.first,
                    "last": each.step.last,
                },
                notes={"kind": law_word(each.name)},
            )
            for each in told.stops
        ],
        downloads=f"/serials/{told.series}-{told.number}",
    )


def _ended(visit: Visit, found: public.EndedTold, path: str, title: str) -> Table:
    say = visit.reader.gettext
    return Table(
        title=": ".join((title, say("Cancelled and retired"))),
        columns=(
            Column(key="day", heading=say("Day"), kind="day"),
            Column(key="kind", heading=say("What was done"), kind="text"),
            Column(key="unit", heading=say("Unit"), kind="code"),
            Column(key="count", heading=say("Units"), kind="count"),
            Column(key="serials", heading=say("Serial numbers"), kind="code"),
            Column(key="beneficiary", heading=say("For"), kind="name"),
            Column(key="purpose", heading=say("Purpose"), kind="name"),
        ),
        rows=[
            Line(
                values={
                    "day": each.step.day,
                    "kind": each.name,
                    "unit": each.step.asset,
                    "count": each.step.units,
                    "serials": _serials(each.step.series, each.step.first, each.step.last),
                    "beneficiary": None if each.dedication is None else each.dedication.beneficiary,
                    "purpose": None if each.dedication is None else each.dedication.purpose,
                },
                links={"serials": f"/serials/{each.step.series}-{each.step.first}"}
                if each.step.series
                else {},
                notes={"kind": law_word(each.name)},
            )
            for each in found.rows
        ],
        downloads=path,
        query=visit.request.url.query,
        later=None
        if found.before is None
        else f"{path}?before={found.before[0]}.{found.before[1]}",
        empty=say("Nothing was cancelled or retired in this scheme yet."),
    )


def _serials(series: str | None, first: int, last: int) -> str | None:
    if series is None:
        return None
    return f"{series}-{first}" if first == last else f"{series}-{first}\u2013{last}"


def _auctions(visit: Visit, found: list[auctions.HeldAuction], path: str, title: str) -> Table:
    say = visit.reader.gettext
    rows = []
    for each in reversed(found):
        results = None if each.cleared is None else each.cleared.results
        price = None if results is None or results.price is None else results.price
        rows.append(
            Line(
                values={
                    "closes": each.created.closes.date(),
                    "auction": each.created.name,
                    "unit": each.created.unit,
                    "offered": None if results is None else results.offered,
                    "sold": None if results is None else results.sold,
                    "price": None
                    if price is None or results is None
                    else f"{results.currency} {price}",
                    "cover": None if results is None else str(results.cover),
                    "bidders": None if results is None else results.bidders,
                    "status": each.status(visit.now),
                },
                notes={"status": say(AUCTION_STATES[each.status(visit.now)])},
                links={"auction": f"{path}/{quote(each.created.name)}"},
            )
        )
    return Table(
        title=": ".join((title, say("Auctions"))),
        columns=(
            Column(key="closes", heading=say("Day"), kind="day"),
            Column(key="auction", heading=say("Auction"), kind="name"),
            Column(key="unit", heading=say("Unit"), kind="code"),
            Column(key="offered", heading=say("Offered"), kind="count"),
            Column(key="sold", heading=say("Sold"), kind="count"),
            Column(key="price", heading=say("Price of one unit"), kind="code"),
            Column(key="cover", heading=say("Bid for, for each offered"), kind="code"),
            Column(key="bidders", heading=say("Bidders"), kind="count"),
            Column(key="status", heading=say("State"), kind="text"),
        ),
        rows=rows,
        downloads=path,
        empty=say("No auction of this scheme was announced yet."),
    )
