"""Certificates: issued out of the books, and checked by anybody without them."""

from pathlib import Path
from typing import Annotated

import typer

from tonne import documents, operations
from tonne.cli import show
from tonne.cli.errand import errand, the_scheme
from tonne.cli.failures import DIFFERS, UserFault
from tonne.cli.keys import KeyFile, NewFile, OldFile, public_key, read_key, tell_pair
from tonne.cli.opening import open_store
from tonne.cli.options import PLAIN, Call, a_name, command
from tonne.cli.papers import Lang, form_of, language, write
from tonne.documents import Finding
from tonne.linking import PublicKey
from tonne.quantity import count as a_count

app = typer.Typer()


@command(app)
def certificate(
    call: Call,
    *,
    number: Annotated[str, typer.Argument(metavar="TRANSACTION", help="Its number.")],
    key_file: KeyFile,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write: .pdf or .json.")
    ],
    lang: Lang = "en",
    issuer: Annotated[
        str | None,
        typer.Option(
            "--issuer",
            metavar="NAME",
            callback=a_name,
            help="Who certifies; the title of the scheme if not said.",
        ),
    ] = None,
    address: Annotated[
        str, typer.Option("--address", metavar="URL", help="Where the public pages are, if any.")
    ] = "",
) -> None:
    """Certify, signed, that a transaction cancelled, retired or surrendered units.

    A page carries the signed record within it, and a seal over all its bytes.

    Example: tonne certificate 17 --key-file issuer.key --lang sl --out certificate.pdf
    """
    form = form_of(out, (".pdf", ".json"))
    key = read_key(key_file)
    with errand(call) as at:
        asked = a_count(number, reference=at.law.on_transactions, what="Transaction")
        taken = at.ask(lambda books: operations.taken_out(books, at.scheme, asked))
        signed = documents.certify(
            taken, issuer=issuer or taken.title, key=key, at=at.desk.at, address=_address(address)
        )
        page = form == ".pdf"
        write(out, documents.certificate_page(signed, language(lang), key) if page else signed.raw)
        at.tell(
            f"{documents.in_words(signed.certificate)} It stands in {out}.",
            data={
                "file": str(out),
                "public_key": str(signed.certificate.key),
                "certificate": documents.as_plain(signed.certificate),
            },
            hint=f"tonne verify {out} --key {signed.certificate.key}",
        )


@command(app, options=PLAIN)
def key(call: Call, *, to: NewFile = None, of: OldFile = None) -> None:
    """Make a pair of keys to sign certificates with, or say the public half of one.

    The private half stays in its file, which nobody else may read; publish the other.

    Example: tonne key --to issuer.key
    """
    tell_pair(call, to, of)


def a_key(text: str) -> PublicKey:
    """A public key in digits, or in a file."""
    file = Path(text)
    try:
        found = file.read_text("ascii") if file.is_file() else text
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{text} holds no key.") from None
    return public_key(found)


@command(app, options=("scheme", "database", "as_json"))
def verify(
    call: Call,
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A certificate, in PDF or JSON."
        ),
    ],
    key: Annotated[
        PublicKey | None,
        typer.Option(
            "--key",
            metavar="DIGITS|FILE",
            parser=a_key,
            help="The issuer's public key, as the issuer published it.",
        ),
    ] = None,
    books: Annotated[
        bool, typer.Option("--books", metavar="", help="Ask the books too: does it stand still?")
    ] = False,
) -> None:
    """Check without network, books or account that a certificate is whole, and who signed it.

    Ends with 0 if it is true, with 3 if something differs, with 2 if it is no certificate.

    Example: tonne verify certificate.pdf --key 3d40...
    """
    try:
        raw = file.read_bytes()
    except OSError as fault:
        what = f"{file} cannot be read: {fault.strerror}."
        raise UserFault(what, remedy="Name the file as it was received.") from None
    found = documents.check(raw, file=file.name, key=key)
    differences = _against_books(call, found) if books else ()
    faults = (*found.faults, *differences)
    if call.as_json:
        show.as_json(_data(found, faults, asked=books))
    else:
        _tell(found, faults, asked=books)
    if faults:
        raise typer.Exit(DIFFERS)


def _against_books(call: Call, found: Finding) -> tuple[str, ...]:
    """What the books that the call names say otherwise."""
    certificate = found.certificate
    if certificate is None:
        return ()
    scheme = the_scheme(call.scheme or certificate.taken.scheme)
    with open_store(call.database, make=False) as store:
        return store.run(
            lambda books: documents.against_books(certificate, books, scheme), keep=False
        )


def _tell(found: Finding, faults: tuple[str, ...], *, asked: bool) -> None:
    certificate = found.certificate
    if certificate is None:
        show.tell("False: nothing that is signed can be read in it.")
        show.note(*faults)
        return
    said = documents.in_words(certificate)
    if not found.signed:
        show.tell(f"False: nobody vouches for what it says. It says: {said}")
    elif faults:
        show.tell(f"False as it stands. The record in it is signed, and says: {said}")
    else:
        show.tell(f"True: {said}")
    show.note(*faults)
    if found.true:
        whole = "The whole page, and the record in it, is" if found.page else "The record is"
        show.note(f"{whole} as it was issued.")
    if found.signed and found.key_given:
        show.note("It was signed with the key that you named.")
    elif found.signed:
        show.note(
            f"It was signed with the key that it names itself: {found.key}.",
            "Anybody could have made one. See that the issuer publishes it, or give it: --key.",
        )
    if asked and not faults:
        show.note("The books, as they stand, say the same.")
    show.note(f"Digest of the record: {certificate.digest}")


def _data(found: Finding, faults: tuple[str, ...], *, asked: bool) -> dict[str, object]:
    certificate = found.certificate
    return {
        "ok": not faults,
        "signed": found.signed,
        "faults": list(faults),
        "says": None if certificate is None else documents.in_words(certificate),
        "public_key": None if found.key is None else str(found.key),
        "key_given": found.key_given,
        "books_asked": asked,
        "certificate": None if certificate is None else documents.as_plain(certificate),
    }


def _address(text: str) -> str:
    """An address of public pages as people write it."""
    if text and not text.startswith(("https://", "http://")):
        raise UserFault(f"{text!r} is no address.", remedy="Write it as https://registry.example.")
    return text
