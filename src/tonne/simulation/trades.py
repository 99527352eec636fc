"""Who could have sold to whom: the public record does not say, so surplus meets need.

Units are moved without a word from those who have too many, or sold on an exchange.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tonne import compliance
from tonne.operations import Answer, Books, Transfer, transfer
from tonne.simulation.course import noon
from tonne.simulation.exchange import Exchange, Trader
from tonne.simulation.history import Kind
from tonne.simulation.lived import Replay, keep_refused, rows_of
from tonne.simulation.scope import kinds, unit_of


def may_trade(this: Replay, exchange: Exchange, lived: Iterable[int]) -> None:
    """Refuse, before anything is done, what the law of the days of trade does not provide for."""
    for year in lived:
        deadline = compliance.surrender_by(year, this.scheme.compliance)
        for kind in kinds(this.scheme.on(date(year, 12, 31))):
            unit = unit_of(this.scheme, kind, year)
            registries = sorted({row.registry for row in rows_of(this, year, kind)})
            for day in (*exchange.course(year, unit), exchange.last(deadline, unit)):
                exchange.lawful(unit, day, registries)


def trade_year(this: Replay, exchange: Exchange, year: int) -> None:
    """In the course of a year: some who will lack units for it buy of some who can spare them."""
    for kind in kinds(this.scheme.on(date(year, 12, 31))):
        unit = unit_of(this.scheme, kind, year)
        traders = list(_traders(this, year, kind, before_allocation=True))
        for day in exchange.course(year, unit):
            this.obtained += exchange.trade(traders, unit=unit, day=day, last=False)


def obtain(this: Replay, year: int, kind: Kind, deadline: date) -> None:
    """By the deadline: whoever lacks units for the year gets them of those who can spare them."""
    unit = unit_of(this.scheme, kind, year)
    traders = list(_traders(this, year, kind, before_allocation=False))
    if this.exchange is not None:
        day = this.exchange.last(deadline, unit)
        this.obtained += this.exchange.trade(traders, unit=unit, day=day, last=True)
        return
    needs = {each.account: each.need for each in traders}

    def move(books: Books) -> tuple[list[Transfer], list[Answer]]:
        balances = books.balances(this.scheme.name)
        holdings = {each: balances.get((each, unit), 0) for each in needs}
        moved = list(trades(holdings, needs, key=f"replay/{year}/obtain/{kind}", unit=unit))
        return moved, transfer(books, this.scheme, moved, desk=noon("operator", deadline))

    transfers, answers = this.run(move)
    keep_refused(this, answers)
    this.obtained += sum(each.count for each in transfers)
    this.progress(f"{year}: transfers", len(transfers))


def _traders(this: Replay, year: int, kind: Kind, *, before_allocation: bool) -> Iterator[Trader]:
    """Everybody with an account, what it needs for a year, and what it is still given before."""
    needs = {row.account_id: row.surrendered for row in rows_of(this, year, kind)}
    next_year = rows_of(this, year + 1, kind) if before_allocation else []
    if next_year and unit_of(this.scheme, kind, year) != unit_of(this.scheme, kind, year + 1):
        next_year = []
    coming = {row.account_id: row.allocated for row in next_year}
    for each in this.history.operators:
        if each.kind == kind and each.account_id in this.accounts:
            yield Trader(
                account=this.accounts[each.account_id],
                owner=this.names[each.account_id],
                need=needs.get(each.account_id, 0),
                coming=coming.get(each.account_id, 0),
            )


def trades(
    holdings: Mapping[str, int], needs: Mapping[str, int], *, key: str, unit: str
) -> Iterator[Transfer]:
    """Transfers that bring every account up to its need, from the largest surplus down."""
    rest = {number: held - needs.get(number, 0) for number, held in holdings.items()}
    sellers = sorted(((more, number) for number, more in rest.items() if more > 0), reverse=True)
    queue = iter(sellers)
    more, seller = next(queue, (0, ""))
    for buyer, lack in sorted((number, -less) for number, less in rest.items() if less < 0):
        wanted = lack
        while wanted and seller:
            count = min(wanted, more)
            yield Transfer(
                key=f"{key}/{seller}/{buyer}", source=seller, target=buyer, unit=unit, count=count
            )
            wanted -= count
            more -= count
            if not more:
                more, seller = next(queue, (0, ""))
