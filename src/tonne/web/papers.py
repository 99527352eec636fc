"""What people take with them of an account: certificates and statements, in their language."""

from collections.abc import Mapping

from starlette.responses import Response

from tonne import documents
from tonne.documents import Report
from tonne.operations import papers
from tonne.refusal import Refused
from tonne.web import gate
from tonne.web.refusals import FORMS, NothingCertified
from tonne.web.today import account_of
from tonne.web.visit import Visit

KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def certificate(visit: Visit) -> Response:
    """The certificate of what a transaction took out of the account in the address."""
    member, number = gate.member(visit), int(visit.place("transaction"))
    law, told = account_of(visit, member)
    if visit.certifier is None:
        raise Refused([NothingCertified(reference=FORMS)])
    form, lang = visit.one_of("form", ("json",), "pdf"), language(visit)
    account = told.account.number
    taken = visit.ask(
        lambda books: papers.given_up(books, law, account, number, by=member.code, desk=visit.desk)
    )
    key = visit.certifier.key
    signed = documents.certify(
        taken, issuer=taken.title, key=key, at=visit.now, address=visit.certifier.address
    )
    page = form == "pdf"
    raw = documents.certificate_page(signed, lang, key) if page else signed.raw
    return visit.hand_over(raw, KINDS[form], f"certificate-{number}-{lang.code}.{form}")


def statement(visit: Visit) -> Response:
    """The statement of the account in the address, whole or of a year."""
    member = gate.member(visit)
    law, told = account_of(visit, member)
    form = visit.one_of("form", ("xlsx", "csv"), "pdf")
    year = visit.whole("year", 0, 9999) or None
    account, lang = told.account.number, language(visit)
    found = visit.ask(
        lambda books: papers.own_statement(
            books, law, account, by=member.code, desk=visit.desk, year=year
        )
    )
    report = documents.statement_report(
        found, law, language=lang, day=visit.desk.day, at=visit.now, year=year
    )
    name = "-".join(map(str, ("statement", account, *([year] if year else []), lang.code)))
    return visit.hand_over(written(report, form), KINDS[form], f"{name}.{form}")


def written(report: Report, form: str) -> bytes:
    """A report in one of its forms."""
    if form == "xlsx":
        return documents.as_xlsx(report)
    if form == "csv":
        return documents.as_csv(report, documents.movements_of(report))
    return documents.as_pdf(report)


def language(visit: Visit) -> documents.Language:
    """The language that is asked for, or the reader's."""
    code = visit.one_of("in", documents.LANGUAGES, visit.reader.language.code)
    return documents.LANGUAGES[code]
