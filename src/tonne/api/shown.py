"""How an answer is given: in which form, which fields of it, and whether it is still the same."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from tonne.api.refusals import REFERENCE, CursorUnknown, FieldUnknown, FormNotOffered
from tonne.api.shape import Shape, Text
from tonne.languages import in_a_cell
from tonne.refusal import Refused

S = TypeVar("S", bound=Shape)

JSON, CSV, NDJSON = "application/json", "text/csv", "application/x-ndjson"
LIMIT, LIMIT_MAX = 50, 200
PUBLIC = {
    "Cache-Control": "public, max-age=15",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Carbon-Version, Deprecation, ETag, Link, RateLimit, "
    "Request-Id, Retry-After, Sunset",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept, Accept-Language, Carbon-Version",
}
"""What is public may be kept for a moment, and read by any page."""
PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization, Carbon-Version"}
"""What is one's own is kept by nobody, and read by no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page of a list is asked for, and which fields."""

    limit: int
    after: str | None
    fields: tuple[str, ...]

    @property
    def more(self) -> int:
        """So many rows are read: one more than is shown tells whether there are more."""
        return self.limit + 1

    def number(self) -> int | None:
        """The cursor, where rows are known by their number."""
        if self.after is None:
            return None
        fits = self.after.isdecimal() and self.after.isascii() and len(self.after) < 19  # noqa: PLR2004  below 2**63
        if not fits:
            raise self.unknown()
        return int(self.after)

    def begin(self, names: Sequence[str]) -> int:
        """Where the page begins among rows that are known by these names."""
        if self.after is None:
            return 0
        if self.after not in names:
            raise self.unknown()
        return names.index(self.after) + 1

    def unknown(self) -> Refused:
        """That there is no such cursor."""
        pointer = "/query/starting_after"
        return Refused(
            [CursorUnknown(reference=REFERENCE, pointer=pointer, cursor=f"{self.after}")]
        )


def _asked(
    limit: Annotated[int, Query(description="So many rows at most.", ge=1, le=LIMIT_MAX)] = LIMIT,
    starting_after: Annotated[
        Text | None, Query(description="next_cursor of the page before.")
    ] = None,
    fields: Annotated[
        Text | None, Query(description="Only these fields of a row, with commas between them.")
    ] = None,
) -> Asked:
    """The page that is asked for."""
    chosen = () if fields is None else tuple(each.strip() for each in fields.split(","))
    return Asked(limit=limit, after=starting_after, fields=chosen)


Page = Annotated[Asked, Depends(_asked)]
"""What every list may be asked."""


def show(request: Request, answer: Shape, *, status: int = 200) -> Response:
    """One thing; where a key was asked for, it is for its holder alone."""
    _chosen(request, (JSON,))
    body = answer.model_dump_json().encode()
    if is_private(request):
        return Response(body, status, headers=PRIVATE, media_type=JSON)
    return public(request, body, JSON)


def is_private(request: Request) -> bool:
    """Whether a key was asked for."""
    return getattr(request.state, "key", None) is not None


def show_list(
    request: Request,
    asked: Asked,
    rows: Sequence[S],
    *,
    shape: type[S],
    cursor: Callable[[S], str],
    more: bool | None = None,
    facts: Mapping[str, object] | None = None,
    cursor_of_all: str | None = None,
) -> Response:
    """A page of a list, in the form that is asked for.

    ``rows`` are one more than are shown, where there are more; or ``more`` says it, and
    ``cursor_of_all`` where the next page begins.
    """
    form = _chosen(request, (JSON, CSV, NDJSON))
    names = _fields(asked, shape)
    there_is_more = len(rows) > asked.limit if more is None else more
    shown = rows[: asked.limit]
    next_cursor = cursor_of_all or (cursor(shown[-1]) if shown else None)
    if not there_is_more:
        next_cursor = None
    data = [each.model_dump(mode="json", include=names) for each in shown]
    headers = {} if next_cursor is None else {"Link": _next(request, next_cursor)}
    if form == CSV:
        return _listed(request, _csv(data, shape, names), f"{CSV}; charset=utf-8", headers)
    if form == NDJSON:
        lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in data)
        return _listed(request, "".join(lines).encode(), NDJSON, headers)
    told = {
        "object": "list",
        **(facts or {}),
        "data": data,
        "has_more": next_cursor is not None,
        "next_cursor": next_cursor,
    }
    return _listed(request, json.dumps(told, ensure_ascii=False).encode(), JSON, headers)


def _listed(request: Request, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    if is_private(request):
        return Response(body, headers=PRIVATE | dict(headers), media_type=media_type)
    return public(request, body, media_type, headers)


def public(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Something public with its mark; nothing of it where the caller has it already."""
    mark = f'"{sha256(media_type.encode() + body).hexdigest()[:32]}"'
    given = PUBLIC | dict(headers or {}) | {"ETag": mark}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or mark in (
        each.strip().removeprefix("W/") for each in known.split(",")
    ):
        return Response(status_code=304, headers=given)
    return Response(body, headers=given, media_type=media_type)


def _fields(asked: Asked, shape: type[Shape]) -> set[str]:
    """The fields that are chosen, or all."""
    known = tuple(shape.model_fields)
    if unknown := [each for each in asked.fields if each not in known]:
        raise Refused(
            FieldUnknown(reference=REFERENCE, pointer="/query/fields", field=each, known=known)
            for each in unknown
        )
    return set(asked.fields or known)


def _next(request: Request, cursor: str) -> str:
    """The address of the next page, as a header says it."""
    others = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name != "starting_after"
    ]
    return f'<{request.url.path}?{urlencode([*others, ("starting_after", cursor)])}>; rel="next"'


def _chosen(request: Request, offered: Sequence[str]) -> str:
    """The form that the caller likes best of those that are offered; in doubt the first."""
    asked = request.headers.get("accept", "*/*") or "*/*"
    ranges = [_range(each) for each in asked.split(",")]
    best = max(offered, key=lambda form: (_liked(form, ranges), -offered.index(form)))
    if not _liked(best, ranges):
        no = FormNotOffered(reference=REFERENCE, asked=asked[:200], offered=tuple(offered))
        raise Refused([no])
    return best


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (each.strip().lower() for each in text.split(";"))
    for each in parameters:
        if each.startswith("q="):
            try:
                return name, min(1.0, max(0.0, float(each[2:])))
            except ValueError:
                return name, 0.0
    return name, 1.0


def _liked(form: str, ranges: Iterable[tuple[str, float]]) -> float:
    """How much a form is liked: what is said of it most exactly counts."""
    kind = form.partition("/")[0]
    exact = {form: 3, f"{kind}/*": 2, "*/*": 1}
    found = [(exact[name], quality) for name, quality in ranges if name in exact]
    return max(found)[1] if found else 0.0


def _csv(data: Sequence[Mapping[str, Any]], shape: type[Shape], names: set[str]) -> bytes:
    """A table: what is in a field that has fields itself stands in columns of its own."""
    columns = [
        each for name in shape.model_fields if name in names for each in _columns(shape, name)
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in data:
        cells = _flat(row)
        writer.writerow([_cell(cells.get(column)) for column in columns])
    return out.getvalue().encode()


def _columns(shape: type[Shape], name: str) -> list[str]:
    kinds = _kinds(shape.model_fields[name].annotation)
    inner = next(
        (each for each in kinds if isinstance(each, type) and issubclass(each, Shape)), None
    )
    return [name] if inner is None else [f"{name}.{each}" for each in inner.model_fields]


def _kinds(annotation: object) -> tuple[object, ...]:
    """What a field may be; a list of things is none of them."""
    if isinstance(annotation, type):
        return (annotation,)
    if getattr(annotation, "__origin__", None) is list:
        return ()
    return getattr(annotation, "__args__", ())


def _flat(row: Mapping[str, Any]) -> dict[str, object]:
    cells: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= {f"{name}.{inner}": each for inner, each in value.items()}
        else:
            cells[name] = value
    return cells


def _cell(value: object) -> str:
    """A cell of a table; a text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return in_a_cell(value) if isinstance(value, str) else str(value)
