"""The house itself: whether the books answer, what was counted, by which rules is said no."""

import inspect
from collections.abc import Callable, Sequence
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tonne.api.described import answers
from tonne.api.meter import MEDIA_TYPE, Meter
from tonne.api.refusals import REFERENCE, NoSuchThing, NothingHere, WorkStopped
from tonne.api.shape import Number, Shape
from tonne.api.shown import Page, show, show_list
from tonne.api.spoken import Spoken, languages_of, spoken_to
from tonne.languages import remedied, template_of
from tonne.operations import Office
from tonne.refusal import Refusal, Refused, catalogue
from tonne.signin import KEY_LASTS, Lodge

KEY_IS_OLD = f"The key that seals is older than {KEY_LASTS.days} days: tonne signin turn-key."


class Health(Shape):
    """That the house answers."""

    status: Literal["ok"] = "ok"
    """It does."""


class Readiness(Health):
    """That the house can do its work, and what its people should see to."""

    warnings: list[str] = Field(examples=[[]])
    """What is still good, and not for long."""


class RefusalRow(Shape):
    """A rule by which is said no."""

    object: Literal["refusal"] = "refusal"
    """What this is."""
    number: int
    """Its number, which is never given to another rule."""
    code: str
    """Its name."""
    rule: str
    """What has to be so, in English."""
    said: str | None
    """How it is said in the language that is asked for, with its facts in braces, if it is.

    What stands in square brackets is left out where its fact is empty.
    """
    remedy: str
    """What can be done by who was refused, in that language if it is said in it."""
    language: str
    """In which language the remedy is."""


def routes(
    office: Office,
    meter: Meter,
    *,
    lodge: Lodge | None = None,
    works: Callable[[], bool] = lambda: True,
) -> APIRouter:
    """The addresses for those who run the house."""
    router = APIRouter(tags=["house"])

    @router.get("/healthz", operation_id="get_health", responses=answers(Health))
    def health() -> Response:
        """Say that the program runs."""
        return _fresh(Health())

    @router.get("/readyz", operation_id="get_readiness", responses=answers(Readiness))
    def readiness() -> Response:
        """Say that the books and sign-in answer, and that what is due is carried out."""
        warnings = list[str]()
        office.ask(lambda books: books.known("ready?"))
        if lodge is not None:
            lodge.run(lambda keeping: keeping.person("ready?"))
            if lodge.seal is not None and lodge.seal.is_old(lodge.now().date()):
                warnings.append(KEY_IS_OLD)
        if not works():
            raise Refused([WorkStopped(reference=REFERENCE)])
        return _fresh(Readiness(warnings=warnings))

    @router.get(
        "/metrics",
        operation_id="get_metrics",
        response_class=Response,
        responses={200: {"description": "Counts.", "content": {"text/plain": {}}}},
    )
    def metrics(request: Request) -> Response:
        """Tell what was counted, for Prometheus, on this machine: not what was sent on to it."""
        if not _SENT_ON.isdisjoint(request.headers.keys()):
            raise Refused([NothingHere(reference=REFERENCE, path=request.url.path)])
        return Response(meter.text(books=_books_answer(office)), media_type=MEDIA_TYPE)

    return router


_SENT_ON = frozenset({"forwarded", "x-forwarded-for"})
"""Headers of a server before this one: what comes with them does not come from this machine."""


def catalogue_routes() -> APIRouter:
    """The addresses of the rules by which is said no."""
    router = APIRouter(prefix="/refusals", tags=["refusals"])
    kinds = {each.number: each for each in catalogue() if each.__module__.startswith("tonne.")}

    @router.get("", operation_id="list_refusals", responses=answers(RefusalRow, many=True))
    def list_refusals(request: Request, page: Page) -> Response:
        """List every rule by which is said no."""
        after, reader = page.number() or 0, spoken_to(request.scope)
        later = [kind for number, kind in kinds.items() if number > after][: page.more]
        found = [_row(each, reader) for each in later]
        answer = show_list(
            request, page, found, shape=RefusalRow, cursor=lambda row: str(row.number)
        )
        return _spoken(answer, found)

    @router.get("/{number}", operation_id="get_refusal", responses=answers(RefusalRow))
    def get_refusal(request: Request, number: Number) -> Response:
        """Tell a rule by which is said no."""
        if number not in kinds:
            no = NoSuchThing(reference=REFERENCE, what="refusal", name=str(number))
            raise Refused([no])
        row = _row(kinds[number], spoken_to(request.scope))
        return _spoken(show(request, row), [row])

    return router


def _row(kind: type[Refusal], reader: Spoken) -> RefusalRow:
    rule = inspect.cleandoc(kind.__doc__ or "").split("\n\n", 1)[0]
    remedy = remedied(kind.remedy, reader)
    return RefusalRow(
        number=kind.number,
        code=kind.__name__,
        rule=" ".join(rule.split()),
        said=template_of(kind, reader.language),
        remedy=" ".join(remedy.text.split()),
        language=remedy.language.code,
    )


def _spoken(answer: Response, rows: Sequence[RefusalRow]) -> Response:
    """An answer that names its languages: of the rules English, and of what can be done."""
    answer.headers["Content-Language"] = languages_of([*(each.language for each in rows), "en"])
    return answer


def _books_answer(office: Office) -> bool:
    try:
        office.ask(lambda books: books.known("ready?"))
    except (TimeoutError, ConnectionError):
        return False
    return True


def _fresh(answer: Shape) -> Response:
    return JSONResponse(answer.model_dump(mode="json"), headers={"Cache-Control": "no-store"})
