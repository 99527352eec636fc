"""The key of a request that moves something: without it nothing moves, with it once."""

from typing import Annotated

from fastapi import Depends, Header

from tonne.api.refusals import REFERENCE, KeyMissing
from tonne.api.shape import Text
from tonne.refusal import Refused


def the_key(
    idempotency_key: Annotated[
        Text | None,
        Header(
            description="Your name for this request: sent again under it, it is done once.",
            examples=["7f8a2f6e-transfer-1"],
        ),
    ] = None,
) -> str:
    """The caller's key; 9211 where there is none.

    The books do the rest: under a key that stands in the journal the same request is answered as
    it was then, and another one is refused (9001).
    """
    if idempotency_key is None:
        raise Refused([KeyMissing(reference=REFERENCE)])
    return idempotency_key


Key = Annotated[str, Depends(the_key)]
"""What every route takes that moves something."""
