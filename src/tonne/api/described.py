"""The description of the interface (OpenAPI 3.1): what each address answers, also its no."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import create_model

from tonne.api.problem import MEDIA_TYPE, Problem
from tonne.api.shape import Shape

_REFUSED = {
    "400": "The request is not understood: a parameter is unknown or not well formed.",
    "404": "There is no such thing, or it is not public.",
    "406": "It is not given in a form that is asked for.",
    "409": "A rule was not met.",
    "413": "The request is too large.",
    "429": "Too many requests came from this address.",
    "500": "Something went wrong on our side.",
    "503": "The books are busy or cannot be reached.",
}
_WITH_KEY = {
    "401": "No key is shown, or none that is let in.",
    "403": "The key is not good for this, or its person may not do it.",
}
_WITH_BODY = {"422": "The body is not well formed, or its key stands for another request."}
_REF = "#/components/schemas/{model}"
_ON_DEPRECATED = {
    "Deprecation": "Since when it is to go, in seconds since 1970 after the sign @.",
    "Sunset": "From when on it may be gone.",
    "Link": "Where it is told what is to be asked instead.",
}
_ON_ALL = {
    "Request-Id": "The name of the request, as it stands in the log.",
    "RateLimit": "How many more requests are served now, and after how many seconds one more is.",
    "Carbon-Version": "The day of the version that answered.",
}


def answers(
    shape: type[Shape], *, many: bool = False, facts: Mapping[str, type] | None = None
) -> dict[int | str, dict[str, Any]]:
    """What an address answers when all is well: one thing, or a page of them."""
    found: dict[str, Any] = {"description": (shape.__doc__ or "").partition("\n")[0]}
    if not many:
        return {200: found | {"model": shape}}
    content = {"text/csv": {"schema": {"type": "string"}}}
    content["application/x-ndjson"] = {"schema": {"type": "string"}}
    model = _page(shape, tuple((facts or {}).items()))
    return {200: found | {"model": model, "content": content}}


def refused_as(description: str, shape: type[Shape]) -> dict[str, Any]:
    """A no that a standard wants in its own form; the edge says its own as everywhere."""
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {"description": description, "model": shape, "content": content}


@cache
def _page(shape: type[Shape], facts: tuple[tuple[str, type], ...]) -> type[Shape]:
    """A page of a list; with ``fields`` its rows have those alone."""
    fields: dict[str, Any] = {
        "object": (str, "list"),
        **{name: (kind, ...) for name, kind in facts},
        "data": (list[shape], ...),  # type: ignore[valid-type]
        "has_more": (bool, ...),
        "next_cursor": (str | None, ...),
    }
    name = shape.__name__.removesuffix("Row") + "List"
    return create_model(
        name, __base__=Shape, __doc__=f"A page of a list. {shape.__doc__}", **fields
    )


def describe(app: FastAPI, *, deprecated: Collection[str] = ()) -> None:
    """Have an app describe itself as it really answers; also which operations are to go."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, frozenset(deprecated))
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI, deprecated: frozenset[str]) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        openapi_version="3.1.0",
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template=_REF)
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    for name, schema in schemas.items():
        _loosen(name, schema, schemas)
    for path in found["paths"].values():
        for method, operation in path.items():
            operation["responses"] = _responses(
                operation["responses"],
                reads=method == "get" and "security" not in operation,
                refused=_REFUSED
                | (_WITH_KEY if "security" in operation else {})
                | (_WITH_BODY if "requestBody" in operation else {}),
            )
            if operation["operationId"] in deprecated:
                operation["deprecated"] = True
                for each in operation["responses"].values():
                    each["headers"] |= _headers(_ON_DEPRECATED)
            for parameter in operation.get("parameters", ()):
                _not_null(parameter["schema"])
                if parameter["schema"].get("type") == "array":
                    parameter |= {"style": "form", "explode": False}  # With commas between them.
    return found


def _responses(
    said: Mapping[str, Any], *, reads: bool, refused: Mapping[str, str]
) -> dict[str, Any]:
    found = {code: each for code, each in said.items() if code != "422"}
    if reads:
        found["304"] = {"description": "It is still as the caller has it."}
    for code, sentence in refused.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
        found.setdefault(code, {"description": sentence, "content": content})
    for each in found.values():
        each["headers"] = _headers(_ON_ALL) | each.get("headers", {})
    return dict(sorted(found.items()))


def _headers(told: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"description": text, "schema": {"type": "string"}} for name, text in told.items()
    }


def _not_null(schema: dict[str, Any]) -> None:
    """A parameter is said or not said; there is no way to say that it is nothing."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
    elif kinds:
        schema["anyOf"] = kinds


def _loosen(name: str, schema: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """In a list a row has the fields that were chosen, so none of them is sure to be there."""
    if name.endswith("List") and "data" in schema.get("properties", {}):
        row = schema["properties"]["data"]["items"]
        if "$ref" in row:
            whole = schemas[row["$ref"].rpartition("/")[2]]
            loose = {key: each for key, each in whole.items() if key != "required"}
            schema["properties"]["data"]["items"] = loose
