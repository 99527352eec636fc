"""What must be read of the books before a batch can be decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tonne.ledger import Block, Key, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """The accounts, keys and lots that a batch is decided on."""

    keys: list[str]
    """The idempotency keys."""

    needs: dict[Key, int]
    """How many of an asset the batch takes from an account, in order of both."""

    sources: list[tuple[str, str]]
    """The accounts that issue, and the series in which they do."""

    blocks: list[tuple[str, str, Block]]
    """The blocks that the caller named: the lots in which they lie are read too."""

    others: list[str]
    """Accounts that give nothing."""

    def plain(self) -> list[Key]:
        """The needs that no source meets, as account and asset."""
        issuing = {number for number, _ in self.sources}
        return [key for key in self.needs if key[0] not in issuing]

    def only(self, keys: Iterable[Key]) -> "Wants":
        """The same for a few of the needs."""
        few = {key: self.needs[key] for key in keys}
        return Wants(
            keys=self.keys,
            needs=few,
            sources=[],
            blocks=[each for each in self.blocks if (each[0], each[1]) in few],
            others=[],
        )


def wanted(batch: Sequence[Transaction], others: Iterable[str]) -> Wants:
    """What a batch is decided on."""
    needs: dict[Key, int] = {}
    sources: dict[tuple[str, str], None] = {}
    blocks: list[tuple[str, str, Block]] = []
    named = set(others)
    for transaction in batch:
        for movement in transaction.movements:
            source, asset = movement.source, movement.asset
            named.add(movement.target.number)
            key = (source.number, asset.code)
            needs[key] = needs.get(key, 0) + movement.count
            if source.is_source and asset.series is not None:
                sources[source.number, asset.series] = None
            elif movement.block is not None:
                blocks.append((source.number, asset.code, movement.block))
    givers = {number for number, _ in needs}
    return Wants(
        keys=[each.key for each in batch],
        needs=dict(sorted(needs.items())) if len(needs) > 1 else needs,
        sources=sorted(sources),
        blocks=blocks,
        others=sorted(named - givers),
    )


def account_numbers(transaction: Transaction) -> Iterable[str]:
    """Every account that a transaction names."""
    for movement in transaction.movements:
        yield movement.source.number
        yield movement.target.number
