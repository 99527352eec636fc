"""The checks of numbers and origins: what is converted keeps its numbers and its registry."""

from collections.abc import Iterator

from tonne.ledger import Block
from tonne.refusal import Refusal
from tonne.registry.case import Case, Step, each_movement
from tonne.registry.serial import origin_asset, serial_of
from tonne.registry.serial_grounds import (
    EndElsewhere,
    NotIssuedForItsPeriod,
    NumbersNotKept,
    OriginNotSaid,
)


@each_movement
def origin_said(case: Case, step: Step) -> Iterator[Refusal]:
    """3201: a kind is not enough where units of it differ by where they come from."""
    asset = step.movement.asset
    kind = case.day.units.get(asset.kind)
    if kind is not None and origin_asset(asset.code, case.day) != asset:
        yield OriginNotSaid(reference=case.day.on_transactions, unit=asset.code, origin=kind.origin)


@each_movement
def issued_for_its_period(case: Case, step: Step) -> Iterator[Refusal]:
    """3220: asked of what comes out of a source without having gone back to it before."""
    movement, asset = step.movement, step.movement.asset
    if step.type is None or step.type.type.against == "units" or not movement.source.is_source:
        return
    serial = serial_of(asset.code, Block(asset.series or "", 1, 1), case.day)
    if serial is not None and serial.original != serial.applicable:
        yield NotIssuedForItsPeriod(
            reference=case.day.on_transactions, unit=asset.code, original=serial.original
        )


def numbers_kept(case: Case) -> Iterator[Refusal]:
    """3200: what is converted goes back to its source and comes out again, block by block."""
    steps = [
        step for step in case.steps() if step.type is not None and step.type.type.against == "units"
    ]
    backs, outs = steps[::2], steps[1::2]
    if len(backs) == len(outs) and all(map(_kept, backs, outs)):
        return
    yield NumbersNotKept(
        reference=case.day.on_transactions,
        verb=case.verb,
        given_back=tuple(_said(step) for step in backs),
        given_out=tuple(_said(step) for step in outs),
    )


def _kept(back: Step, out: Step) -> bool:
    """Whether the second step gives out what the first gave back, as a kind it may become."""
    assert back.type is not None, "only typed steps are compared"
    there, here = back.movement, out.movement
    return (
        there.target.is_source
        and here.source == there.target
        and there.block is not None
        and there.block == here.block
        and here.asset.kind in back.type.type.becomes
        and same_registry(there.source.number, here.target.number)
    )


def elsewhere(target: str, own: str, *, reference: str) -> Iterator[EndElsewhere]:
    """3226, asked of the account in which units are to end, and of the one in which they do."""
    if not same_registry(target, own):
        yield EndElsewhere(reference=reference, account=target, own=own)


def _said(step: Step) -> str:
    movement = step.movement
    return f"{movement.block or movement.count} {movement.asset.code}"


def same_registry(one: str, other: str) -> bool:
    """Whether two account numbers are of one registry."""
    return one.partition("-")[0] == other.partition("-")[0]
