"""A visit: what a page needs to answer one request, and the ways to answer it."""

import hmac
import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tonne.languages import LANGUAGES, SOURCE, Language
from tonne.linking import PrivateKey
from tonne.operations import Books, Desk, Office, Scheme, trading
from tonne.refusal import Refused
from tonne.signin import Lodge
from tonne.web.marks import FILTERS
from tonne.web.reader import READER, Reader
from tonne.web.refusals import ADDRESSES, AskedUnfit
from tonne.web.tables import Source, Table, Terms, as_csv, as_json, as_metadata, as_zip

T = TypeVar("T")

HERE = Path(str(files("tonne") / "web"))
KEPT_MAX = 1_000
ASKED_MAX = 200
"""So much of what was asked is read."""


@dataclass(slots=True)
class Kept:
    """Answers that are asked for often, each kept for a while with the moment of which it is."""

    age: timedelta
    _found: dict[object, tuple[datetime, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: dict[object, threading.Lock] = field(default_factory=dict)

    def get(self, key: object, now: datetime, make: Callable[[], T]) -> tuple[datetime, T]:
        """The answer, and the moment at which it was made.

        What is too old one visitor has made anew; who asks meanwhile is not kept waiting and hears
        the old one. Of what nobody has heard yet all wait for the one.
        """
        old = self._found.get(key)
        if old is not None and self._is_fresh(old, now):
            return old
        with self._lock:
            making = self._under_way.setdefault(key, threading.Lock())
        if old is None or old[0] > now:
            making.acquire()
        elif not making.acquire(blocking=False):
            return old
        try:
            found = self._found.get(key)
            if found is not None and self._is_fresh(found, now):
                return found
            return self._keep(key, (now, make()))
        finally:
            making.release()

    def _is_fresh(self, found: tuple[datetime, Any], now: datetime) -> bool:
        return timedelta(0) <= now - found[0] < self.age

    def _keep(self, key: object, made: tuple[datetime, T]) -> tuple[datetime, T]:
        with self._lock:
            if len(self._found) >= KEPT_MAX:
                self._found.clear()
                self._under_way.clear()
            self._found[key] = made
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifier:
    """Who signs the certificates that people take with them, and where they are checked."""

    key: PrivateKey
    address: str = ""
    """Of the pages, as people see it."""


class House:
    """What all visits share: the office, the terms of its data, the templates."""

    def __init__(
        self,
        office: Office,
        *,
        terms: Mapping[str, Terms],
        age: timedelta,
        lodge: Lodge | None = None,
        certifier: Certifier | None = None,
    ) -> None:
        """The templates are read when they are first needed."""
        self.office = office
        self.lodge = lodge
        self.certifier = certifier
        self.terms = terms
        self.kept = Kept(age)
        self.views = trading.Views()
        self.templates = environment()

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """A mark of each file beside the pages, by which browsers know whether they have it."""
        return {
            name: sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
            for name in ("tonne.css", "htmx-4.0.1.min.js", "door.js", "mark.svg")
        }


@cache
def environment() -> Environment:
    """The templates, with the filters and the sentences of whoever reads; each is made once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(FILTERS)
    cast("Any", made).install_gettext_callables(  # The extension added it.
        lambda text: READER.get().gettext(text),
        lambda one, many, count: READER.get().ngettext(one, many, count),
        newstyle=True,
    )
    return made


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request, by whom it is read, and how it is answered."""

    house: House
    request: Request
    reader: Reader
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        """The law, the books and the clock."""
        return self.house.office

    @property
    def now(self) -> datetime:
        """The moment by the office's clock."""
        return self.office.now()

    @property
    def desk(self) -> Desk:
        """A desk at which nothing is done but asked."""
        return self.office.desk("operator")

    @property
    def lodge(self) -> Lodge | None:
        """Where people are let in, if they are here."""
        return self.house.lodge

    @property
    def languages(self) -> Collection[Language]:
        """All in which there are pages."""
        return LANGUAGES.values()

    @property
    def certifier(self) -> Certifier | None:
        """Who signs certificates here, if anybody does."""
        return self.house.certifier

    @property
    def file(self) -> tuple[str, bytes]:
        """The file that a form brought, with its name; nothing if it brought none."""
        found: tuple[str, bytes] = getattr(self.request.state, "file", ("", b""))
        return found

    @property
    def token(self) -> str:
        """By what the browser's session goes now; nothing if it has none."""
        return str(getattr(self.request.state, "token", ""))

    @property
    def private(self) -> bool:
        """Whether it is a page for who is in."""
        return bool(getattr(self.request.state, "private", False))

    @property
    def form_token(self) -> str:
        """What a form of this session carries, so that no page of others can send one."""
        return self.sealed("form")

    def sealed(self, text: str) -> str:
        """A mark that only this session's pages can have put beside a text."""
        return hmac.new(self.token.encode(), text.encode(), sha256).hexdigest()

    def sent(self, name: str, most: int = ASKED_MAX) -> str:
        """What was sent in a field of a form."""
        return self.form.get(name, "").replace("\0", " ")[:most].strip()

    def place(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """What stands in the address after the question mark under a name, if anything does."""
        found = self.request.query_params.get(name, "")
        return found.replace("\0", " ")[:ASKED_MAX].strip()

    def one_of(self, name: str, allowed: Iterable[str], otherwise: str) -> str:
        """What was asked, which is one of these; or 9251."""
        found = self.asked(name) or otherwise
        known = [otherwise, *allowed]
        if found not in known:
            raise unfit(name, found, ", ".join(dict.fromkeys(each for each in known if each)))
        return found

    def whole(self, name: str, otherwise: int, most: int) -> int:
        """A whole number from one on that was asked; or 9251."""
        found = self.asked(name)
        if not found:
            return otherwise
        fits = found.isascii() and found.isdigit() and len(found) <= len(str(most))
        if not fits or not 1 <= int(found) <= most:
            raise unfit(name, found, f"a whole number from 1 to {most}")
        return int(found)

    def ask(self, question: Callable[[Books], T]) -> T:
        """The answer of the books."""
        return self.office.ask(question)

    def kept(self, key: object, question: Callable[[Books], T]) -> tuple[datetime, T]:
        """The answer of the books, which may be some moments old, and when it was given."""
        return self.house.kept.get(key, self.now, lambda: self.ask(question))

    def terms(self, scheme: Scheme | None) -> Terms:
        """The terms under which the data of a scheme may be used; what is not public has none."""
        if self.private:
            return Terms(licence=self.reader.gettext("not public"), address="")
        return self.house.terms.get(scheme.name if scheme else "", Terms())

    def title(self, scheme: Scheme) -> str:
        """What the law calls the scheme."""
        return scheme.registry.title.on(self.desk.day).value

    def with_asked(self, **changed: str | None) -> str:
        """This page with something else after the question mark."""
        found = dict(self.request.query_params)
        for name, value in changed.items():
            if value is None:
                found.pop(name, None)
            else:
                found[name] = value
        return f"{self.request.url.path}?{urlencode(found)}" if found else self.request.url.path

    def show(self, template: str, *, http: int = 200, **facts: object) -> Response:
        """A page."""
        about = {
            "visit": self,
            "reader": self.reader,
            "languages": self.languages,
            "source_language": SOURCE,
            "marks": self.house.marks,
            "terms": Terms(),
        }
        page = self.house.templates.get_template(template)
        return HTMLResponse(page.render(about | facts), status_code=http)

    def download(self, table: Table, ending: str, scheme: Scheme | None) -> Response:
        """The table of a page as a file: CSV, JSON, what is said of it alone, or both in one."""
        terms = self.terms(scheme)
        source = Source(
            title=table.title,
            address=str(self.request.url.include_query_params()).partition("?")[0],
            publisher=terms.publisher or (self.title(scheme) if scheme else "Tonne"),
            terms=terms,
            at=self.now,
        )
        name = ascii_name(table.downloads.strip("/").replace("/", "-") or "table")
        more = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        if not self.private:
            page = self.request.url.path.removesuffix(f".{ending}")
            described = f'<{quote(f"{page}.metadata.json")}>; rel="describedby"'
            more["Link"] = f'<{terms.address}>; rel="license", {described}'
            more["Access-Control-Allow-Origin"] = "*"
        if ending == "csv":
            return Response(as_csv(table, source), media_type="text/csv", headers=more)
        if ending == "zip":
            raw = as_zip(table, source, name=name)
            return Response(raw, media_type="application/zip", headers=more)
        told = as_json(table, source) if ending == "json" else as_metadata(table, source)
        said = json.dumps(told, ensure_ascii=False, indent=1)
        return Response(said, media_type="application/json", headers=more)

    def hand_over(self, raw: bytes, kind: str, name: str) -> Response:
        """A file to keep."""
        said = f'attachment; filename="{ascii_name(name)}"'
        return Response(raw, media_type=kind, headers={"Content-Disposition": said})

    def go(self, address: str) -> Response:
        """Another page of ours that answers this."""
        return RedirectResponse(address, status_code=303)


def unfit(name: str, found: str, allowed: str) -> Refused:
    """9251: what was asked is not among what the page can answer."""
    return Refused([AskedUnfit(reference=ADDRESSES, asked=name, value=found, allowed=allowed)])


def ascii_name(name: str) -> str:
    """The name of a file that every system can keep."""
    return "".join(
        each if each.isascii() and (each.isalnum() or each in ".-_") else "-" for each in name
    )
