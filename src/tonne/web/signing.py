"""Signing: a second factor again, for the very words that were shown."""

import hmac
import json
from typing import Any

from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.refusal import Refused
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
