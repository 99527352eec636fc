"""What the talk between registries asks of the books: a registry's and a log's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from tonne.ledger import Block
from tonne.linking import (
    Asked,
    Comparison,
    Evidence,
    Held,
    Letter,
    Line,
    Link,
    Listed,
    Listing,
    Move,
    Moved,
    NoticeStanding,
    Outcome,
    Round,
    Side,
    Signed,
    Standing,
    Written,
)
from tonne.refusal import Refusal


class Talk(Protocol):
    """What one side has said and heard; everything in it stands or falls with the operation."""

    def talk_alone(self) -> None:
        """Let nobody else of this side hear or say anything until the commit."""

    def heard(self, sender: str, nonce: int) -> str | None:
        """The digest of the letter that was heard under this number."""

    def standings(self, proposals: Iterable[str]) -> dict[str, Standing]:
        """How far these proposals have come, as far as they are known."""

    def open_proposals(self) -> list[str]:
        """The proposals that are not final."""

    def all_proposals(self) -> list[str]:
        """Every proposal that was ever heard of."""

    def keep(self, outcome: Outcome, *, side: Side, at: datetime, of: Letter | None = None) -> None:
        """Keep what a letter or a silence came to: what was heard, is to be said, was refused."""

    def log_notices(self) -> dict[str, NoticeStanding]:
        """Every notice that was given, and how far its duty has come."""

    def write_down(
        self, refusals: Sequence[Refusal], *, at: datetime, sender: str, nonce: int | None = None
    ) -> None:
        """Write down what was refused and why."""

    def written(self) -> list[Written]:
        """What was refused and why, in the order in which it was."""

    def waiting(
        self, sender: str, *, addressee: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Letter]:
        """What is to be said, to one or to all, and is not known to have been heard, in order."""

    def unheard(self) -> set[str]:
        """The proposals about which something is said that is not known to have been heard."""

    def was_heard(self, receipts: Mapping[int, Signed], *, at: datetime) -> None:
        """These letters have been heard by whom they were for, and here are the receipts."""

    def take_back(self, nonces: Sequence[int], *, at: datetime) -> None:
        """Bring these letters no more, whether they were heard or not."""

    def keep_letter(self, signed: Signed, *, about: str, at: datetime) -> bool:
        """Keep a letter that somebody has signed; whether it is here for the first time."""

    def evidence(self, about: str, *, here: str) -> list[Evidence]:
        """What others signed about something: their letters, then their receipts for ours."""

    def count_stranger(self, day: date) -> int:
        """Count a letter that nobody known has signed; how many there were on the day."""

    def strangers(self) -> dict[date, int]:
        """How many letters of each day nobody known has signed."""


class Correspondence(Talk, Protocol):
    """What the books of a registry keep of its talk with the log."""

    def link(self) -> Link | None:
        """Which registry these books are, and with which log it talks."""

    def add_link(self, entry: int, link: Link) -> None:
        """Say which registry these books are, and with which log it talks from now on."""

    def name_proposal(self, registry: str) -> str:
        """A name that no proposal of this registry has."""

    def add_asked(self, entry: int, proposal: str, *, verb: str, year: int | None) -> None:
        """Keep what was asked for in a proposal, beside what it says to the log."""

    def asked_in(self, entry: int) -> str | None:
        """The proposal that was made by an entry."""

    def asked_of(self, proposal: str) -> Asked:
        """What was asked for in a proposal of this registry."""

    def ranges(self) -> list[Held]:
        """Every number that is issued or was received, in which account it lies, and as what."""

    def add_comparison(self, entry: int, comparison: Comparison) -> None:
        """Keep what a comparison came to."""

    def comparison(self) -> Comparison | None:
        """The last comparison with the log."""


class LogBooks(Talk, Protocol):
    """One operation's view of a log's books: everything in it stands or falls together."""

    def code(self) -> str | None:
        """The log's own name, once it has one."""

    def name(self, code: str) -> None:
        """Give the log its name, for ever."""

    def listed(self) -> dict[str, Listed]:
        """The registries on the list, by code, as they were listed last."""

    def listings(self) -> list[Listing]:
        """All that was ever put on the list, in order."""

    def put_on_list(self, listed: Listed, *, reason: str, at: datetime) -> None:
        """Put a registry on the list, or say anew what is known of it; what it issues begins."""

    def tiles(self, blocks: Iterable[Block]) -> dict[str, Line]:
        """Of each series that is named, the tiles over the numbers that are named."""

    def lines(self) -> dict[str, Line]:
        """The whole line of every series."""

    def talked_over(self, blocks: Iterable[Block]) -> list[str]:
        """The proposals that are not final and name some of these numbers."""

    def final_since(self, moment: datetime) -> list[str]:
        """The proposals that have become final since a moment."""

    def rounds(self) -> dict[str, Round]:
        """By registry, the last comparison with it."""

    def keep_at_log(self, outcome: Outcome, *, at: datetime) -> None:
        """Keep what only a log keeps of an outcome: moves, the numbers talked over, a round."""

    def correct(self, move: Move, *, reason: str, at: datetime) -> None:
        """Set the line right by a move that nobody proposed, with its reason."""

    def moves(self) -> list[Moved]:
        """Every move of the line, in order."""
