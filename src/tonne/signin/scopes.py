"""What a program may do with its key. To propose and to approve are never in one hand."""

from collections.abc import Collection, Iterator
from typing import Literal, get_args

from tonne.refusal import Refusal
from tonne.signin.key_refusals import ProposeAndApprove, ScopesUnfit, TradeAndApprove

Scope = Literal[
    "registry:read",
    "transfers:propose",
    "transfers:approve",
    "emissions:report",
    "market:read",
    "market:trade",
    "webhooks:manage",
]
SCOPES: tuple[str, ...] = get_args(Scope)

LOOKING = frozenset({"registry:read", "market:read"})
"""Scopes by which nothing is done."""

_RULE = "Rule of the house: two persons for every movement"


def scope_refusals(scopes: Collection[str]) -> Iterator[Refusal]:
    """Why a key cannot have these scopes."""
    unknown = tuple(sorted(set(scopes) - set(SCOPES)))
    if unknown or not scopes:
        reference = "Rule of the house: what a key may do is named"
        yield ScopesUnfit(reference=reference, unknown=unknown, known=SCOPES)
    if {"transfers:propose", "transfers:approve"} <= set(scopes):
        yield ProposeAndApprove(reference=_RULE)
    if {"market:trade", "transfers:approve"} <= set(scopes):
        yield TradeAndApprove(reference=_RULE)
