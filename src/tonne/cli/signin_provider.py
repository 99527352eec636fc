"""Houses elsewhere that let their own people in, as they are named at the machine."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tonne import signin
from tonne.cli import show
from tonne.cli.failures import UserFault
from tonne.cli.lodging import here, tell, the_lodge
from tonne.cli.options import BOOKS, Call, command, words
from tonne.cli.sealing import the_seal

app = typer.Typer(
    no_args_is_help=True, help="Let people in by houses elsewhere, by OpenID Connect."
)


@command(app, options=BOOKS)
def add(
    call: Call,
    *,
    issuer: Annotated[
        str, typer.Argument(metavar="ISSUER", help="Its address, as it names itself: https://...")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", callback=words, help="What people call it.")
    ],
    client: Annotated[
        str, typer.Option("--client", metavar="TEXT", help="By what it knows us: the client id.")
    ],
    secret: Annotated[
        Path,
        typer.Option("--secret-file", metavar="FILE", help="Holds what it gave us to show."),
    ],
    enough: Annotated[
        list[str] | None,
        typer.Option(
            "--enough",
            metavar="amr=MEANS|acr=CLASS",
            help="What it says of two factors: no code of ours is asked then.",
        ),
    ] = None,
) -> None:
    """Let people sign in with a house elsewhere, who linked themselves to it; its secret is sealed.

    Where it sends browsers back, to be told to it: /sign-in/back of the pages.

    Example: tonne signin provider add https://id.example --name Id --client 8f1 --secret-file s
    """
    try:
        shown = secret.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        what = f"{secret} cannot be read."
        raise UserFault(
            what, remedy="Name a file that holds the secret and nothing else."
        ) from None
    with the_lodge(call) as lodge:
        made = signin.add_provider(
            replace(lodge, seal=the_seal(make=False)),
            name=name, issuer=issuer, client=client, secret=shown, enough=enough or (), by=here(),
        )  # fmt: skip
    tell(
        call,
        f"{made.name} is {made.id}; who links themself to it signs in with it.",
        _told(made),
        hint="tell it to send browsers back to /sign-in/back of the pages",
    )


@command(app, "list", options=BOOKS)
def list_(call: Call) -> None:
    """List the houses elsewhere with which people sign in.

    Example: tonne signin provider list
    """
    with the_lodge(call) as lodge:
        found = signin.providers(lodge)
    columns = ("Code", "Name", "Issuer", "Knows us as", "Enough")
    rows = [[e.id, e.name, e.issuer, e.client, ", ".join(e.enough)] for e in found]
    tell(
        call,
        f"People sign in with {len(found)} other houses." if found else "With no other house.",
        {"providers": [_told(each) for each in found]},
        show.Table(columns=columns, rows=rows),
    )


@command(app, options=BOOKS)
def remove(
    call: Call,
    *,
    provider: Annotated[str, typer.Argument(metavar="CODE", help="By its code idp_...")],
) -> None:
    """Let nobody in with a house elsewhere any more.

    Example: tonne signin provider remove idp_01m808tx00e008000000000000
    """
    with the_lodge(call) as lodge:
        signin.remove_provider(lodge, provider=provider, by=here())
    tell(call, f"Nobody signs in with {provider} any more.", {"removed": provider})


def _told(found: signin.Provider) -> dict[str, object]:
    """A provider without what it gave us."""
    return {
        "id": found.id,
        "name": found.name,
        "issuer": found.issuer,
        "client": found.client,
        "enough": list(found.enough),
        "made_at": found.made_at,
    }
