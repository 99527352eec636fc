"""How fast a statement and a certificate become pages."""

from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter

from place import Place
from yardstick import Yardstick

from tonne.documents import LANGUAGES, as_pdf, as_xlsx, certificate_page, certify, statement_report
from tonne.ledger import Block, Step
from tonne.linking import PrivateKey
from tonne.operations import (
    Scheme,
    Statement,
    TakenOut,
    UnitsOut,
    load_scheme,
    scheme_folder,
)
from tonne.registry import HoldingAccount

ROWS = 2_000
SECONDS_MAX = 5
TIMES = 3
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
OURS, THEIRS = "XE-120-7-0-95", "XE-120-8-0-90"
VERBS = ("allocate", "transfer", "surrender", "cancel_voluntarily")


def measure(_place: Place, _yardstick: Yardstick) -> None:
    """A statement of 2,000 movements as pages and sheets, and a certificate."""
    scheme = load_scheme(scheme_folder("example"))
    for code in ("en", "fa"):
        pages, sheets = [], []
        for turn in range(TIMES):
            # Typst remembers what it has set before; each statement is another one.
            told = statement_report(
                a_statement(turn), scheme, language=LANGUAGES[code], day=AT.date(), at=AT
            )
            started = perf_counter()
            as_pdf(told)
            pages.append(perf_counter() - started)
            started = perf_counter()
            as_xlsx(told)
            sheets.append(perf_counter() - started)
        print(
            f"a statement of {ROWS:,} rows, {code}: {median(pages):.1f} s as PDF (aim "
            f"{SECONDS_MAX}), {median(sheets):.2f} s as XLSX"
        )
    print(f"a certificate as PDF, signed and sealed: {_certificate(scheme) * 1_000:.0f} ms")


def a_statement(turn: int) -> Statement:
    """An account with that many movements."""
    account = HoldingAccount(
        number=OURS, kind="operator", opened=AT.date(), name="Cement", registry="XE", operator="C"
    )
    steps = [
        Step(
            transaction=each + 1,
            kind=VERBS[each % 4],
            year=2025,
            day=date(2025, 1, 1) + timedelta(days=each % 365),
            at=AT,
            source=OURS if each % 3 else THEIRS,
            target=THEIRS if each % 3 else OURS,
            asset="EXA-1",
            units=10 + turn,
            series="EX-1",
            first=1_000 * each + 1,
            last=1_000 * each + 10 + turn,
            prior=0,
        )
        for each in range(ROWS)
    ]
    return Statement(
        account=account,
        holdings={"EXA-1": 10_000},
        blocks=(("EXA-1", Block("EX-1", 1, 10_000)),),
        steps=tuple(steps),
        reports=(),
        figures=(),
        closings=(),
    )


def _certificate(scheme: Scheme) -> float:
    """The median time of a certificate."""
    key, took = PrivateKey(bytes(range(32))), []
    for turn in range(1, 8):
        taken = TakenOut(
            transaction=turn,
            how="cancelled",
            scheme=scheme.name,
            title=scheme.name,
            rulebook=scheme.fingerprint,
            because=("Example Act, s. 6",),
            day=AT.date(),
            at=AT,
            units=(
                UnitsOut(unit="EXA-1", name="unit", count=turn, blocks=(Block("EX-1", 1, turn),)),
            ),
            dedication=None,
        )
        started = perf_counter()
        certificate_page(certify(taken, issuer="I", key=key, at=AT), LANGUAGES["fa"], key)
        took.append(perf_counter() - started)
    return median(took)
