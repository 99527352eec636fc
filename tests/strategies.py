"""What hypothesis may try: positions, holds, and batches of transactions in a small world."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tonne.ledger import (
    Account,
    Asset,
    Block,
    Hold,
    Key,
    Movement,
    Position,
    Posted,
    Posting,
    Transaction,
    post,
    whole_line,
)

SOURCE = Account("source", is_source=True)
HOLDERS = tuple(Account(name) for name in "ABC")
ACCOUNTS = (SOURCE, *HOLDERS)
EUA = Asset("EUA", "EU")
ERU = Asset("ERU", "EU")
EUR = Asset("EUR")
ASSETS = (EUA, ERU, EUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Books as they stand, what is promised in them, and the number of the next transaction."""

    positions: dict[Key, Position]
    holds: dict[str, Hold]
    number: int

    def post(self, *batch: Transaction) -> Posting:
        """What the batch comes to here."""
        numbers = range(self.number, self.number + len(batch))
        return post(self.positions, batch, numbers=numbers, holds=self.holds)

    def after(self, posting: Posting) -> "Scene":
        """The books after a batch: what changed has changed, waves begin anew."""
        used = {each.transaction.hold for each in posting.posted}
        rest = {key: hold for key, hold in self.holds.items() if key not in used}
        changed = {
            key: Position(
                count=position.count,
                held=sum(_of(hold) == key and hold.count for hold in rest.values()),
                lots=tuple(lot._replace(wave=0) for lot in position.lots),
            )
            for key, position in posting.after().items()
        }
        return Scene(
            positions=self.positions | changed,
            holds=rest,
            number=self.number + len(posting.decisions),
        )

    def blocks(self, key: Key) -> list[Block]:
        """The blocks that lie there."""
        return [lot.block for lot in self.positions.get(key, Position()).lots]


def _of(hold: Hold) -> Key:
    return hold.account.number, hold.asset.code


def empty() -> Scene:
    """Books in which nothing has been issued."""
    key, position = whole_line(SOURCE, "EU")
    return Scene(positions={key: position}, holds={}, number=1)


def opening() -> Scene:
    """Books in which every holder has forty of each asset, in two lots."""
    scene = empty()
    for start in range(2):
        batch = [
            Transaction(
                key=f"opening {start} {account.number} {asset.code}",
                kind="issuance",
                movements=(Movement(source=SOURCE, target=account, asset=asset, count=20),),
                because=("Example Act",),
            )
            for account in HOLDERS
            for asset in ASSETS
        ]
        posting = scene.post(*batch)
        assert all(isinstance(each, Posted) for each in posting.decisions)
        scene = scene.after(posting)
    return scene


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """Any movement between two accounts, sensible or not."""
    source, target = draw(st.permutations(ACCOUNTS))[:2]
    asset = draw(st.sampled_from(ASSETS))
    block = None
    count = draw(st.integers(1, 30) | st.sampled_from([40, 41, 80]))
    if asset.series is not None and draw(st.booleans()):
        first = draw(st.integers(1, 300))
        block = Block(asset.series, first, first + count - 1)
    return Movement(source=source, target=target, asset=asset, count=count, block=block)


@st.composite
def transactions(draw: st.DrawFn, holds: tuple[Hold, ...] = ()) -> Transaction:
    """Any transaction; now and then it uses a hold, which may or may not be there and fit."""
    moved = draw(st.lists(movements(), min_size=1, max_size=3))
    key = None
    if holds and draw(st.integers(0, 3)) == 0:
        hold = draw(st.sampled_from(holds))
        key = draw(st.sampled_from([hold.key, hold.key, "no such hold"]))
        target = draw(st.sampled_from([each for each in ACCOUNTS if each != hold.account]))
        paid = Movement(source=hold.account, target=target, asset=hold.asset, count=hold.count)
        moved = draw(st.sampled_from([moved, [paid], [paid]]))
    return Transaction(
        key=draw(st.uuids()).hex,
        kind="transfer",
        movements=tuple(moved),
        because=("Example Act",),
        hold=key,
    )


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Books in which something has happened, and something is promised."""
    scene = opening()
    scene = scene.after(scene.post(*draw(st.lists(transactions(), max_size=6))))
    holds: dict[str, Hold] = {}
    positions = dict(scene.positions)
    for account in HOLDERS:
        asset = draw(st.sampled_from(ASSETS))
        position = positions.get((account.number, asset.code), Position())
        if position.count and draw(st.booleans()):
            count = draw(st.integers(1, position.count))
            hold = Hold(key=f"hold of {account.number}", account=account, asset=asset, count=count)
            holds[hold.key] = hold
            positions[account.number, asset.code] = Position(
                count=position.count, held=count, lots=position.lots
            )
    return Scene(positions=positions, holds=holds, number=scene.number)


def batches(scene: Scene) -> st.SearchStrategy[list[Transaction]]:
    """A batch of anything, in which holds of the scene may be used."""
    return st.lists(transactions(holds=tuple(scene.holds.values())), min_size=1, max_size=8)


@st.composite
def scenes_and_batches(draw: st.DrawFn) -> tuple[Scene, list[Transaction]]:
    """Books, and a batch for them."""
    scene = draw(scenes())
    return scene, draw(batches(scene))
