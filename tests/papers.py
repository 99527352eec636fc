"""A certificate of units that Ana had cancelled; the keys of its issuer and of a stranger."""

from datetime import UTC, date, datetime

from tonne.documents import SignedCertificate, certify
from tonne.ledger import Block
from tonne.linking import PrivateKey
from tonne.operations import TakenOut, UnitsOut
from tonne.registry import Dedication

ISSUER, STRANGER = PrivateKey(bytes(range(32))), PrivateKey(bytes(range(1, 33)))
AT = datetime(2025, 4, 1, 9, 0, tzinfo=UTC)
ANA = Dedication(beneficiary="Ana Novak", purpose="a flight to Kathmandu")
BLOCKS = (Block("EX-1", 41, 80), Block("EX-1", 1001, 2200), Block("EX-1", 9, 9))


def taken(
    *,
    dedication: Dedication | None = ANA,
    blocks: tuple[Block, ...] = BLOCKS,
    title: str = "Example",
) -> TakenOut:
    """Units that are cancelled for ever."""
    return TakenOut(
        transaction=17,
        how="cancelled",
        scheme="example",
        title=title,
        rulebook="ab" * 32,
        because=("Example Act, s. 6", "Example Act, s. 2"),
        day=date(2025, 3, 1),
        at=datetime(2025, 3, 1, 10, 2, tzinfo=UTC),
        units=(
            UnitsOut(
                unit="EXA-1",
                name="Example allowance",
                count=sum(each.count for each in blocks),
                blocks=blocks,
            ),
        ),
        dedication=dedication,
    )


def signed(
    of: TakenOut | None = None, *, address: str = "https://registry.example"
) -> SignedCertificate:
    """The certificate of the issuer."""
    return certify(of or taken(), issuer="Registry of Example", key=ISSUER, at=AT, address=address)
