"""What is public of an account, and what is its holder's own business.

The law publishes who takes part and how each met its duty; not what anybody holds, and not who gave
what to whom. So a government's account may always be named, an operator's is public by its name,
and of any other person only that there is such an account.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from tonne.api.shape import Shape
from tonne.operations import Books, Office, Scheme
from tonne.registry import AccountKind, HoldingAccount
from tonne.rulebook import NotInForce


class End(Shape):
    """Where units came from or went to."""

    kind: str
    """What kind of account it is."""
    account: str | None
    """Its number, where it is a government's; whose it is else is not public."""


class Ends:
    """Accounts as the public may know them."""

    def __init__(self, office: Office, books: Books, numbers: Iterable[str], *, day: date) -> None:
        """Look these up."""
        self._kept: Mapping[str, tuple[str, HoldingAccount]] = books.kept_by(
            list(dict.fromkeys(numbers))
        )
        self._office, self._day = office, day

    def __getitem__(self, number: str) -> End:
        """An account by its number."""
        scheme, account = self._kept[number]
        kind = self.kind(number)
        public = kind is not None and kind.government
        del scheme
        return End(kind=account.kind, account=number if public else None)

    def is_served(self, number: str) -> bool:
        """Whether an account belongs to a scheme that is served here."""
        return number in self._kept and self._kept[number][0] in self._office.schemes

    def kind(self, number: str) -> AccountKind | None:
        """The kind of an account; none where the law of the day does not know it."""
        scheme, account = self._kept[number]
        law = self._office.schemes.get(scheme)
        return None if law is None else kinds_of(law, self._day).get(account.kind)


def kinds_of(scheme: Scheme, day: date) -> Mapping[str, AccountKind]:
    """The kinds of account on a day; none before the law begins."""
    try:
        return scheme.on(day).kinds
    except NotInForce:
        return {}


def public_name(account: HoldingAccount, kind: AccountKind | None) -> str | None:
    """The name of an account, where that is public: an operator's and a government's."""
    named = kind is not None and (kind.government or kind.needs_operator)
    return account.name if named else None
