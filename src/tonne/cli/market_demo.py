"""One quarter of a market in the land of the Example Act, lived in books of its own and told."""

from collections.abc import Iterator

import typer

from tonne.cli import show
from tonne.cli.errand import the_scheme
from tonne.cli.opening import open_store
from tonne.cli.options import Call
from tonne.cli.show import Table
from tonne.market import DealState
from tonne.operations import depth_rows
from tonne.quantity import Currency, Money
from tonne.simulation import QuarterReport, live_a_quarter

EURO = Currency("EUR")


def demonstrate(call: Call, *, seed: int, database: str) -> None:
    """Live the quarter and tell what came of it."""
    law = the_scheme("example")
    with (
        open_store(database, fresh=True) as store,
        show.progress("Living a quarter on the exchange") as told,
    ):
        report = live_a_quarter(store.run, law, seed=seed, told=told)
    if call.as_json:
        show.as_json(_data(report) | {"seed": seed, "database": database})
    else:
        _tell(report, seed)
        show.note(
            "The people and what they want are made up, by the seed; the law is the Example Act.",
            f"tonne check --database {database}",
            f"tonne market trades --instrument {report.instrument} --scheme example "
            f"--from {report.first} --on {report.last} --database {database}",
        )
    if report.differences or not _whole(report):
        raise typer.Exit(1)


def _whole(report: QuarterReport) -> bool:
    """Whether all that was issued or brought in is held by somebody."""
    return all(each.issued == sum(each.held.values()) for each in report.totals)


def _tell(report: QuarterReport, seed: int) -> None:
    whole = _whole(report) and not report.differences
    show.tell(
        f"A quarter on the exchange of the Example Act, with seed {seed}: every unit and every "
        f"cent {'is' if whole else 'IS NOT'} accounted for.",
        _auction(report),
        *_trades(report),
        *_ends(report),
    )
    show.tell(
        f"{report.trades} trades of {report.volume} units on the book; {report.settled} trades of "
        f"later days settled, {len(report.failed)} failed on their day; {report.alerts} alerts; "
        f"{len(report.differences)} differences in the books."
    )


def _auction(report: QuarterReport) -> Table:
    found = report.auction.results
    return Table(
        title="The auction of April",
        columns=("Offered", "Bid for", "Cover", "Bidders", "Price", "Sold", "Proceeds"),
        rows=[
            (
                found.offered,
                found.demanded,
                str(found.cover),
                found.bidders,
                "none" if found.price is None else f"{found.currency} {found.price}",
                found.sold,
                found.proceeds,
            )
        ],
    )


def _trades(report: QuarterReport) -> Iterator[Table]:
    """Deals, the weeks of the exchange, and its book."""
    yield Table(
        title="Deals",
        columns=("Deal", "Units", "Price", "Broker", "State"),
        rows=[
            (
                each.deal.id,
                each.deal.count,
                "" if each.deal.price is None else _cents(int(each.deal.price.minor)),
                "yes" if each.deal.brokerage else "no",
                each.deal.state.value,
            )
            for each in report.deals
        ],
    )
    yield Table(
        title="The exchange, by week",
        columns=("From", "First", "Highest", "Lowest", "Last", "Units", "Trades"),
        rows=[
            (
                each.start.date(),
                *(_cents(price) for price in (each.open, each.high, each.low, each.close)),
                each.volume,
                each.trades,
            )
            for each in report.weeks
        ],
    )
    yield Table(
        title="The book when trading ended",
        columns=("Side", "Price", "Units", "Orders"),
        rows=[(side, _cents(price), *more) for side, price, *more in depth_rows(report.book)],
    )
    yield Table(
        title="What rested in it has expired, and nothing is held for it",
        columns=("At", "Orders"),
        rows=[(each.at.isoformat(" ", "minutes"), each.orders) for each in report.expired],
    )
    yield Table(
        title="Settlements of the exchange's trades",
        columns=("Instrument", "Trade", "Day", "Seller", "Buyer", "Units", "Money", "Status"),
        rows=[
            (
                each.instrument, str(each.trade), each.day, each.seller, each.buyer, each.units,
                each.money, each.status.replace("_", " "),
            )
            for each in report.settlements
        ],
    )  # fmt: skip


def _ends(report: QuarterReport) -> Iterator[Table]:
    """What the fund shared out, what everybody has, and the sums."""
    yield Table(
        title="The fund: units delivered by the kiln, shared out",
        columns=("Participant", "Units"),
        rows=[*report.distributed.items()],
    )
    yield Table(
        title="Statements",
        columns=("Who", "Account", "Units", "of them held", "Money", "of it held"),
        rows=[
            (each.name, each.account, each.units, each.units_held, each.money, each.money_held)
            for each in report.statements
        ],
    )
    yield Table(
        title="Sums",
        columns=("What", "Issued or brought in", "Held", "Difference"),
        rows=[
            (
                each.asset,
                _count(each.asset, each.issued),
                _count(each.asset, sum(each.held.values())),
                _count(each.asset, each.issued - sum(each.held.values())),
            )
            for each in report.totals
        ],
    )


def _data(report: QuarterReport) -> dict[str, object]:
    found = report.auction.results
    return {
        "accounted_for": _whole(report) and not report.differences,
        "auction": found,
        "deals": [
            {
                "deal": each.deal.id,
                "count": each.deal.count,
                "price": each.deal.price,
                "settled": each.deal.state is DealState.SETTLED,
            }
            for each in report.deals
        ],
        "forward": {
            "delivered": report.forward.account.delivered,
            "count": report.forward.forward.count,
        },
        "distributed": report.distributed,
        "weeks": report.weeks,
        "settlement_prices": report.prices,
        "book": report.book,
        "expired": report.expired,
        "settlements": report.settlements,
        "trades": report.trades,
        "volume": report.volume,
        "settled_later": report.settled,
        "failed": report.failed,
        "alerts": report.alerts,
        "statements": report.statements,
        "totals": report.totals,
        "differences": report.differences,
    }


def _cents(minor: int) -> Money:
    return Money(minor, EURO)


def _count(asset: str, count: int) -> object:
    return _cents(count) if asset == EURO.code else count
