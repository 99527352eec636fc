"""What may be proposed, in the form in which a program says it: one form for every verb."""

import inspect
from datetime import date
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_type_hints

import msgspec
from pydantic import Field, StringConstraints, create_model, model_validator

from tonne.api.shape import Day, Shape, Text
from tonne.ledger import LAST_NUMBER
from tonne.ledger import Block as Numbers
from tonne.operations import proposals

_ROWS_MAX = 2_000

Free = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""What somebody says, in their own words."""
Count = Annotated[int, Field(ge=1, le=LAST_NUMBER)]
_YEAR = Annotated[int, Field(ge=1990, le=2100)]


class BlockAsked(Shape):
    """Units by their serial numbers, which follow each other."""

    series: Text
    """The numbering."""
    first: Count
    """The first number."""
    last: Count
    """The last number."""

    @model_validator(mode="after")
    def _runs(self) -> "BlockAsked":
        if self.last < self.first:
            raise ValueError("a block runs from its first number to its last")
        return self


_SENTENCES = {
    "account": "The account on which it is done.",
    "target": "The other account.",
    "unit": "What kind of unit.",
    "count": "How many units.",
    "block": "Which of them, by their numbers; any, if it is not said.",
    "beneficiary": "For whom they are cancelled.",
    "purpose": "What for.",
    "year": "The year that it is about.",
    "rows": "The rows of the table.",
    "operator": "The operator, by its identifier.",
    "received": "The day on which the operator's report was received.",
    "closed_on": "The day on which the operator ceased.",
    "number": "The number of the transaction.",
    "kind": "What kind of account.",
    "name": "Its name.",
    "holder": "The account holder, by their code.",
    "change": "What becomes of it.",
    "reason": "Why.",
    "description": "What it is trusted for.",
    "second_for_trusted": "Whether a second person agrees to transfers to trusted accounts.",
    "outside_list": "Whether units may go to accounts that are not trusted.",
    "second_for_duties": "Whether a second person agrees to what a duty asks.",
    "person": "The person, by their code.",
    "right": "What they may do.",
    "position": "The position; none, if they leave it.",
    "instrument": "What is traded.",
    "side": "Whether it is bought or sold.",
    "price": "For one unit; of an order or a bid the most to pay, or the least to get.",
    "lasts": "How long the order stays in the book.",
    "until": "The last day: of an order that is good till then, or to confirm a deal.",
    "tonnes": "How many tonnes of CO2 equivalent, as a decimal number.",
    "source": "The reference of the operator's own report.",
    "judgement": "Whether the verifier is satisfied, with comments or without, or not.",
    "statement": "The reference of the verifier's own report.",
    "comment": "The comments, or why the verifier is not satisfied.",
    "amount": "How much money.",
    "currency": "Of which currency.",
    "deal": "The name of the deal.",
    "settle_on": "The first day on which the deal is settled; the law may say a later one.",
    "auction": "In which auction.",
    "salt": "32 characters or more, drawn by chance and told to nobody: it seals the bid.",
    "figure": "What the report should say as the verifier sees it, where they are not satisfied.",
    "first_year": "The first year of the reports that a verifier is to see and judge.",
    "last_year": "The last such year.",
    "post_only": "Whether it may rest only, and trade with nobody who is there before.",
}
_EXAMPLES = {
    "account": "XE-120-1-0-97", "target": "XE-120-7-0-95", "unit": "EXA-1", "count": 10,
    "year": 2026, "operator": "STEEL", "person": "usr_01m808tx00e008000000000000",
    "holder": "org_01m808tx00e008000000000000", "number": 17, "instrument": "EXA-SPOT",
    "side": "buy", "price": "22.50", "lasts": "day",
    "amount": "1000.00", "currency": "EUR", "deal": "D-17",
    "auction": "A1", "salt": "5b8de5d3f52ba31f2c2b0a35d1d6a71b",
    "tonnes": "99.6", "source": "AER-2025-1", "judgement": "verified", "statement": "VR-2025-7",
    "first_year": 2025, "last_year": 2027,
}  # fmt: skip
VERBS: dict[str, type[proposals.Wish]] = {
    each.verb: each for each in get_args(proposals.Wish) if each is not proposals.PutOrder
}
"""All that may be proposed, by its verb; the law of a scheme says by whom. Orders are put at an
address of their own, by keys that trade."""


def _form(kind: Any, *, verb: str | None) -> type[Shape]:  # noqa: ANN401  a kind of struct
    """The form of what a program says, with the fields of what is wished."""
    hints = get_type_hints(kind)
    fields: dict[str, Any] = {}
    if verb is not None:
        fields["verb"] = (Literal[verb], Field(description="What is wished.", examples=[verb]))
    for each in msgspec.structs.fields(kind):
        said = Field(
            default=... if each.required else each.default,
            description=_SENTENCES[each.name],
            examples=[_EXAMPLES[each.name]] if each.name in _EXAMPLES else None,
        )
        fields[each.name] = (_as_said(hints[each.name], each.name, each.required), said)
    docs = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]
    return create_model(f"{kind.__name__}Asked", __base__=Shape, __doc__=docs, **fields)


def _as_said(kind: Any, name: str, required: bool) -> Any:  # noqa: ANN401, FBT001  kinds of value
    """How a kind of value is said by a program."""
    inner = [each for each in get_args(kind) if each is not NoneType]
    if NoneType in get_args(kind) and len(inner) == 1:
        return _as_said(inner[0], name, required) | None
    if kind is int:
        return _YEAR if name.endswith("year") else Count
    if kind is str:
        return Text if required and name != "reason" else Free
    return {
        date: Day,
        Numbers: BlockAsked,
        tuple[proposals.Allotment, ...]: Annotated[
            list[AllotmentAsked], Field(min_length=1, max_length=_ROWS_MAX)
        ],
    }.get(kind, kind)


AllotmentAsked: Any = None
AllotmentAsked = _form(proposals.Allotment, verb=None)

if TYPE_CHECKING:
    WishAsked = Shape
else:
    WishAsked = Annotated[
        Union[tuple(_form(each, verb=verb) for verb, each in VERBS.items())],  # noqa: UP007  of many
        Field(discriminator="verb"),
    ]


def wish_of(asked: WishAsked) -> proposals.Wish:
    """What is wished."""
    said = asked.model_dump()
    return msgspec.convert(said, type=VERBS[said.pop("verb")])


def told(wish: proposals.Wish) -> dict[str, Any]:
    """What was wished, in the words in which a program would say it."""
    said: dict[str, Any] = msgspec.to_builtins(wish)
    said.pop("type")
    return {"verb": wish.verb, **said}
