"""What an administrator does about sign-in at the machine itself."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.lodging import Of, Person, acting_as, code_of, here, tell, the_lodge
from tonne.cli.options import BOOKS, Call, command, words
from tonne.cli.sealing import key_file, the_seal
from tonne.signin import EnrolmentCode, Session

app = typer.Typer(
    no_args_is_help=True, help="Enrol people; recover, end and bar; make and revoke keys."
)
By = Annotated[
    str, typer.Option("--by", metavar="PERSON", help="Which administrator you are: code or name.")
]
_MOMENT = "%Y-%m-%d %H:%M UTC"


@command(app, options=BOOKS)
def enrol(
    call: Call,
    *,
    login: Annotated[
        str,
        typer.Argument(metavar="LOGIN", help="The name to sign in under, as an e-mail address."),
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", callback=words, help="What they are called.")
    ],
    administrator: Annotated[
        bool,
        typer.Option("--administrator", metavar="", help="They may recover, end and bar others."),
    ] = False,
    known_as: Annotated[
        str | None,
        typer.Option("--code", metavar="CODE", help="The code by which the registry knows them."),
    ] = None,
) -> None:
    """Make a person known, and tell the code with which they set their factors, once.

    Example: tonne signin enrol ana@example.org --name "Ana Novak"
    """
    with the_lodge(call, make=True) as lodge:
        the_seal(make=not signin.people(lodge, by=here()))
        made = signin.enrol(
            lodge, login=login, name=name, administrator=administrator, code=known_as, by=here()
        )
    _tell_code(call, made, hint=f"keep a backup of {key_file()}, apart from the database's")


@command(app, options=BOOKS)
def code(call: Call, *, person: Person) -> None:
    """Tell a new enrolment code to who never had a way in; the one before serves no more.

    Example: tonne signin code ana@example.org
    """
    with the_lodge(call) as lodge:
        made = signin.enrol_again(lodge, person=code_of(lodge, person), by=here())
    _tell_code(call, made)


@command(app, options=BOOKS)
def people(call: Call) -> None:
    """List everybody who is enrolled.

    Example: tonne signin people
    """
    with the_lodge(call) as lodge:
        found = signin.people(lodge, by=here())
    rows = [[each.code, each.login, each.name, each.administrator, each.barred] for each in found]
    columns = ("Code", "Signs in as", "Name", "Administrator", "Barred")
    tell(
        call,
        f"{_people(len(rows))} enrolled.",
        {"people": [asdict(each) for each in found]},
        show.Table(columns=columns, rows=rows),
        hint="tonne signin events" if rows else "tonne signin enrol",
    )


@command(app, options=BOOKS)
def reset(
    call: Call,
    *,
    person: Person,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", callback=words, help="Why; it is kept.")
    ],
    by: By,
) -> None:
    """Ask that a person who lost their factors may set new ones; another administrator agrees.

    Example: tonne signin reset ana@example.org --reason "phone lost" --by eva@example.org
    """
    with the_lodge(call) as lodge:
        asked = signin.ask_recovery(
            lodge, person=code_of(lodge, person), reason=reason, by=acting_as(lodge, by)
        )
    tell(
        call,
        f"{asked.id} waits for another administrator until {asked.until:{_MOMENT}}.",
        asdict(asked),
        hint=f"tonne signin agree {asked.id} --by PERSON",
    )


@command(app, options=BOOKS)
def agree(
    call: Call,
    *,
    recovery: Annotated[str, typer.Argument(metavar="RECOVERY", help="By its code rec_...")],
    by: By,
) -> None:
    """Agree to a recovery that another administrator asked for, and tell the enrolment code.

    All factors, sessions and keys of the person end. For a day they look and do not sign.

    Example: tonne signin agree rec_... --by mei@example.org
    """
    with the_lodge(call) as lodge:
        found = signin.agree_recovery(lodge, recovery=recovery, by=acting_as(lodge, by))
    ended = show.some(found.sessions_ended, "session")
    keys = show.some(found.keys_ended, "key")
    _tell_code(
        call,
        found.enrolment,
        more=f" {ended} and {keys} ended. They sign again from {found.signs_from:{_MOMENT}}.",
        data={
            "signs_from": found.signs_from,
            "sessions_ended": found.sessions_ended,
            "keys_ended": found.keys_ended,
        },
    )


@command(app, options=BOOKS)
def recoveries(call: Call) -> None:
    """List the recoveries that were asked for, and who agreed.

    Example: tonne signin recoveries
    """
    with the_lodge(call) as lodge:
        found = signin.recoveries(lodge, by=here())
    rows = [
        [each.id, each.person, each.reason, each.asked_by, each.agreed_by or ""] for each in found
    ]
    columns = ("Recovery", "Of", "Reason", "Asked by", "Agreed by")
    tell(
        call,
        f"{len(rows)} recoveries were asked for.",
        {"recoveries": [asdict(each) for each in found]},
        show.Table(columns=columns, rows=rows),
    )


@command(app, options=BOOKS)
def sessions(call: Call, *, person: Person) -> None:
    """List the open sessions of a person.

    Example: tonne signin sessions ana@example.org
    """
    with the_lodge(call) as lodge:
        found = signin.sessions_of(lodge, person=code_of(lodge, person), by=here())
    rows = [
        [each.id, f"{each.opened_at:{_MOMENT}}", ", ".join(each.factors), each.place, each.agent]
        for each in found
    ]
    columns = ("Session", "Since", "By", "From", "With")
    tell(
        call,
        f"{show.some(len(rows), 'session')} of {person} open.",
        {"sessions": [_session(each) for each in found]},
        show.Table(columns=columns, rows=rows),
        hint=f"tonne signin end {person}",
    )


@command(app, options=BOOKS)
def end(
    call: Call,
    *,
    person: Person,
    session: Annotated[
        str | None, typer.Option("--session", metavar="SESSION", help="Only this one: ses_...")
    ] = None,
) -> None:
    """End the sessions of a person, at once and for good.

    Example: tonne signin end ana@example.org
    """
    with the_lodge(call) as lodge:
        whose, count = code_of(lodge, person), 1
        if session is None:
            count = signin.end_sessions_of(lodge, person=whose, by=here())
        else:
            signin.end_session_of(lodge, person=whose, session=session, by=here())
    tell(
        call,
        f"{show.some(count, 'session')} of {person} ended.",
        {"person": whose, "sessions_ended": count},
    )


@command(app, options=BOOKS)
def bar(call: Call, *, person: Person) -> None:
    """Let a person in no more, by any way; their sessions end, their keys do not serve.

    Example: tonne signin bar ana@example.org
    """
    with the_lodge(call) as lodge:
        whose = code_of(lodge, person)
        signin.bar(lodge, person=whose, by=here())
    tell(
        call,
        f"{person} is barred.",
        {"person": whose, "barred": True},
        hint=f"tonne signin admit {person}",
    )


@command(app, options=BOOKS)
def admit(call: Call, *, person: Person) -> None:
    """Let a person in again who was barred; what had ended stays ended.

    Example: tonne signin admit ana@example.org
    """
    with the_lodge(call) as lodge:
        whose = code_of(lodge, person)
        signin.admit(lodge, person=whose, by=here())
    tell(call, f"{person} is admitted.", {"person": whose, "barred": False})


@command(app, options=BOOKS)
def events(
    call: Call,
    *,
    person: Of = None,
    after: Annotated[
        int, typer.Option("--after", metavar="NUMBER", min=0, help="Only later ones.")
    ] = 0,
    limit: Annotated[
        int, typer.Option("--limit", metavar="NUMBER", min=1, max=10_000, help="So many.")
    ] = 200,
) -> None:
    """Tell what happened at the door: who, when, from where, what; in order.

    Example: tonne signin events --person ana@example.org
    """
    with the_lodge(call) as lodge:
        whose = None if person is None else code_of(lodge, person)
        found = signin.events_of(lodge, person=whose, by=here(), after=after, limit=limit)
    rows = [
        [str(each.number), f"{each.at:{_MOMENT}}", each.kind, each.person or "", each.by or "",
         each.place, each.what]
        for each in found
    ]  # fmt: skip
    columns = ("Number", "When", "What", "Who", "By", "From", "More")
    more = len(rows) == limit
    tell(
        call,
        f"{show.some(len(rows), 'event')}.",
        {"events": [asdict(each) for each in found], "has_more": more},
        show.Table(columns=columns, rows=rows),
        hint=f"tonne signin events --after {found[-1].number}" if more else "",
    )


def _session(session: Session) -> dict[str, Any]:
    """A session for a program, without the digest of its token."""
    return {name: value for name, value in asdict(session).items() if name != "token"}


def _tell_code(
    call: Call,
    made: EnrolmentCode,
    *,
    more: str = "",
    data: dict[str, Any] | None = None,
    hint: str = "",
) -> None:
    person = made.person
    tell(
        call,
        f"{person.login} is {person.code}.{more} The code for setting factors is good once, until "
        f"{made.until:{_MOMENT}}; give it to nobody else:\n{made.code}",
        {"person": asdict(person), "code": made.code, "until": made.until, **(data or {})},
        hint=hint or f"tonne signin events --person {person.login}",
    )


def _people(count: int) -> str:
    return f"{count:,} person is" if count == 1 else f"{count:,} people are"
