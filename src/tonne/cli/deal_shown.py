"""Deals as people and programs are shown them."""

from collections.abc import Sequence

from tonne.cli.errand import Errand
from tonne.cli.show import Table
from tonne.market import PublicDeal
from tonne.operations import deals
from tonne.quantity import Price

DealStands = deals.DealStands
DealLine = deals.DealLine


def tell(at: Errand, found: DealStands, *, hint: str = "", named: bool = True) -> None:
    """Tell how a deal stands; one that is only tried has no name yet."""
    deal, known = found.deal, named or not at.call.dry_run
    state = deal.state.value.replace("_", " ")
    paid = "" if deal.price is None else f" at {_each(deal.price)}"
    name = deal.id if known else "(not named)"
    settled = found.transaction if known else None
    rest = "" if settled is None else f" by transaction {settled}"
    at.tell(
        f"Deal {name} is {state}{rest}: {deal.count:,} {deal.unit} from {deal.seller} to "
        f"{deal.buyer}{paid}.",
        _words(found),
        data=data(found) | ({} if known else {"deal": None}) | _key(at),
        hint=hint,
    )


def _key(at: Errand) -> dict[str, object]:
    return {"key": at.call.key} if at.call.writes else {}


def _words(found: DealStands) -> Table:
    """What was said, by whom, and why it failed if it did."""
    return Table(
        title="What was said",
        columns=("On", "Word", "By", "Price", "Why"),
        rows=[
            [each.day, each.word, each.by or "the market", each.price and _each(each.price),
             "; ".join([*each.why, *_cure(each)])]
            for each in found.said
        ],
    )  # fmt: skip


def _cure(line: DealLine) -> list[str]:
    """How a failure is cured, for people."""
    side, told = line.side, []
    if line.settled:
        told.append(f"{line.settled:,} units were settled")
    if side is not None:
        told.append(f"{side.account} failed ({side.cure.replace('_', ' ')})")
    if side is not None and side.due is not None:
        told.append(f"tried again on {side.due}")
    if side is not None and side.paid is not None:
        told.append(f"{side.paid} is paid to {side.other}")
    return told


def table(found: Sequence[DealStands]) -> Table:
    """Deals for people."""
    return Table(
        columns=(
            "Deal", "State", "Seller", "Buyer", "Units", "Unit", "Price", "To settle on", "Failed",
        ),
        rows=[
            [each.deal.id, each.deal.state.value.replace("_", " "), each.deal.seller,
             each.deal.buyer, each.deal.count, each.deal.unit,
             each.deal.price and _each(each.deal.price), each.deal.settle_on, _last(each)]
            for each in found
        ],
    )  # fmt: skip


def _last(found: DealStands) -> str:
    """How the last failure of a deal is cured, if it has not been settled since."""
    failed = [each for each in found.said if each.word == "fail"]
    return "; ".join(_cure(failed[-1])) if failed and found.transaction is None else ""


def public_table(told: tuple[PublicDeal, ...]) -> Table:
    """What the public knows, for people."""
    return Table(
        columns=("Agreed", "Units", "Unit", "Price", "Block trade"),
        rows=[
            [each.agreed_at, each.count, each.unit, each.price and _each(each.price), each.block]
            for each in told
        ],
    )


def public_data(each: PublicDeal) -> dict[str, object]:
    """What the public knows of a deal, for a program."""
    return {
        "agreed_at": each.agreed_at,
        "published_at": each.published_at,
        "count": each.count,
        "unit": each.unit,
        "price": None if each.price is None else each.price.times(1),
        "block": each.block,
    }


def data(found: DealStands) -> dict[str, object]:
    """A deal for a program."""
    deal = found.deal
    return {
        "deal": deal.id,
        "state": deal.state.value,
        "buyer": deal.buyer,
        "seller": deal.seller,
        "unit": deal.unit,
        "count": deal.count,
        "price": None if deal.price is None else deal.price.times(1),
        "delivery": deal.delivery,
        "broker": None if deal.brokerage is None else deal.brokerage.broker,
        "confirmed": deal.confirmed,
        "valid_until": deal.valid_until,
        "settle_on": deal.settle_on,
        "transaction": found.transaction,
        "transactions": found.transactions,
        "left": 0 if found.transaction is not None else deal.left,
        "said": [
            {
                "on": each.day, "word": each.word, "by": each.by, "why": each.why,
                "settled": each.settled, "failed": each.side,
            }
            for each in found.said
        ],
    }  # fmt: skip


def _each(price: Price) -> str:
    return str(price.times(1))
