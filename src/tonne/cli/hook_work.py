"""Webhooks are told what happened: each what its person sees, in order, from where it stands."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tonne import api, signin
from tonne.cli.telling import Answer, bring
from tonne.operations import Office, Scheme, happenings
from tonne.refusal import Refused
from tonne.signin import Hook, hooks

Log = Callable[[Mapping[str, object]], None]
Happened = happenings.Happening | happenings.TradeMade
Bring = Callable[[str, Mapping[str, str], bytes], Answer]

AT_ONCE = 8
"""So many webhooks are told something at one time."""

IN_A_ROW = 20
"""So many events one is told before others have their turn."""

FORGETS_EVERY = timedelta(hours=1)
_CHUNK = 100
_FAR = 1_000


@dataclass(slots=True)
class HookWork:
    """Tells webhooks; there may be several of these on the same books."""

    office: Office
    lodge: signin.Lodge
    log: Log
    loopback: bool = False
    tide: api.Tide = field(default_factory=api.Tide)
    _idle: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By webhook: its version, and the level up to which there was nothing for it."""

    _in_hand: set[str] = field(default_factory=set)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    _forgot: datetime | None = None
    """When what is old was last forgotten."""

    def turn(self, threads: ThreadPoolExecutor | None = None) -> None:
        """Tell everybody what is due now; with threads, nobody waits for another."""
        self._forget()
        due = hooks.due_hooks(self.lodge, limit=10_000)
        level = self.tide.rise(self.office) if due else 0
        # Of who is not there any more nothing is known either.
        self._idle = {each.id: self._idle[each.id] for each in due if each.id in self._idle}
        for hook in due:
            if self._idle.get(hook.id) == (hook.version, level):
                continue
            with self._one_at_a_time:
                if hook.id in self._in_hand:
                    continue
                self._in_hand.add(hook.id)
            if threads is None:
                self._serve(hook)
            else:
                threads.submit(self._serve, hook)

    def run(self, stop: threading.Event, every: float) -> None:
        """Tell, again and again."""
        with ExitStack() as stack:
            threads = ThreadPoolExecutor(AT_ONCE, "webhooks")
            stack.callback(threads.shutdown, wait=False, cancel_futures=True)
            while not stop.wait(every):
                try:
                    self.turn(threads)
                except Exception as fault:  # noqa: BLE001  the worker lives on, and says what it was
                    self.log({"worker": "webhooks", "fault": f"{type(fault).__name__}: {fault}"})

    def _forget(self) -> None:
        """Forget how old tellings went, once an hour."""
        at = self.lodge.now()
        if self._forgot is None or at - self._forgot >= FORGETS_EVERY:
            self._forgot = at
            forgotten = hooks.forget_deliveries(self.lodge)
            if forgotten:
                self.log({"worker": "webhooks", "deliveries_forgotten": forgotten})

    def _serve(self, hook: Hook) -> None:
        try:
            for _ in range(IN_A_ROW):
                held = self._tell_next(hook)
                if held is None or held.failures or held.stopped_at is not None:
                    return
                hook = held
        except Exception as fault:  # noqa: BLE001  as above
            self.log({"worker": hook.id, "fault": f"{type(fault).__name__}: {fault}"})
        finally:
            with self._one_at_a_time:
                self._in_hand.discard(hook.id)

    def _tell_next(self, hook: Hook) -> Hook | None:
        """Tell a webhook the next event; how it stands then, or none if there is nothing."""
        law, level = self.office.schemes.get(hook.scheme), self.tide.rise(self.office)
        if law is None:
            return None
        try:
            found, hook = self._next(law, hook, level)
        except Refused as no:
            hooks.stop_hook(self.lodge, hook, why=" ".join(map(str, no.refusals)))
            return None
        if found is None:
            self._idle[hook.id] = hook.version, level
            return None
        held = hooks.begin_telling(self.lodge, hook)
        if held is None:
            return None
        answer = self._brought(held, found)
        self.log(
            {
                "webhook": hook.id,
                "event": found.number,
                "status": answer.status,
                "fault": answer.fault,
            }
        )
        return hooks.note_telling(
            self.lodge, held, found.number, status=answer.status, fault=answer.fault
        )

    def _next(self, law: Scheme, hook: Hook, level: int) -> tuple[Happened | None, Hook]:
        """The next event for a webhook, and the webhook where it stands before that."""
        while hook.again:
            found = self._happened(law, hook, hook.again[0] - 1, min(hook.again[0], level), 1)
            if found:
                return found[0], hook
            hook = replace(hook, again=hook.again[1:])
        began = hook
        while True:
            page = self._happened(law, hook, hook.position, level, _CHUNK)
            for each in page:
                if not hook.kinds or api.type_of(each) in hook.kinds:
                    return each, hook
                hook = replace(hook, position=each.number)
            if len(page) < _CHUNK:
                break
        hook = replace(hook, position=max(hook.position, level))
        if hook.position - began.position >= _FAR or hook.again != began.again:
            return None, hooks.skip(self.lodge, hook) or began
        return None, began

    def _happened(
        self, law: Scheme, hook: Hook, after: int, upto: int, limit: int
    ) -> Sequence[Happened]:
        desk = self.office.desk("operator")
        key = self.lodge.ask(lambda keeping: keeping.key(hook.key))
        trades = key is not None and api.MARKET in key.scopes
        return self.office.ask(
            lambda books: happenings.happened(
                books,
                law,
                hook.person,
                after=after,
                upto=upto,
                limit=limit,
                desk=desk,
                trades=trades,
            )
        )

    def _brought(self, hook: Hook, found: Happened) -> Answer:
        body, at = api.hook_message(found), self.lodge.now()
        message = f"evt_{found.number}"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Tonne",
            "webhook-id": message,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": hooks.signatures(self.lodge, hook, message, at, body),
        }
        return bring(hook.url, headers, body, loopback=self.loopback)
