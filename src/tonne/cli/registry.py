"""A registry that exchanges units with others through a log: linked, served, asked, set right."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal

import typer

from tonne import operations
from tonne.cli.carrying import Contact
from tonne.cli.errand import Errand, a_block, errand
from tonne.cli.failures import UserFault
from tonne.cli.keys import KeyFile, public_key, read_key
from tonne.cli.log import Port, Reason, Within
from tonne.cli.notices import NOTICE, NOTICE_COLUMNS, a_text, notice_rows
from tonne.cli.opening import books_login
from tonne.cli.options import Call, Count, Serials, Unit, command
from tonne.cli.serving import serve
from tonne.cli.show import Table
from tonne.cli.units import Beneficiary, Purpose, a_dedication
from tonne.cli.waiting import patience
from tonne.linking import Letter, Link, NoticeStatus, Patience, PrivateKey, PublicKey, Signed
from tonne.operations import Desk, Exchange, Hearing, Scheme, Seen
from tonne.store import Bell, PostgresStore

app = typer.Typer(no_args_is_help=True, help="Exchange units with other registries, through a log.")
Kind = Literal[
    "issue", "convert", "transfer", "cancel", "retire", "replace", "carry_over", "change_expiry"
]


@command(app, by="administrator")
def link(
    call: Call,
    *,
    registry: Annotated[str, typer.Option("--registry", metavar="CODE", help="Who we are.")],
    log: Annotated[str, typer.Option("--log", metavar="CODE", help="What the log is called.")],
    address: Annotated[str, typer.Option("--address", metavar="URL", help="Where it listens.")],
    log_key: Annotated[
        PublicKey,
        typer.Option(
            "--log-key", parser=public_key, metavar="DIGITS", help="The log's public key."
        ),
    ],
) -> None:
    """Say which registry these books are, and with which log they talk from now on.

    Example: tonne registry link --registry AT --log ITL --address http://127.0.0.1:8100
    --log-key 3d40...
    """
    asked = Link(registry, log, address, log_key)
    with errand(call) as at:
        at.do(
            lambda books: operations.link_registry(
                books, at.scheme, asked, key=call.key, desk=at.desk
            )
        )
        at.tell(
            f"These books are the registry {registry}, which talks with {log}.",
            data={"registry": registry, "log": log, "address": address, "key": call.key},
            hint="tonne registry serve --help",
        )


@command(app, by="operator")
def propose(
    call: Call,
    *,
    source: Annotated[str, typer.Option("--from", metavar="ACCOUNT", help="Who gives.")],
    target: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Who receives.")],
    unit: Unit,
    count: Count = None,
    block: Serials = None,
    taker: Annotated[
        str | None, typer.Option("--registry", metavar="CODE", help="The registry that takes.")
    ] = None,
    kind: Annotated[Kind, typer.Option("--kind", help="What is to become of them.")] = "transfer",
    verb: Annotated[
        str, typer.Option("--verb", metavar="VERB", help="The scheme's word for it.")
    ] = "send",
    becomes: Annotated[
        str | None, typer.Option("--becomes", metavar="CODE", help="The unit they become.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="The year of an issuance.")] = None,
    beneficiary: Beneficiary = None,
    purpose: Purpose = "",
) -> None:
    """Propose to the log what is to become of units; they are set aside until that is final.

    Example: tonne registry propose --from XA-121-1-0-97 --to XB-121-2-0-94 --registry XB
    --unit EXA-1 --count 40
    """
    with errand(call) as at:
        units, serials = at.units(verb, unit, count, block)
        asked = Exchange(
            key=call.key,
            kind=kind,
            verb=verb,
            source=_account(at, source),
            target=_account(at, target) if taker is None else target.strip().upper(),
            unit=unit,
            count=units,
            block=serials,
            taker=taker,
            becomes=becomes,
            year=year,
            dedication=a_dedication(beneficiary, purpose),
        )
        standing = at.do(lambda books: operations.propose(books, at.scheme, asked, desk=at.desk))
        at.tell(
            f"{standing.id} is proposed: {kind} {units:,} {unit}.",
            data=at.proposed(standing, unit=unit, count=units),
            hint="tonne registry proposals",
        )


@command(app)
def proposals(
    call: Call,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are final.")] = False,
) -> None:
    """List the proposals of and to this registry that are not final.

    Example: tonne registry proposals --all
    """
    with errand(call) as at:
        names = at.ask(lambda b: b.all_proposals() if everything else b.open_proposals())
        standings = at.ask(lambda books: books.standings(names))
        rows = [
            [
                each.id,
                each.state.name.lower(),
                each.since,
                each.proposal.kind if each.proposal else "",
                each.proposal.count if each.proposal else 0,
                "; ".join(reason.sentence for reason in each.reasons),
            ]
            for each in standings.values()
        ]
        at.tell(
            f"{len(rows)} proposals.",
            Table(columns=("Proposal", "State", "Since", "Kind", "Units", "Why"), rows=rows),
            data={"proposals": [dict(zip(_PROPOSAL, row, strict=True)) for row in rows]},
        )


_PROPOSAL = ("proposal", "state", "since", "kind", "units", "why")


@command(app)
def notices(call: Call) -> None:
    """List the notices that the log gave, and what is still to be done about each.

    Example: tonne registry notices
    """
    with errand(call) as at:
        found = at.ask(lambda books: books.log_notices())
        rows = notice_rows(found.values(), call.day)
        late = len(operations.late_notices(found.values(), call.day))
        ended = sum(each.status is NoticeStatus.COMPLETED for each in found.values())
        at.tell(
            f"{len(rows)} notices: {ended} carried out, {len(rows) - ended} to be answered, "
            f"{late} of them late.",
            Table(columns=NOTICE_COLUMNS, rows=rows),
            data={"notices": [dict(zip(NOTICE, row, strict=True)) for row in rows]},
            hint="tonne registry answer --help",
        )


@command(app, by="administrator")
def answer(
    call: Call,
    *,
    notice: Annotated[str, typer.Option("--notice", metavar="NAME", help="Which notice.")],
    proposal: Annotated[
        list[str] | None, typer.Option("--proposal", metavar="NAME", help="What carried it out.")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="What was done.", callback=a_text)] = "",
) -> None:
    """Tell the log with which proposals the duty of a notice was carried out; it judges.

    Example: tonne registry answer --notice ITL-N1 --proposal AT-17
    """
    with errand(call) as at:
        standing = at.do(
            lambda books: operations.answer_notice(
                books, at.scheme, notice, proposals=proposal or (), text=text, key=call.key,
                desk=at.desk,
            )
        )  # fmt: skip
        at.tell(
            f"The notice {notice} is answered.",
            data={"notice": notice, "proposals": list(standing.proposals), "key": call.key},
            hint="tonne registry notices",
        )


@command(app)
def differences(call: Call) -> None:
    """Tell what the last comparison with the log came to, and which accounts it blocks.

    Example: tonne registry differences
    """
    with errand(call) as at:
        found = at.ask(lambda books: books.comparison())
        ranges = [] if found is None else [*found.differences]
        blocked = [] if found is None else [*found.blocked]
        rows = [[each.block, each.log, each.registry] for each in ranges]
        at.tell(
            f"{len(rows)} ranges differ; {len(blocked)} accounts are blocked.",
            Table(columns=("Numbers", "Log", "Here"), rows=rows),
            Table(columns=("Blocked",), rows=[[number] for number in blocked]),
            data={
                "round": None if found is None else found.round,
                "differences": [
                    dict(zip(("block", "log", "here"), row, strict=True)) for row in rows
                ],
                "blocked": blocked,
            },
            hint="tonne registry correct --help",
        )


@command(app, by="administrator")
def correct(
    call: Call,
    *,
    block: Annotated[str, typer.Option("--block", metavar="SERIES-FIRST-LAST")],
    unit: Unit,
    source: Annotated[str, typer.Option("--from", metavar="ACCOUNT", help="Where it lies.")],
    target: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Where it belongs.")],
    reason: Reason,
) -> None:
    """Set the books right after a comparison by a movement for a reason that is kept.

    An account of the scheme's own may be named by its kind, such as elsewhere.

    Example: tonne registry correct --block XA-41-45 --unit EXA-1 --from elsewhere
    --to XA-121-1-0-97 --reason 'ruling 7'
    """
    numbers = a_block(block)
    with errand(call) as at:
        entry = at.do(
            lambda books: operations.correct_holding(
                books,
                at.scheme,
                numbers,
                unit=unit,
                source=_account(at, source),
                target=_account(at, target),
                reason=reason,
                key=call.key,
                desk=at.desk,
            )
        )
        at.tell(
            f"{numbers} is set right.",
            data={"block": str(numbers), "entry": entry, "key": call.key},
            hint="tonne log compare --help",
        )


@command(app, "serve", by="administrator")
def serve_registry(
    call: Call, *, key_file: KeyFile, port: Port = 8101, within: Within = None
) -> None:
    """Hear the log, do what it asks, and carry what there is to say, until stopped.

    Example: tonne registry serve --port 8101 --key-file at.key
    """
    if call.dry_run:
        raise UserFault("A registry is not served for a try.", remedy="Leave out --dry-run.")
    waits, key = patience(within), read_key(key_file)
    with errand(call) as at:
        ours = at.ask(operations.linked)
        url = books_login(call.database)

        def began(listens: int) -> None:
            data = {"registry": ours.code, "port": listens}
            at.tell(f"The registry {ours.code} listens on port {listens}.", data=data)

        every = min(60, waits.word.total_seconds() / 2)
        today = datetime.now(UTC).astimezone().date()
        desk = at.desk if call.day != today else None
        serve(
            lambda: _Served(PostgresStore(url), at.scheme, ours, waits=waits, key=key, desk=desk),
            lambda: Bell(url),
            port=port,
            every=every,
            began=began,
        )


class _Served:
    """The registry, as a side of the talk. Without a desk, every day is the day that it is."""

    def __init__(
        self,
        store: PostgresStore,
        scheme: Scheme,
        ours: Link,
        *,
        waits: Patience,
        key: PrivateKey,
        desk: Desk | None,
    ) -> None:
        self._store, self._scheme, self._link = store, scheme, ours
        self._patience, self.key, self._fixed = waits, key, desk
        self.close = store.close

    def known(self) -> Mapping[str, PublicKey]:
        link = self._store.run(operations.linked)
        return {link.log: link.key}

    def hear(self, raws: Sequence[Seen]) -> list[Hearing]:
        return self._store.run(
            partial(
                operations.hear_from_log,
                scheme=self._scheme,
                raws=raws,
                key=self.key,
                desk=self._desk(),
                patience=self._patience,
            )
        )

    def contacts(self) -> Mapping[str, Contact]:
        # Asked each time: the log may have moved, or the key been changed, while we serve.
        link = self._store.run(operations.linked)
        return {link.log: Contact(address=link.address, key=link.key)}

    def waiting(self, addressee: str, after: int, limit: int) -> list[Letter]:
        return self._store.run(
            lambda books: books.waiting(
                self._link.code, addressee=addressee, after=after, limit=limit
            )
        )

    def was_heard(self, receipts: Mapping[int, Signed]) -> None:
        self._store.run(lambda books: books.was_heard(receipts, at=datetime.now(UTC)))

    def end_waits(self) -> None:
        self._store.run(
            partial(
                operations.end_waits,
                scheme=self._scheme,
                desk=self._desk(),
                patience=self._patience,
            )
        )

    def _desk(self) -> Desk:
        now = datetime.now(UTC)
        if self._fixed is not None:
            return replace(self._fixed, at=now)
        return Desk(by="administrator", day=now.astimezone().date(), at=now)


def _account(at: Errand, named: str) -> str:
    """An account by its number, or one of the scheme's own by its kind."""
    kind = at.law.kinds.get(named)
    if kind is None or not kind.government:
        return at.account(named)
    return at.ask(
        lambda books: next(
            each.number
            for each in books.accounts(scheme=at.scheme.name, operated=False)
            if each.kind == named
        )
    )
