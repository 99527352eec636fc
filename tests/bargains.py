"""Deals, forwards and funds in the land of the Example Act, in short words."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from changed import replace
from land import UNIT, desk
from purse import EUR, Purse, at, euros
from tonne.market import (
    Deal,
    Due,
    FixedPrice,
    Forward,
    Fund,
    Remedy,
    Upfront,
)
from tonne.operations import deals, forwards, funds
from tonne.registry import Role

ON = "2025-06-02"
DealStands = deals.DealStands
ForwardStands = forwards.ForwardStands


class Bargain(Purse):
    """A land whose people make agreements."""

    def draft(
        self, *, count: int = 10, price: str | None = "20.00", on: str = ON, until: str = "",
        **more: Any,  # noqa: ANN401  what else a deal says
    ) -> Deal:  # fmt: skip
        """What the steelworks buys from the kiln, unless it is said otherwise."""
        buyer, seller = more.pop("buyer", "steel"), more.pop("seller", "kiln")
        last = datetime.combine(date.fromisoformat(until or on), time.max, tzinfo=UTC)
        draft = Deal(
            id="?",
            buyer=self.land.number(buyer),
            seller=self.land.number(seller),
            unit=UNIT,
            count=count,
            price=None if price is None else at(price),
            settle_on=date.fromisoformat(on),
            valid_until=last,
        )
        return replace(draft, **more) if more else draft

    def say(
        self,
        verb: str,
        *words: Any,  # noqa: ANN401  what the word says
        by: str | None = "",
        on: str = ON,
        role: Role = "authority",
        key: str = "",
        **more: Any,  # noqa: ANN401
    ) -> DealStands:
        """Say something of a deal, as the account that is called so."""
        if by != "":
            more["by"] = None if by is None else self.land.number(by)
        operation, more["key"] = getattr(deals, verb), key or self.land.key()
        found: DealStands = self.land.run(
            lambda books: operation(books, self.land.scheme, *words, desk=desk(on, role), **more)
        )
        return found

    def propose(self, by: str = "kiln", *, on: str = ON, key: str = "", **terms: Any) -> DealStands:  # noqa: ANN401
        """Propose a deal."""
        return self.say("propose", self.draft(on=on, **terms), by=by, on=on, key=key)

    def run_deals(
        self, verb: str = "settle_due", *, on: str, key: str = ""
    ) -> tuple[DealStands, ...]:
        """Settle what is due, or let lapse what nobody confirmed."""
        return self.land.do(getattr(deals, verb), key=key or self.land.key(), on=on)

    def free(self, name: str, code: str = UNIT) -> int:
        """What an account has free."""
        pair = self.land.number(name), code
        return self.land.run(lambda books: books.free([pair]))[pair]

    def contract(self, **more: Any) -> Forward:  # noqa: ANN401
        """40 units of the kiln for the steelworks at EUR 8, 20 % of it upfront."""
        buyer, seller = more.pop("buyer", "steel"), more.pop("seller", "kiln")
        forward = Forward(
            id="ERPA-1",
            buyer=self.land.number(buyer),
            seller=self.land.number(seller),
            unit=UNIT,
            signed_on=date(2025, 6, 2),
            schedule=(Due(on=date(2025, 9, 1), count=20), Due(on=date(2025, 12, 1), count=20)),
            price=FixedPrice(minor=Decimal(800)),
            currency=EUR,
            tick=Decimal(1),
            remedy=Remedy(kind="make_up", trigger=Decimal(1), days=30),
            upfront=Upfront(share=Decimal("0.2"), minor=Decimal(800), recovery="pro_rata"),
        )
        return replace(forward, **more) if more else forward

    def sign(self, forward: Forward | None = None, *, key: str = "", on: str = ON) -> ForwardStands:
        """Sign a contract."""
        return self.land.do(
            forwards.sign, forward or self.contract(), key=key or self.land.key(), on=on
        )

    def forward(
        self,
        verb: str,
        name: str = "ERPA-1",
        *,
        on: str,
        key: str = "",
        **more: Any,  # noqa: ANN401  what else is said
    ) -> Any:  # noqa: ANN401  what the operation answers
        """Do something about a contract."""
        return self.land.do(
            getattr(forwards, verb), name, key=key or self.land.key(), on=on, **more
        )

    def open_fund(self, name: str = "Pool", *, account: str = "pool", most: str = "1000.00") -> Any:  # noqa: ANN401
        """Open a fund that closes at the end of June."""
        fund = Fund(name=name, most=euros(most), closes_on=date(2025, 6, 30))
        return self.land.do(
            funds.open_fund, fund, account=self.land.number(account), key=self.land.key(), on=ON
        )

    def fund(self, verb: str, *words: Any, on: str = ON, key: str = "", **more: Any) -> Any:  # noqa: ANN401
        """Do something about the fund."""
        return self.land.do(
            getattr(funds, verb), "Pool", *words, key=key or self.land.key(), on=on, **more
        )
