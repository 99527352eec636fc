"""What does somebody hold in hand? Certificates, statements and reports, out of what the books say.

A certificate of a cancellation, retirement or surrender is signed by its issuer, and anybody can
check it without the books. A document is written in a reader's language; serial numbers and all
other codes are the same in every one.
"""

from tonne.documents.certificate import (
    FORM,
    Certificate,
    NoCertificate,
    SignedCertificate,
    Unreadable,
    as_data,
    certify,
    read_signed,
)
from tonne.documents.check import Finding, against_books, as_plain, check, in_words
from tonne.documents.languages import LANGUAGES, Language
from tonne.documents.mail import EmailUnfit, Written, address_refusals, write_mail
from tonne.documents.page import certificate_page, certificate_picture, certificate_sentence
from tonne.documents.report import (
    Column,
    Report,
    Table,
    as_csv,
    as_pdf,
    as_pictures,
    as_xlsx,
)
from tonne.documents.seal import record_within, seal, seal_holds
from tonne.documents.statement import movements_of, statement_report
from tonne.documents.year_met import operators_of, year_report

__all__ = [
    "FORM",
    "LANGUAGES",
    "Certificate",
    "Column",
    "EmailUnfit",
    "Finding",
    "Language",
    "NoCertificate",
    "Report",
    "SignedCertificate",
    "Table",
    "Unreadable",
    "Written",
    "address_refusals",
    "against_books",
    "as_csv",
    "as_data",
    "as_pdf",
    "as_pictures",
    "as_plain",
    "as_xlsx",
    "certificate_page",
    "certificate_picture",
    "certificate_sentence",
    "certify",
    "check",
    "in_words",
    "movements_of",
    "operators_of",
    "read_signed",
    "record_within",
    "seal",
    "seal_holds",
    "statement_report",
    "write_mail",
    "year_report",
]
