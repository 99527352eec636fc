"""The nouns of the books: account, asset, movement, hold, transaction."""

from msgspec import Struct

from tonne.ledger.block import Block


class Account(Struct, frozen=True):
    """A place where assets are held. Only a source may hold less than nothing."""

    number: str
    is_source: bool = False


class Asset(Struct, frozen=True):
    """Anything that is counted: an allowance, a credit, a euro cent.

    A serialised asset names the series in which its units are numbered; a fungible one has none.
    """

    code: str
    series: str | None = None

    @property
    def kind(self) -> str:
        """What it is, without where it comes from: the code up to the first blank.

        >>> Asset("CER-1 BR-2569", "BR").kind
        'CER-1'
        """
        return kind_of(self.code)

    @property
    def serialised(self) -> bool:
        """Whether every unit of it has a number."""
        return self.series is not None


class Movement(Struct, frozen=True, kw_only=True):
    """A count of one asset, from one account to another; which numbers, if the caller cares."""

    source: Account
    target: Account
    asset: Asset
    count: int
    block: Block | None = None

    def __post_init__(self) -> None:
        assert self.count > 0, "a movement moves something"
        assert self.source != self.target, "a movement moves somewhere"
        assert self.block is None or self.block.count == self.count, "a block is as many as it is"
        assert self.block is None or self.asset.serialised, "only numbered units have numbers"


class Hold(Struct, frozen=True, kw_only=True):
    """So many of an asset that are promised, and may not leave except for what they wait for."""

    key: str
    account: Account
    asset: Asset
    count: int

    def __post_init__(self) -> None:
        assert self.count > 0, "a hold holds something"


class Transaction(Struct, frozen=True, kw_only=True):
    """Movements that happen together or not at all, and the law that lets them.

    ``key`` is the caller's idempotency key; ``kind`` the verb of the transaction type; ``year``
    the compliance year it is for, where there is one; ``reverses`` the number of the transaction
    it undoes; ``hold`` the key of the hold that it uses up.
    """

    key: str
    kind: str
    movements: tuple[Movement, ...]
    because: tuple[str, ...]
    year: int | None = None
    reverses: int | None = None
    hold: str | None = None

    def __post_init__(self) -> None:
        assert self.key, "a transaction has the caller's key"
        assert self.movements, "a transaction moves something"
        assert self.because, "nothing moves without law"


def kind_of(code: str) -> str:
    """The kind that an asset's code begins with.

    >>> kind_of("AAU-1 AT"), kind_of("EUA-1")
    ('AAU-1', 'EUA-1')
    """
    return code.partition(" ")[0]


def reversal(
    of: Transaction,
    *,
    number: int,
    blocks: tuple[Block | None, ...],
    key: str,
    kind: str,
    because: tuple[str, ...],
) -> Transaction:
    """The mirror of a posted transaction: the same units, back the way they came.

    ``blocks`` are the numbers that each movement of it moved, in order.
    """
    back = tuple(
        Movement(
            source=movement.target,
            target=movement.source,
            asset=movement.asset,
            count=movement.count,
            block=block,
        )
        for movement, block in zip(of.movements, blocks, strict=True)
    )
    return Transaction(
        key=key,
        kind=kind,
        movements=back[::-1],
        because=because,
        year=of.year,
        reverses=number,
        hold=None,
    )
