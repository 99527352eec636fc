"""Letters to people: written into the outbox when something happened, and sent from there.

A letter is kept once, by what it is about. It is sent until a server has taken it: so after a crash
in between it may come twice, under one Message-ID, by which mail programs show it once.
"""

import hashlib
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from itertools import takewhile
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer

from tonne import signin
from tonne.cli.alarms import Alarms
from tonne.cli.lodging import here
from tonne.documents import address_refusals, write_mail
from tonne.operations import Office, Scheme, happenings, mailing, people
from tonne.people import Person
from tonne.refusal import Refused, refuse_if_any
from tonne.signin import Event, Lodge
from tonne.store import Mail, OutboxStore

EVERY_SECONDS = 5.0
TRIES_MAX = 12
WAIT_FIRST, WAIT_MOST = timedelta(minutes=1), timedelta(hours=12)
_PATIENCE_SECONDS = 30
_PERMANENT = range(500, 600)
_PAGE = 1_000
_SETTLED = timedelta(seconds=10)
_USED_BEFORE = "code used before"
_OF_FACTORS = {"factor added", "factor removed"}

Smtp = Annotated[
    str | None,
    typer.Option(
        "--smtp",
        metavar="URL",
        envvar="TONNE_SMTP",
        help="Who takes letters to people: smtps://name:password@host:465.",
    ),
]
SmtpFrom = Annotated[
    str,
    typer.Option(
        "--smtp-from", metavar="ADDRESS", envvar="TONNE_SMTP_FROM", help="Who writes them."
    ),
]

_NEWS = {
    "proposals": mailing.news_of_proposals,
    "freezes": mailing.news_of_freezes,
    "duties": mailing.news_of_duties,
}
"""What people of the registry are written about, by the name under which it is read."""

Log = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A server that takes letters, and in whose name they are sent."""

    host: str
    port: int
    secure: str
    """``tls`` from the first byte, ``starttls``, or ``plain``, which is for this machine only."""

    user: str = ""
    password: str = ""
    sender: str
    site: str
    """Where people see the pages; said as a text, by which nobody is signed in."""


def a_post(text: str, *, sender: str, site: str) -> Post:
    """A server as it is named: smtps://name:password@host, or smtp://... with STARTTLS."""
    found = urlsplit(text)
    ways = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("plain", 25)}
    if found.scheme not in ways or not found.hostname or found.path.strip("/"):
        raise typer.BadParameter("write a server of e-mail as smtps://name:password@host:465.")
    secure, port = ways[found.scheme]
    if secure == "plain" and found.hostname not in {"127.0.0.1", "localhost"}:
        raise typer.BadParameter("only to this machine letters go without TLS.")
    refuse_if_any(address_refusals(sender))
    return Post(
        host=found.hostname, port=found.port or port, secure=secure, sender=sender, site=site,
        user=unquote(found.username or ""), password=unquote(found.password or ""),
    )  # fmt: skip


@contextmanager
def posting(
    office: Office,
    lodge: Lodge | None,
    outbox: OutboxStore,
    post: Post | None,
    log: Log,
    *,
    alarms: Alarms | None = None,
    every: float = EVERY_SECONDS,
) -> Iterator[None]:
    """Write and send letters until the doors are shut; none, where no server takes them."""
    if post is None:
        yield
        return
    stop, level = threading.Event(), happenings.Level()

    def work() -> None:
        while not stop.wait(every):
            try:
                gather(office, lodge, outbox, post, log, level=level, alarms=alarms)
                send(outbox, post, office.now(), log)
            except Exception as fault:  # noqa: BLE001  the worker lives on, and says what it was
                log({"worker": "e-mail", "fault": f"{type(fault).__name__}: {fault}"})

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def gather(
    office: Office,
    lodge: Lodge | None,
    outbox: OutboxStore,
    post: Post,
    log: Log,
    *,
    level: happenings.Level,
    alarms: Alarms | None = None,
) -> None:
    """Write letters about what has happened since the last time."""
    alarms = Alarms() if alarms is None else alarms
    reached = office.ask(level.rise)
    if not reached and office.ask(lambda books: books.latest_word())[0]:
        return  # Somebody is writing since before the first look: where the past ends is not known.
    for scheme in office.schemes.values():
        if not scheme.has_people:
            continue
        desk = office.desk("administrator")
        for name, tell in _NEWS.items():
            source = f"{name} of {scheme.name}"
            after = outbox.read(source)
            upto, news = office.ask(
                partial(tell, scheme=scheme, after=after, level=reached, desk=desk)
            )
            letters = [
                letter
                for each in news
                for letter in _letters(
                    each.kind, each.key, each.to.email, each.to.language, post, log, **each.facts
                )
            ]
            outbox.keep(source, upto, letters, at=office.now())
        _note_freezes(office, scheme, outbox, alarms, reached)
    if lodge is not None:
        _gather_events(office, lodge, outbox, post, log, alarms)
    called = [
        letter
        for each in alarms.take()
        for who in office.ask(mailing.administrators)
        for letter in _letters(
            f"alarm {each.what}", f"alarm {each.what} {each.at.isoformat()} {who.code}",
            who.email, who.language, post, log,
            moment=f"{each.at:%Y-%m-%d %H:%M} UTC", count=str(each.often),
        )
    ]  # fmt: skip
    outbox.keep("alarms", 0, called, at=office.now())


def _note_freezes(
    office: Office, scheme: Scheme, outbox: OutboxStore, alarms: Alarms, level: int
) -> None:
    source = f"alarms of {scheme.name}"
    after = outbox.read(source)
    upto, moments = office.ask(
        lambda books: mailing.freezes(books, scheme, after=after, level=level)
    )
    for each in moments:
        alarms.note("freezes", each)
    outbox.keep(source, upto, [], at=office.now())


def _gather_events(  # noqa: PLR0917  all that letters need
    office: Office, lodge: Lodge, outbox: OutboxStore, post: Post, log: Log, alarms: Alarms
) -> None:
    source = "signin"
    after = outbox.read(source)
    upto, letters = after or 0, list[Mail]()
    settled = lodge.now() - _SETTLED
    while events := _settled(lodge, upto, settled):
        upto = events[-1].number
        for each in events if after is not None else ():
            if each.kind == "failed":
                alarms.note("sign-ins", each.at)
            kind = _kind(lodge, each)
            if kind and each.person:
                address, language = _where(office, lodge, each.person)
                letters += _letters(
                    kind, f"signin {each.number}", address, language, post, log,
                    moment=f"{each.at:%Y-%m-%d %H:%M} UTC", place=each.place,
                )  # fmt: skip
    outbox.keep(source, upto, letters, at=office.now())


def _settled(lodge: Lodge, after: int, until: datetime) -> list[Event]:
    """What happened at the door after a number; a lower one may be committed a little later."""
    found = signin.events_of(lodge, by=here(), after=after, limit=_PAGE)
    return list(takewhile(lambda each: each.at <= until, found))


def _kind(lodge: Lodge, event: Event) -> str:
    """What a person is written about an event, if anything; nothing while they are enrolling."""
    if event.person is not None and event.kind == "failed" and event.what.endswith(_USED_BEFORE):
        return "code again"
    if event.person is None or event.kind not in {"signed in", *_OF_FACTORS}:
        return ""
    told = signin.events_of(lodge, person=event.person, by=here(), limit=10_000)
    places = {e.place for e in told if e.kind == "signed in" and e.number < event.number}
    if not places or (event.kind == "signed in" and event.place in places):
        return ""
    return "new place" if event.kind == "signed in" else "factors"


def _where(office: Office, lodge: Lodge, code: str) -> tuple[str, str]:
    """The address and the language of a person: as the registry has them, else as they sign in."""
    try:
        known: Person = office.ask(lambda books: people.person(books, code))
    except Refused:
        found = [each.login for each in signin.people(lodge, by=here()) if each.code == code]
        return (found or [""])[0], ""
    return known.email, known.language


def _letters(  # noqa: PLR0917  what a letter is made of
    kind: str, key: str, address: str, language: str, post: Post, log: Log, **facts: str
) -> Iterator[Mail]:
    """A letter; none to what is no address, which is told in the log."""
    grounds = list(address_refusals(address))
    if grounds:
        log({"worker": "e-mail", "letter": key, "fault": str(grounds[0])})
        return
    written = write_mail(kind, facts, language=language, site=post.site)
    yield Mail(
        key=key, address=address, subject=written.subject, body=written.body,
        language=language or "en",
    )  # fmt: skip


def send(outbox: OutboxStore, post: Post, at: datetime, log: Log) -> int:
    """Send the letters that are due; how many a server took."""
    waiting, count = outbox.due(at), 0
    if not waiting:
        return 0
    try:
        server = _connected(post)
    except (OSError, smtplib.SMTPException) as fault:
        for each in waiting:
            _failed(outbox, each, at, fault, log)
        return 0
    with server:
        for each in waiting:
            try:
                server.send_message(_message(each, post, at))
            except (OSError, smtplib.SMTPException, Refused) as fault:
                _failed(outbox, each, at, fault, log)
                continue
            outbox.sent(each.number, at)
            count += 1
    return count


def _connected(post: Post) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if post.secure == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            post.host, post.port, timeout=_PATIENCE_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(post.host, post.port, timeout=_PATIENCE_SECONDS)
    try:
        if post.secure == "starttls":
            server.starttls(context=context)
        if post.user:
            server.login(post.user, post.password)
    except BaseException:
        server.close()
        raise
    return server


def _message(mail: Mail, post: Post, at: datetime) -> EmailMessage:
    refuse_if_any(address_refusals(mail.address))
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = post.sender, mail.address, mail.subject
    message["Date"] = format_datetime(at)
    name = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{post.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(mail.body)
    return message


def _failed(outbox: OutboxStore, mail: Mail, at: datetime, fault: Exception, log: Log) -> None:
    """Try again later, and ever later; what a server refuses for good is given up."""
    codes = (
        [code for code, _ in fault.recipients.values()]
        if isinstance(fault, smtplib.SMTPRecipientsRefused)
        else [getattr(fault, "smtp_code", 0)]
    )
    permanent = isinstance(fault, smtplib.SMTPRecipientsRefused) and all(
        code in _PERMANENT for code in codes
    )
    permanent = permanent or isinstance(fault, Refused)
    given_up = permanent or mail.tries + 1 >= TRIES_MAX
    wait = min(WAIT_FIRST * 2**mail.tries, WAIT_MOST)
    said = type(fault).__name__ + (f" {codes[0]}" if codes[0] else "")
    outbox.failed(mail.number, at + wait, given_up=given_up, said=said)
    log({"worker": "e-mail", "letter": mail.key, "fault": said, "given_up": given_up})
