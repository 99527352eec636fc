"""A batch of trades into few movements; what one fails is named and cured by rule.

Netting looks at counts alone. Whether an account can give what it owes is asked of the net
movements, so that nothing depends on the order in which they are posted.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from tonne.market.deal import Leg
from tonne.market.deal_rules import CureMethod, Netting, SettlementRules
from tonne.working_days import Calendar

_Key = tuple[str, str]

Held = Mapping[_Key, int]
"""What may be moved: by account and asset; money by the code of its currency."""


class Instruction(Struct, frozen=True, kw_only=True):
    """One trade to be settled: units against money in minor units."""

    trade: str
    seller: str
    buyer: str
    asset: str
    count: int
    currency: str
    money: int
    buyer_fee: int = 0
    """What the buyer pays beside the price, to others than the seller."""

    seller_fee: int = 0
    """What the seller pays, first of what he gets."""

    def __post_init__(self) -> None:
        assert self.count > 0, "a trade is of something"
        assert self.money >= 0, "the buyer pays"
        assert self.seller != self.buyer, "a trade has two sides"


class Failure(Struct, frozen=True, kw_only=True):
    """What could not be settled of a trade, who failed it, and how it is cured."""

    instruction: Instruction
    """The part that failed; all of the trade, unless part of it was settled."""

    account: str
    asset: str
    """What was lacking: the units or the money."""

    cure: CureMethod
    due: date
    """When it is tried again, or bought in."""


class Settlement(Struct, frozen=True, kw_only=True):
    """What a batch comes to: net movements, the parts they settle, and what failed."""

    legs: tuple[Leg, ...]
    settled: tuple[Instruction, ...]
    failures: tuple[Failure, ...]


class BuyIn(Struct, frozen=True, kw_only=True):
    """Others stand in for the side that failed, which pays what they cost more."""

    trade: str
    count: int
    money: int
    """What the units cost, or bring, of others."""

    charged: int
    account: str


def legs_of(instructions: Iterable[Instruction]) -> Iterator[Leg]:
    """Both movements of each trade, one by one."""
    for each in instructions:
        yield Leg(each.seller, each.buyer, each.asset, each.count)
        if each.money:
            yield Leg(each.buyer, each.seller, each.currency, each.money)


def net(legs: Iterable[Leg], by: Netting) -> tuple[Leg, ...]:
    """At most one movement for a pair of accounts and an asset, by a named method.

    * ``bilateral``: what two accounts owe each other is set off.
    * ``multilateral``: what an account owes to all is set off against what it is owed by all, so
      that nobody both gives and takes an asset; who gives to whom follows the names.
    """
    return tuple(_bilateral(legs) if by == "bilateral" else _multilateral(legs))


def settle(
    instructions: Sequence[Instruction],
    held: Held,
    rules: SettlementRules,
    *,
    calendar: Calendar,
    on: date,
    barred: Collection[str] = frozenset(),
) -> Settlement:
    """Net what can be settled; trades for which somebody has too little fail, newest first.

    A trade that fails may leave the other side with too little for its own: so it goes on until
    all that is left can be settled. In part, where the rule says so: as many units as the side
    that lacks them, or the money, can still give or pay for. Whoever is ``barred`` may neither
    give nor take, whatever he has: all his trades fail, whole.
    """
    cure, due = rules.cure.on(on).value, calendar.after(on, rules.roll_days.on(on).value)
    owed = _Owed(rules.netting.on(on).value, held)
    left: dict[int, Instruction] = {}
    given: dict[_Key, list[int]] = defaultdict(list)
    failures: list[Failure] = []
    for place, each in enumerate(instructions):
        kept_from = [side for side in (each.seller, each.buyer) if side in barred]
        if kept_from:
            key = kept_from[0], each.asset if kept_from[0] == each.seller else each.currency
            failures.append(_failure(each, key, cure, due))
            continue
        left[place] = each
        owed.add(each)
        for account, _, asset, _ in _changes(each):
            given[account, asset].append(place)
    waiting = deque(sorted(key for key in given if owed.missing(key)))
    while waiting:
        key = waiting.popleft()
        while owed.missing(key):
            place = next(
                place
                for place in reversed(given[key])
                if place in left and owed.by(key, left[place])
            )
            whole = left.pop(place)
            part = _failing(whole, key, owed) if cure == "partial" else whole
            owed.add(part, times=-1)
            if part.count < whole.count:
                left[place] = _less(whole, part)
            failures.append(_failure(part, key, cure, due))
            ends = product((part.seller, part.buyer), (part.asset, part.currency))
            waiting.extend(sorted(end for end in ends if end != key and owed.missing(end)))
    settled = tuple(left[place] for place in sorted(left))
    legs = net(legs_of(settled), rules.netting.on(on).value)
    return Settlement(legs=legs, settled=settled, failures=tuple(failures))


def bought_in(failure: Failure, failures: int) -> bool:
    """Whether others stand in for a side that fails: where the law says so, the second time."""
    return failure.cure == "buy_in" and failures > 0


def buy_in(failure: Failure, *, money: int) -> BuyIn:
    """The failed units had from others, or sold to others where the money failed, for ``money``.

    The other side pays or gets what it agreed; the failing one pays the difference, and has no
    gain of it.
    """
    failed = failure.instruction
    lost = money - failed.money if failure.asset == failed.asset else failed.money - money
    return BuyIn(
        trade=failed.trade,
        count=failed.count,
        money=money,
        charged=max(0, lost),
        account=failure.account,
    )


def _bilateral(legs: Iterable[Leg]) -> Iterator[Leg]:
    owed: dict[tuple[str, str, str], int] = defaultdict(int)
    for leg in legs:
        if leg.source < leg.target:
            owed[leg.source, leg.target, leg.asset] += leg.count
        else:
            owed[leg.target, leg.source, leg.asset] -= leg.count
    for (one, other, asset), count in sorted(owed.items()):
        if count:
            source, target = (one, other) if count > 0 else (other, one)
            yield Leg(source, target, asset, abs(count))


def _multilateral(legs: Iterable[Leg]) -> Iterator[Leg]:
    change: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for leg in legs:
        change[leg.asset][leg.source] -= leg.count
        change[leg.asset][leg.target] += leg.count
    for asset, accounts in sorted(change.items()):
        givers = deque((name, -each) for name, each in sorted(accounts.items()) if each < 0)
        for target, count in sorted(accounts.items()):
            wanted = count
            while wanted > 0:
                source, given = givers.popleft()
                moved = min(wanted, given)
                yield Leg(source, target, asset, moved)
                wanted -= moved
                if given > moved:
                    givers.appendleft((source, given - moved))


class _Owed:
    """What every account owes, net, as trades come and go."""

    def __init__(self, by: Netting, held: Held) -> None:
        self._bilateral = by == "bilateral"
        self._held = held
        self._net: dict[tuple[str, str, str], int] = defaultdict(int)
        self._out: dict[_Key, int] = defaultdict(int)

    def add(self, instruction: Instruction, times: int = 1) -> None:
        """Count a trade in, or out again."""
        for account, other, asset, count in _changes(instruction):
            pair = account, other if self._bilateral else "", asset
            before = max(0, self._net[pair])
            self._net[pair] += count * times
            self._out[account, asset] += max(0, self._net[pair]) - before

    def missing(self, key: _Key) -> int:
        """What an account owes of an asset beyond what it has."""
        return max(0, self._out.get(key, 0) - self._held.get(key, 0))

    def by(self, key: _Key, instruction: Instruction) -> int:
        """How much less an account would owe without a trade in which it gives that asset.

        At most what it owes, net, to the other side of it: to all, if that is netted.
        """
        account, asset = key
        other = instruction.buyer if account == instruction.seller else instruction.seller
        owes = max(0, self._net[account, other if self._bilateral else "", asset])
        return min(owes, _given(instruction, key))


def _changes(each: Instruction) -> Iterator[tuple[str, str, str, int]]:
    """What a side gives the other of an asset, less what it gets; fees are as if given there."""
    yield each.seller, each.buyer, each.asset, each.count
    yield each.buyer, each.seller, each.asset, -each.count
    yield each.buyer, each.seller, each.currency, each.money + each.buyer_fee
    yield each.seller, each.buyer, each.currency, each.seller_fee - each.money


def _given(instruction: Instruction, key: _Key) -> int:
    """What an account gives of an asset in a trade, with its fee; none if it rather gets some."""
    found = sum(
        count for account, _, asset, count in _changes(instruction) if (account, asset) == key
    )
    return max(0, found)


def _failure(failed: Instruction, key: _Key, cure: CureMethod, due: date) -> Failure:
    return Failure(instruction=failed, account=key[0], asset=key[1], cure=cure, due=due)


def _failing(whole: Instruction, key: _Key, owed: _Owed) -> Instruction:
    """As much of a trade as stands for what is missing, rounded up so that enough fails."""
    missing = min(owed.missing(key), owed.by(key, whole))
    count = -(-missing * whole.count // _given(whole, key))
    left = whole.count - count
    return replace(
        whole,
        count=count,
        money=whole.money - whole.money * left // whole.count,
        buyer_fee=whole.buyer_fee - whole.buyer_fee * left // whole.count,
        seller_fee=whole.seller_fee - whole.seller_fee * left // whole.count,
    )


def _less(whole: Instruction, part: Instruction) -> Instruction:
    return replace(
        whole,
        count=whole.count - part.count,
        money=whole.money - part.money,
        buyer_fee=whole.buyer_fee - part.buyer_fee,
        seller_fee=whole.seller_fee - part.seller_fee,
    )
