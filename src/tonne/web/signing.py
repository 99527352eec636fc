"""Signing: a second factor again, for the very words that were shown."""

import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.operations import Scheme, own, proposals
from tonne.refusal import Refusal, Refused
from tonne.web import gate
from tonne.web.refusals import FORMS, SignedOtherwise
from tonne.web.visit import Visit

RESPONSE_MOST = 8_000


def mark(visit: Visit, text: str) -> str:
    """What a form carries that shows a text for signing."""
    return visit.sealed(f"shown {text}")


def asked_of_passkey(visit: Visit, text: str) -> Response:
    """What the browser is to ask a passkey, for these words alone."""
    _shown(visit, text)
    lodge = gate.lodge_of(visit)
    begun = signin.begin_step_up(lodge, visit.token, act=signin.digest_of_act(text))
    return JSONResponse({"ticket": begun.ticket, "options": begun.options})


def signed(visit: Visit, text: str) -> str:
    """How these words were signed; or why they are not: 9113, 9132, 9150, 9256."""
    _shown(visit, text)
    lodge, act = gate.lodge_of(visit), signin.digest_of_act(text)
    if visit.sent("ticket"):
        raised = signin.step_up_by_passkey(
            lodge, visit.token, ticket=visit.sent("ticket"), response=response_of(visit)
        )
        how = "passkey"
    else:
        raised = signin.step_up_by_code(lodge, visit.token, code=visit.sent("code"), act=act)
        how = "code"
    gate.hold(visit, raised.token)
    done = signin.use_step_up(lodge, visit.token, act=act)
    return f"{how}, {done.at.isoformat(timespec='seconds')}, {done.session}, {act.hex()}: {text}"


def proposed(
    visit: Visit,
    law: Scheme,
    wish: proposals.Wish,
    *,
    by: str,
    key: str,
    text: str,
    again: Callable[[Sequence[Refusal]], Response],
) -> Response:
    """What was shown is signed, and then proposed; sent twice, it is proposed once.

    What is not signed yet is shown ``again``, with why; what a rule is against is refused.
    """
    code = proposals.code_of(law, by, key)
    address = f"/proposals/{law.name}/{code}"
    if visit.ask(lambda books: own.is_proposed(books, law, code)):
        return visit.go(address)
    if visit.sent("step") == "passkey":
        return asked_of_passkey(visit, text)
    try:
        how = signed(visit, text)
    except Refused as no:
        if any(each.number == gate.NOT_SIGNED_IN for each in no.refusals):
            raise
        return again(no.refusals)
    visit.office.do(
        lambda books: proposals.propose(
            books, law, wish, by=by, key=key, desk=visit.desk, signed=how
        )
    )
    return visit.go(address)


def response_of(visit: Visit) -> dict[str, Any]:
    """What the browser says a passkey answered; nothing if that cannot be read."""
    try:
        found = json.loads(visit.sent("response", RESPONSE_MOST))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _shown(visit: Visit, text: str) -> None:
    """9256: whether this text was shown for signing in this session."""
    if not hmac.compare_digest(visit.sent("shown").encode(), mark(visit, text).encode()):
        raise Refused([SignedOtherwise(reference=FORMS)])
