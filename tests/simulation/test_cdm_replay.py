"""Sentences about the replay of the CDM registry: its tables, and its blocks lived again."""

from pathlib import Path

import pytest

from block_tables import CANCELLED, ISSUED
from tonne import operations
from tonne.operations import load_scheme, scheme_folder
from tonne.refusal import Refused
from tonne.simulation import CdmReport, read_cdm, replay_cdm
from tonne.store import MemoryStore
from world import Store

LAW = load_scheme(scheme_folder("kyoto_cp1"))
TABLES = {"issuance_transactions.csv": ISSUED, "cancellation_transactions.csv": CANCELLED}


def folder(place: Path, **tables: str) -> Path:
    for name, text in (
        TABLES | {f"{key}_transactions.csv": each for key, each in tables.items()}
    ).items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def lived(store: Store, place: Path) -> CdmReport:
    return replay_cdm(store.run, LAW, read_cdm(place))


def faults(place: Path) -> list[int]:
    with pytest.raises(Refused) as refused:
        read_cdm(place)
    return [each.number for each in refused.value.refusals]


def test_every_block_is_issued_and_cancelled_by_its_numbers(store: Store, tmp_path: Path) -> None:
    report = lived(store, folder(tmp_path))
    # 100 + 50 + 40 issued; 20 + 10 + 40 cancelled.
    assert (report.issued_blocks, report.issued_units) == (3, 190)
    assert (report.cancelled_blocks, report.cancelled_units) == (3, 70)
    assert report.refused == ()
    assert report.agrees
    by = {
        name: {key: (each.issued, each.cancelled, each.remaining) for key, each in found.items()}
        for name, found in report.tallies.items()
    }
    assert by["type"] == {"CER": (150, 30, 120), "tCER": (40, 40, 0)}
    assert by["period"] == {"1": (140, 50, 90), "2": (50, 20, 30)}
    assert by["host"] == {"BR": (40, 40, 0), "HN": (150, 30, 120)}
    assert by["year"] == {"2007": (100, 0, 100), "2012": (90, 20, 70), "2013": (0, 50, -50)}
    assert store.run(lambda books: books.check()) == []


def test_a_credit_can_be_followed_from_issuance_to_cancellation(
    store: Store, tmp_path: Path
) -> None:
    lived(store, folder(tmp_path))
    found = store.run(lambda books: operations.history(books, "HN-45"))
    assert found.unit == "CER-1 HN-9"
    assert [(step.kind, str(step.day), step.first, step.last) for step in found.steps] == [
        ("issue", "2007-11-09", 1, 100),
        ("cancel_voluntarily", "2013-01-02", 41, 50),
    ]


def test_a_second_run_is_answered_by_its_keys(store: Store, tmp_path: Path) -> None:
    first = lived(store, folder(tmp_path))
    again = lived(store, folder(tmp_path))
    assert (first.repeated, again.repeated) == (0, 6)
    assert again.transactions == first.transactions
    assert (again.issued_units, again.cancelled_units) == (190, 70)


def test_a_unit_that_the_registry_did_not_issue_is_refused_with_its_reason(
    store: Store, tmp_path: Path
) -> None:
    row = "2013-01-03T08:00:00.000,Cancellation (4),RO-1,4 - Completed,2,ERU (from RMU),5,No,1,5\n"
    report = lived(store, folder(tmp_path, cancellation=CANCELLED + row))
    (refused,) = report.refused
    assert (refused.file_row, refused.serial, refused.units) == (5, "RO-4-1-5-2-2-0-1", 5)
    # A pending account gives no such units, and it has none.
    assert [reason[:6] for reason in refused.reasons] == ["[1007]", "[3005]"]
    assert report.agrees


@pytest.mark.parametrize("numbers", ["10,Yes,41,50", "20,Yes,91,110", "10,Yes,201,210"])
def test_a_block_that_is_not_there_is_not_cancelled(
    store: Store, tmp_path: Path, numbers: str
) -> None:
    row = f"2013-01-03T08:00:00.000,Cancellation (4),HN-9,4 - Completed,1,CER,{numbers}\n"
    report = lived(store, folder(tmp_path, cancellation=CANCELLED + row))
    assert [reason[:5] for each in report.refused for reason in each.reasons] == ["[310]"]
    assert report.cancelled_units == 70


def test_the_real_registry_ends_with_what_was_not_cancelled() -> None:
    report = lived(MemoryStore(), scheme_folder("kyoto_cp1") / "cdm")
    # 2,425,409,379 issued; of 167,462,834 that the file cancels 171,350 are no CDM units.
    assert (report.issued_blocks, report.issued_units) == (12_569, 2_425_409_379)
    assert (report.cancelled_blocks, report.cancelled_units) == (27_745, 167_462_834 - 171_350)
    assert [each.units for each in report.refused] == [171_350]
    told = report.as_dict()
    assert told["remaining_units"] == 2_258_117_895
    assert told["refused"] == 1
    assert {"issued_blocks", "issued_units", "cancelled_units", "seconds", "rulebook",
            "transactions_per_second"} <= told.keys()  # fmt: skip
    # Sums of the issuance report by type and by period, as its README has them.
    types = {key: each.issued for key, each in report.tallies["type"].items()}
    assert types == {"CER": 2_404_591_842, "tCER": 19_898_977, "lCER": 918_560}
    periods = {key: each.issued for key, each in report.tallies["period"].items()}
    assert periods == {"1": 1_485_347_312, "2": 940_062_067}


# Files with faults.


def test_a_block_is_as_many_units_as_its_numbers_say(tmp_path: Path) -> None:
    assert faults(folder(tmp_path, issuance=ISSUED.replace("9,100,1,100", "9,99,1,100"))) == [4700]
    assert faults(
        folder(tmp_path, cancellation=CANCELLED.replace("10,Yes,41,50", "10,Yes,50,41"))
    ) == [4700]


def test_a_number_is_issued_once(tmp_path: Path) -> None:
    wrong = ISSUED.replace("28,50,101,150", "28,51,100,150")
    assert faults(folder(tmp_path, issuance=wrong)) == [4701]


def test_every_block_that_lies_in_a_longer_one_is_named(tmp_path: Path) -> None:
    # Of 1 to 100, in row 2, both 10 to 20 and 50 to 60 are a part; 101 to 150 is none.
    row = "2013-11-09T10:33:47.437,Issuance (1),4 - Completed,CER,2,HN,28,11,{},{}\n"
    more = row.format(10, 20) + row.format(50, 60)
    with pytest.raises(Refused) as refused:
        read_cdm(folder(tmp_path, issuance=ISSUED + more))
    assert [str(each).partition(": ")[2] for each in refused.value.refusals] == [
        "number 10 of HN is issued in row 2 too.",
        "number 50 of HN is issued in row 2 too.",
    ]


def test_a_cancellation_is_told_once(tmp_path: Path) -> None:
    row = CANCELLED.splitlines(keepends=True)[2]
    assert faults(folder(tmp_path, cancellation=CANCELLED + row)) == [4703]


def test_a_file_without_rows_is_nothing_to_replay(tmp_path: Path) -> None:
    assert faults(folder(tmp_path, issuance=ISSUED.partition("\n")[0] + "\n")) == [4702]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("2012-11-10T10:00:00.000", "10 November 2012"),
        ("Issuance (1),4 - Completed,tCER", "Cancellation (4),4 - Completed,tCER"),
        ("4 - Completed,tCER", "5 - Terminated,tCER"),
        (",tCER,", ",EUA,"),
        (",tCER,1,", ",tCER,3,"),
        (",BR,", ",Brazil,"),
        (",BR,7,", ",BR,,"),
        (",40,1,40", ",40.0,1,40"),
    ],
)
def test_a_cell_that_is_not_in_the_format_is_refused(tmp_path: Path, good: str, bad: str) -> None:
    assert good in ISSUED
    assert faults(folder(tmp_path, issuance=ISSUED.replace(good, bad)))[0] == 4606


@pytest.mark.parametrize(
    ("good", "bad"), [("BR-7", "BR7"), ("BR-7", "BR-x"), (",No,", ",Maybe,"), (",tCER,", ",t,")]
)
def test_a_cell_of_a_cancellation_is_refused_like_one_of_an_issuance(
    tmp_path: Path, good: str, bad: str
) -> None:
    assert faults(folder(tmp_path, cancellation=CANCELLED.replace(good, bad)))[0] == 4606


def test_all_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        issuance=ISSUED.replace(",HN,9,", ",H,9,"),
        cancellation=CANCELLED[:-1].replace("10,Yes,41,50", "9,Yes,41,50"),
    )
    assert faults(place) == [4606, 4700, 4601]


def test_a_folder_without_its_tables_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == [4600, 4600]
