"""What a side of the talk between registries keeps in PostgreSQL: a registry or a log."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tonne.linking import (
    Evidence,
    Letter,
    NoticeStanding,
    NoticeStatus,
    Outcome,
    PublicKey,
    Reason,
    Side,
    Signed,
    Standing,
    State,
    Written,
    as_receipt,
    body_as_data,
    body_from_data,
    notice_as_data,
    notice_from_data,
    proposal_as_data,
    proposal_from_data,
    text_of,
)
from tonne.refusal import Refusal

ALONE = "select pg_advisory_xact_lock(20050102)"

HEARD = "select digest from letter_heard where sender = %s and nonce = %s"

STANDINGS = """
    select s.proposal, s.state, s.since, s.reasons, p.body
      from unnest(%s::text[]) as w (proposal)
     cross join lateral (select * from proposal_state u where u.proposal = w.proposal
                          order by u.number desc limit 1) s
      left join proposal p on p.id = s.proposal
     order by s.proposal
"""

OPEN = "select proposal from open_proposal"

ALL = "select distinct proposal from proposal_state"

KEEP = """
    with heard as (
        insert into letter_heard (sender, nonce, digest, at)
        select h.sender, h.nonce, h.digest, %(at)s
          from unnest(%(senders)s::text[], %(nonces)s::bigint[], %(digests)s::text[])
               as h (sender, nonce, digest)
    ), proposed as (
        insert into proposal (id, body)
        select p.id, p.body from unnest(%(proposals)s::text[], %(bodies)s::jsonb[]) as p (id, body)
            on conflict do nothing
    ), stands as (
        insert into proposal_state (proposal, state, since, reasons, is_final)
        select s.proposal, s.state, s.since, s.reasons, s.is_final
          from unnest(%(names)s::text[], %(states)s::smallint[], %(since)s::timestamptz[],
                      %(reasons)s::jsonb[], %(final)s::boolean[])
               as s (proposal, state, since, reasons, is_final)
    )
    insert into letter_out (addressee, at, body)
    select d.addressee, %(at)s, d.body
      from unnest(%(addressees)s::text[], %(drafts)s::jsonb[])
           with ordinality as d (addressee, body, place)
     order by d.place
"""
"""All that a word comes to, said to the server at once."""

WAITING = """
    select o.nonce, o.addressee, o.at, o.body
      from letter_waiting w join letter_out o on o.nonce = w.nonce
     where w.nonce > %s and (%s::text is null or o.addressee = %s)
     order by w.nonce limit %s
"""

UNHEARD = """
    select distinct coalesce(o.body ->> 'proposal', '')
      from letter_waiting w join letter_out o on o.nonce = w.nonce
     where o.body ->> 'says' = 'said'
    union
    select distinct o.body -> 'proposal' ->> 'id'
      from letter_waiting w join letter_out o on o.nonce = w.nonce
     where o.body ->> 'says' = 'proposed'
"""

SENT = """
    insert into letter_sent (nonce, at, receipt, key)
    select t.nonce, %s, t.receipt, t.key
      from unnest(%s::bigint[], %s::text[], %s::bytea[]) as t (nonce, receipt, key)
        on conflict do nothing
"""

TAKE_BACK = """
    insert into letter_sent (nonce, at) select unnest(%s::bigint[]), %s on conflict do nothing
"""

KEEP_LETTER = """
    insert into letter_kept (digest, sender, about, letter, signature, key, at)
    values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""

KEPT = """
    select at, sender, letter, signature, key from letter_kept where about = %s order by at, digest
"""

RECEIPTS = """
    select o.nonce, o.addressee, o.at, o.body, s.at, s.receipt, s.key
      from letter_out o join letter_sent s on s.nonce = o.nonce
     where s.receipt is not null
       and coalesce(o.body #>> '{proposal,id}', o.body ->> 'proposal', o.body #>> '{notice,id}',
                    o.body ->> 'notice', o.body ->> 'round') = %s
     order by o.nonce
"""

COUNT_STRANGER = "insert into stranger (day) values (%s)"

STRANGERS_OF = "select letters from stranger where day = %s"

STRANGERS = "select day, letters from stranger order by day"

WRITE_DOWN = """
    insert into refused (at, sender, nonce, number, code, sentence)
    values (%s, %s, %s, %s, %s, %s)
"""

NOTICE = "insert into log_notice (id, body) values (%s, %s) on conflict do nothing"

NOTICE_STATE = """
    insert into log_notice_state (notice, since, status, proposals, reasons, text)
    values (%s, %s, %s, %s, %s, %s)
"""

NOTICES = """
    select n.body, s.since, s.status, s.proposals, s.reasons, s.text
      from log_notice n
     cross join lateral (select * from log_notice_state u where u.notice = n.id
                          order by u.number desc limit 1) s
     order by n.id
"""

WRITTEN = "select at, sender, nonce, number, code, sentence from refused order by id"


class Bell:
    """Rings when something new is to be said: waited for on a connection of its own."""

    def __init__(self, url: str) -> None:
        """Begin to listen."""
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("listen letter_waiting")

    def wait(self, seconds: float) -> bool:
        """Whether it rang, or rings within so many seconds."""
        return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))

    def close(self) -> None:
        """Listen no more."""
        self._connection.close()


class Talking(ABC):
    """The talk of one side; everything in it stands or falls with the rest of the operation."""

    @abstractmethod
    def _execute(
        self,
        statement: str,
        arguments: Any = None,  # noqa: ANN401  psycopg's own parameters
    ) -> "psycopg.Cursor[tuple[Any, ...]]":
        """Run a statement."""

    def talk_alone(self) -> None:
        """Let nobody else of this side hear or say anything until the commit."""
        self._execute(ALONE)

    def heard(self, sender: str, nonce: int) -> str | None:
        """The digest of the letter that was heard under this number."""
        row = self._execute(HEARD, (sender, nonce)).fetchone()
        return None if row is None else str(row[0])

    def standings(self, proposals: Iterable[str]) -> dict[str, Standing]:
        """How far these proposals have come, as far as they are known."""
        rows = self._execute(STANDINGS, (list(proposals),)).fetchall()
        return {row[0]: _standing(*row) for row in rows}

    def open_proposals(self) -> list[str]:
        """The proposals that are not final."""
        return [row[0] for row in self._execute(OPEN).fetchall()]

    def all_proposals(self) -> list[str]:
        """Every proposal that was ever heard of."""
        return [row[0] for row in self._execute(ALL).fetchall()]

    def keep(self, outcome: Outcome, *, side: Side, at: datetime, of: Letter | None = None) -> None:
        """Keep what a letter or a silence came to: what was heard, is to be said, was refused."""
        standing = outcome.standing
        stands = [] if standing is None else [standing]
        heard = [] if outcome.heard is None else [outcome.heard]
        proposals = [each.proposal for each in stands if each.proposal is not None]
        if stands or heard or outcome.drafts:
            arguments = {
                "at": at,
                "senders": [each.sender for each in heard],
                "nonces": [each.nonce for each in heard],
                "digests": [each.digest for each in heard],
                "proposals": [each.id for each in proposals],
                "bodies": [Jsonb(proposal_as_data(each)) for each in proposals],
                "names": [each.id for each in stands],
                "states": [int(each.state) for each in stands],
                "since": [each.since for each in stands],
                "reasons": [Jsonb([list(why) for why in each.reasons]) for each in stands],
                "final": [each.is_final(side) for each in stands],
                "addressees": [draft.addressee for draft in outcome.drafts],
                "drafts": [Jsonb(body_as_data(draft.body)) for draft in outcome.drafts],
            }
            self._execute(KEEP, arguments)
        if outcome.notice is not None:
            self._keep_notice(outcome.notice)
        sender, nonce = ("", None) if of is None else of.name
        self.write_down(outcome.refusals, at=at, sender=sender, nonce=nonce)

    def log_notices(self) -> dict[str, NoticeStanding]:
        """Every notice that was given, and how far its duty has come."""
        rows = self._execute(NOTICES).fetchall()
        found = (
            NoticeStanding(
                notice=notice_from_data(body),
                since=since,
                status=NoticeStatus(status),
                proposals=tuple(proposals),
                reasons=tuple(Reason(*each) for each in reasons),
                text=text,
            )
            for body, since, status, proposals, reasons, text in rows
        )
        return {each.notice.id: each for each in found}

    def _keep_notice(self, standing: NoticeStanding) -> None:
        notice = standing.notice
        self._execute(NOTICE, (notice.id, Jsonb(notice_as_data(notice))))
        reasons = Jsonb([list(each) for each in standing.reasons])
        self._execute(
            NOTICE_STATE,
            (
                notice.id,
                standing.since,
                int(standing.status),
                list(standing.proposals),
                reasons,
                standing.text,
            ),
        )

    def write_down(
        self, refusals: Sequence[Refusal], *, at: datetime, sender: str, nonce: int | None = None
    ) -> None:
        """Write down what was refused and why."""
        for each in refusals:
            self._execute(WRITE_DOWN, (at, sender, nonce, each.number, each.code, str(each)))

    def written(self) -> list[Written]:
        """What was refused and why, in the order in which it was."""
        return [Written(*row) for row in self._execute(WRITTEN).fetchall()]

    def waiting(
        self, sender: str, *, addressee: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Letter]:
        """What is to be said, to one or to all, and is not known to have been heard, in order."""
        return [
            Letter(
                sender=sender,
                nonce=nonce,
                addressee=addressee,
                at=at,
                body=body_from_data(body),
            )
            for nonce, addressee, at, body in self._execute(
                WAITING, (after, addressee, addressee, limit)
            ).fetchall()
        ]

    def unheard(self) -> set[str]:
        """The proposals about which something is said that is not known to have been heard."""
        return {row[0] for row in self._execute(UNHEARD).fetchall()}

    def was_heard(self, receipts: Mapping[int, Signed], *, at: datetime) -> None:
        """These letters have been heard by whom they were for, and here are the receipts."""
        signatures = [each.signature for each in receipts.values()]
        keys = [each.key.value for each in receipts.values()]
        self._execute(SENT, (at, list(receipts), signatures, keys))

    def take_back(self, nonces: Sequence[int], *, at: datetime) -> None:
        """Bring these letters no more, whether they were heard or not."""
        self._execute(TAKE_BACK, (list(nonces), at))

    def keep_letter(self, signed: Signed, *, about: str, at: datetime) -> bool:
        """Keep a letter that somebody has signed; whether it is here for the first time."""
        text, signature, key = signed.text, signed.signature, signed.key.value
        row = (signed.digest, signed.sender, about, text, signature, key, at)
        return self._execute(KEEP_LETTER, row).rowcount == 1

    def evidence(self, about: str, *, here: str) -> list[Evidence]:
        """What others signed about something: their letters, then their receipts for ours."""
        found = [
            Evidence(at, Signed(sender, text, signature, PublicKey(key)), text)
            for at, sender, text, signature, key in self._execute(KEPT, (about,)).fetchall()
        ]
        for nonce, other, at, body, heard_at, signature, key in self._execute(
            RECEIPTS, (about,)
        ).fetchall():
            said = body_from_data(body)
            ours = Letter(sender=here, nonce=nonce, addressee=other, at=at, body=said)
            receipt = as_receipt(ours, signature, PublicKey(key))
            found.append(Evidence(heard_at, receipt, text_of(ours)))
        return found

    def count_stranger(self, day: date) -> int:
        """Count a letter that nobody known has signed; how many there were on the day."""
        self._execute(COUNT_STRANGER, (day,))
        row = self._execute(STRANGERS_OF, (day,)).fetchone()
        assert row is not None, "what was counted is there"
        return int(row[0])

    def strangers(self) -> dict[date, int]:
        """How many letters of each day nobody known has signed."""
        return dict(self._execute(STRANGERS).fetchall())


def _standing(proposal: str, state: int, since: datetime, reasons: Any, body: Any) -> Standing:  # noqa: ANN401  JSON
    return Standing(
        id=proposal,
        state=State(state),
        since=since,
        proposal=None if body is None else proposal_from_data(body),
        reasons=tuple(Reason(*each) for each in reasons),
    )
