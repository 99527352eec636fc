"""Tokens for programs that sign for themselves: OAuth 2 client credentials by a signed assertion.

RFC 6749, section 4.4, and RFC 7523; where all of it is found, RFC 8414. What is refused here is
told as these standards tell it, with the number of our rule beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tonne import signin
from tonne.api.described import answers, refused_as
from tonne.api.refusals import GrantUnknown, TokenRequestUnfit
from tonne.api.shape import Shape
from tonne.api.shown import show
from tonne.refusal import Refusal, Refused

GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATH, METADATA = "/v1/token", "/.well-known/oauth-authorization-server"

Fault = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
_FAULTS: dict[str, Fault] = {
    "TokenRequestUnfit": "invalid_request",
    "GrantUnknown": "unsupported_grant_type",
    "ScopeNotGiven": "invalid_scope",
}
_FRESH = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_FORM = "application/x-www-form-urlencoded"
_FIELDS_MOST = 50


class TokenGiven(Shape):
    """A token, and what it is good for (RFC 6749, section 5.1)."""

    access_token: str = Field(examples=["at_live_6d7f..."])
    """The token, which is told this once: show it as keys are shown."""
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  its kind
    """How it is shown: in the header Authorization."""
    expires_in: int = Field(examples=[600])
    """For so many seconds it is good."""
    scope: str = Field(examples=["registry:read transfers:propose"])
    """What it is good for."""


class TokenRefused(Shape):
    """Why no token is given (RFC 6749, section 5.2)."""

    error: Fault
    """What is wrong, in the words of that standard."""
    error_description: str
    """The first rule that was not met, and what can be done."""
    error_uri: str = Field(examples=["/v1/refusals/9222"])
    """Where that rule is told."""
    code: str
    """Its name."""
    check_id: int
    """Its number."""


class ServerMetadata(Shape):
    """Where programs ask for tokens, and how (RFC 8414)."""

    issuer: str = Field(examples=["https://registry.example"])
    """Who gives tokens: an assertion names it, and nothing else, in aud."""
    token_endpoint: str = Field(examples=["https://registry.example/v1/token"])
    """Where they are asked for."""
    grant_types_supported: list[str]
    """For what they are given."""
    response_types_supported: list[str]
    """None: nobody is sent here by a browser."""
    token_endpoint_auth_methods_supported: list[str]
    """How programs show who they are."""
    token_endpoint_auth_signing_alg_values_supported: list[str]
    """By which signatures."""
    scopes_supported: list[str]
    """What a token may be good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A form as it was sent."""

    media_type: str
    body: bytes


async def _sent(request: Request) -> _Sent:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _Sent(media_type=media_type, body=await request.body())


_BODY = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion"],
                "properties": {
                    "grant_type": {"type": "string", "examples": [GRANT]},
                    "client_assertion_type": {"type": "string", "examples": [ASSERTION]},
                    "client_assertion": {
                        "type": "string",
                        "description": "A JWT, signed by the program, that is used once.",
                        "examples": ["eyJhbGciOiJFZDI1NTE5In0.eyJpc3MiOiJrZXlf..."],
                    },
                    "client_id": {"type": "string", "description": "The client, if it is said."},
                    "scope": {
                        "type": "string",
                        "description": "What the token is to be good for, with gaps between; all "
                        "that the program is good for, if it is not said.",
                        "examples": ["registry:read"],
                    },
                },
            }
        }
    },
}
_REFUSED: dict[int | str, dict[str, Any]] = {
    400: refused_as("The form is not understood.", TokenRefused),
    401: refused_as("The program is not let in.", TokenRefused),
}


def routes(lodge: signin.Lodge, *, live: bool) -> APIRouter:
    """The address at which tokens are given."""
    router = APIRouter(tags=["tokens"])
    audiences = {f"{origin}{path}" for origin in lodge.site.origins for path in ("", PATH)}

    @router.post(
        "/token",
        operation_id="create_token",
        responses=answers(TokenGiven) | _REFUSED,
        openapi_extra={"requestBody": _BODY},
    )
    def create_token(request: Request, sent: Annotated[_Sent, Depends(_sent)]) -> Response:
        """Give a token for an assertion that a program signed, for some minutes."""
        client = request.client
        try:
            form = _form(sent)
            granted = signin.grant_token(
                lodge,
                assertion=form["client_assertion"],
                client=form.get("client_id"),
                scopes=form.get("scope", "").split(),
                live=live,
                audiences=audiences,
                place=client.host if client else "",
            )
        except Refused as no:
            return _refused(no.refusals)
        # Who was let in stands in the trail and in the log.
        request.state.person, request.state.key = granted.key.person, granted.key.id
        told = TokenGiven(
            access_token=granted.token,
            expires_in=granted.seconds,
            scope=" ".join(granted.key.scopes),
        )
        return JSONResponse(told.model_dump(mode="json"), headers=_FRESH)

    return router


def metadata_routes(lodge: signin.Lodge) -> APIRouter:
    """The address at which programs find all the others of this kind."""
    router = APIRouter(tags=["tokens"])
    issuer = lodge.site.origins[0]
    found = ServerMetadata(
        issuer=issuer,
        token_endpoint=f"{issuer}{PATH}",
        grant_types_supported=[GRANT],
        response_types_supported=[],
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=list(signin.ALGORITHMS),
        scopes_supported=list(signin.SCOPES),
    )

    @router.get(METADATA, operation_id="get_server_metadata", responses=answers(ServerMetadata))
    def metadata(request: Request) -> Response:
        """Tell where programs that sign for themselves get tokens, and how."""
        return show(request, found)

    return router


_RULE = "RFC 6749, section 4.4.2"


def _form(sent: _Sent) -> dict[str, str]:
    """The fields that are needed, each said once; what else stands there is passed over.

    So says RFC 6749, section 3.2; everywhere else what is not known is refused.
    """
    try:
        said = parse_qsl(
            sent.body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_MOST,
            errors="strict",
        )  # fmt: skip
    except ValueError:
        said = []
    form, names = dict(said), [name for name, _ in said]
    fits = {
        "Content-Type": sent.media_type == _FORM,
        "grant_type": "grant_type" in form,
        **{name: names.count(name) == 1 for name in form},
        "client_assertion_type": form.get("client_assertion_type") == ASSERTION,
        "client_assertion": bool(form.get("client_assertion")),
    }
    wrong = [name for name, well in fits.items() if not well]
    if "grant_type" in form and "grant_type" not in wrong and form["grant_type"] != GRANT:
        raise Refused([GrantUnknown(reference=_RULE, asked=form["grant_type"][:50])])
    if wrong:
        raise Refused([TokenRequestUnfit(reference=_RULE, field=wrong[0][:50])])
    return form


def _refused(refusals: Sequence[Refusal]) -> Response:
    """As RFC 6749 says no: in few words and plain signs, with the number of our rule."""
    first = refusals[0]
    error = _FAULTS.get(first.code, "invalid_client")
    told = TokenRefused(
        error=error,
        error_description=_plain(f"{first} {first.remedy}"),
        error_uri=f"/v1/refusals/{first.number}",
        code=first.code,
        check_id=first.number,
    )
    known = error != "invalid_client"
    headers = _FRESH if known else _FRESH | {"WWW-Authenticate": "Bearer"}
    return JSONResponse(told.model_dump(mode="json"), 400 if known else 401, headers=headers)


def _plain(text: str) -> str:
    """The signs that a description may have: no quotation marks, and of English letters."""
    plain = text.replace('"', "'").replace("\\", "/").encode("ascii", "replace").decode()
    return "".join(each if each.isprintable() else "?" for each in plain)
