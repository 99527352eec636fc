"""A law file is loaded whole, or refused with every fault of it, by line."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law import Fine, Steps, Write, clause, fault, faults, line


def test_a_law_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    found = fault(tmp_path / "supply.toml")
    assert (found.code, found.number, found.line) == ("LawFileMissing", 201, 1)
    assert "No such file" in str(found)
    assert fault(tmp_path).code == "LawFileMissing", "a folder is no file"


def test_a_law_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "supply.toml"
    file.write_bytes('name = "Décision"'.encode("utf-16"))
    found = fault(file)
    assert (found.code, found.number) == ("LawFileNotText", 202)
    file.write_bytes("# fine\n# Décision".encode("latin-1"))
    assert fault(file).code == "LawFileNotText"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[cap]]\nstart = 2005-01-01\nvalue = \n", 3),
        ("[[cap]]\nstart = 2005-02-30\n", 2),
        ("[[cap]]\nstart = 2005-01-01\nstart = 2006-01-01\n", 3),
        ('[[cap]]\nreference = "cut o', 2),
        ("[[cap]]\nvalue = [1,\n", 2),
        ("[[cap]]\nvalue = " + "[" * 10_000, 2),
        ("[[cap]]\nvalue = 1.0e99999999999999999999\n", 2),
        ("[[cap]]\nvalue = 0x" + "f" * 5_000, 2),
        ("[[cap]]\nvalue = " + "9" * 5_000, 2),
        ("<html>" * 100_000, 1),
    ],
)
def test_a_law_file_that_is_not_toml_is_refused(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "supply.toml"
    file.write_text(text)
    found = fault(file)
    assert (found.code, found.number, found.line) == ("LawFileNotToml", 203, line)


def test_a_file_longer_than_any_law_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "supply.toml"
    rules = "".join(f"[[rule{n}]]\nstart = 2020-01-01\nvalue = 1\n" for n in range(200_000))
    file.write_text(rules)
    begun = time.process_time()
    only = fault(file)
    assert only.number == 203
    assert "no law file has more than 100,000" in str(only)
    assert time.process_time() - begun < 1


def test_an_unknown_rule_is_refused_and_the_nearest_is_named(write: Write) -> None:
    file = write(clause("currancy", '"EUR"'))
    found = fault(file)
    assert (found.code, found.number, found.rule) == ("UnknownRule", 204, "currancy")
    assert found.line == line(file, "[[currancy]]")
    assert "perhaps 'currency'" in str(found)


def test_a_missing_rule_is_refused(write: Write) -> None:
    found = fault(write(cap=""))
    assert (found.code, found.number, found.rule) == ("MissingRule", 205, "cap")


def test_an_undated_clause_is_refused(write: Write) -> None:
    text = clause("cap", "1").replace("start = 2005-01-01\n", "")
    file = write("\n" + text, cap="")
    found = fault(file)
    assert (found.code, found.number) == ("UndatedClause", 206)
    assert (found.rule, found.line) == ("cap[1].start", line(file, "[[cap]]"))


def test_a_doubly_dated_clause_is_refused(write: Write) -> None:
    file = write(clause("cap", "1", "2006-01-01") + clause("cap", "2", "2005-01-01"))
    found = fault(file)
    assert (found.code, found.number) == ("DoublyDatedClause", 207)
    assert found.rule == "cap[3].start"
    assert found.line == file.read_text().count("\n") - 3
    assert "2005-01-01" in str(found)


@pytest.mark.parametrize("blank", ["", 'reference = ""\n', 'reference = "  "\n'])
def test_a_clause_without_a_reference_is_refused(write: Write, blank: str) -> None:
    text = clause("cap", "1").replace('reference = "Example Act, s. 1"\n', blank)
    found = fault(write(text, cap=""))
    assert (found.code, found.number) == ("ClauseWithoutReference", 208)


def test_an_unknown_field_of_a_clause_is_refused(write: Write) -> None:
    file = write(clause("cap", "1").rstrip() + "\nreviewd = 2026-01-01\n", cap="")
    found = fault(file)
    assert (found.code, found.number, found.rule) == ("UnknownField", 209, "cap[1].reviewd")
    assert found.line == line(file, "reviewd")
    assert "perhaps 'reviewed'" in str(found)


def test_an_unknown_field_of_a_table_is_refused_on_its_own_line(write: Write) -> None:
    file = write(
        path="[\n  { year = 2005, share = 1 },\n  { year = 2006, share = 1, yaer = 1 },\n]"
    )
    found = fault(file)
    assert (found.code, found.rule) == ("UnknownField", "path[1].value[2].yaer")
    assert found.line == line(file, "yaer")


def test_a_missing_field_is_refused(write: Write) -> None:
    found = fault(write(step="{ year = 2005 }"))
    assert (found.code, found.number, found.rule) == ("MissingField", 210, "step[1].value.share")
    text = clause("cap", "1").replace("value = 1\n", "")
    assert fault(write(text, cap="")).rule == "cap[1].value"


WRONG = {
    "cap": ["1.5", "1.0", '"100"', "true", "[1]", "{ a = 1 }", "2005-01-01"],
    "factor": ["nan", "inf", "true", '"much"', '"1_0"', '" 1"', '"NaN"', '"1e5"', '"٤"', "[]"],
    "currency": ["1", "true", "2005-01-01"],
    "banking": ["1", '"true"'],
    "adopted": ['"2003-10-13"', "2003-10-13T00:00:00", "2003-10-13T00:00:00Z", "12:00:00", "2003"],
    "deadline": ['"30-04"', '"02-30"', "4.30", "{ month = 4, day = 30 }", "2005-04-30"],
    "gases": ['"CO2"', "[1]", '{ CO2 = "yes" }'],
    "step": ["1", "[]", '{ year = "2005", share = 1 }', "{ year = 2005, share = 1, note = 1 }"],
    "path": ["{ year = 2005, share = 1 }", "[2005]"],
}


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in WRONG.items() for value in values]
)
def test_a_value_of_another_type_is_refused(write: Write, rule: str, value: str) -> None:
    file = write(**{rule: value})
    found = fault(file)
    assert (found.code, found.number) == ("WrongType", 211)
    assert found.line == line(file, f"[[{rule}]]") + 2
    assert found.rule.startswith(f"{rule}[1].value")
    assert found.expected.startswith(("a ", "true"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", '"2005"'),
        ("start", "2005-01-01T00:00:00"),
        ("reference", "16"),
        ("reviewed", '"today"'),
        ("verified", '"no"'),
        ("verified", "0"),
    ],
)
def test_a_field_of_a_clause_of_another_type_is_refused(
    write: Write, field: str, value: str
) -> None:
    kept = [row for row in clause("cap", "1").split("\n") if row and not row.startswith(field)]
    file = write("\n".join([*kept, f"{field} = {value}\n"]), cap="")
    found = fault(file)
    assert (found.code, found.rule) == ("WrongType", f"cap[1].{field}")
    assert found.line == file.read_text().count("\n")


@pytest.mark.parametrize("text", ["[cap]\nvalue = 1\n", "[[cap.value]]\nyear = 1\n"])
def test_a_rule_is_written_in_double_brackets(write: Write, text: str) -> None:
    file = write(text, cap="")
    found = fault(file)
    assert (found.code, found.rule) == ("WrongType", "cap")
    assert "[[ ]]" in str(found)


def test_a_rule_without_brackets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "compliance.toml"
    file.write_text("# The penalty.\npenalty = 40\n")
    found = fault(file, Fine)
    assert (found.code, found.line) == ("WrongType", 2)
    file.write_text("penalty = []\n")
    assert fault(file, Fine).code == "WrongType"


def test_an_unknown_method_is_refused_and_the_known_are_named(write: Write) -> None:
    file = write(method='"cubic"')
    found = fault(file)
    assert (found.code, found.number) == ("UnknownMethod", 212)
    assert found.line == line(file, "cubic")
    assert "expected 'table' or 'linear', found 'cubic'" in str(found)
    assert fault(write(step="{ year = 2005, share = 1, method = 1 }")).code == "UnknownMethod"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("{ year = 2005, share = 2 }", "a share is at most one"),
        ("{ year = 1999, share = 1 }", "no scheme in 1999"),
    ],
)
def test_fields_that_do_not_agree_are_refused(write: Write, value: str, reason: str) -> None:
    file = write(step=value)
    found = fault(file)
    assert (found.code, found.number) == ("ImpossibleValue", 213)
    assert (found.found, found.line) == (reason, line(file, value))


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_its_lines(write: Write) -> None:
    text = clause("caps", "1") + clause("cap", '"many"', "2006-01-01")
    found = faults(write(text, banking="1", step='{ yaer = 2005, share = "all" }'))
    assert [each.code for each in found] == [
        "WrongType",  # banking
        "UnknownField",  # step: yaer
        "MissingField",  # step: year
        "WrongType",  # step: share
        "UnknownRule",  # caps
        "WrongType",  # cap
    ]
    assert [each.line for each in found] == sorted(each.line for each in found)


def test_a_fault_has_its_facts_its_reference_and_a_remedy(write: Write) -> None:
    told = fault(write(cap='"many"')).as_dict()
    assert str(told["reference"]).endswith("law.Law")
    assert told["remedy"]
    assert told["facts"] == {
        "file": str(write()),
        "line": 3,
        "rule": "cap[1].value",
        "expected": "a whole number",
        "found": "'many'",
    }


STEPS = """# path
[[path]]
start = 2005-01-01
reference = "Act, value = 3"
value = []

[[path]]  # the second
start = 2006-01-01
reference = "Act"
value = [  # by year
    { year = 2005, share = 1 }, # full
    # half
    { year = 2006, share = "half" },
]

[[path]]
start = 2007-01-01
reference = "Act"

[[path.value]]
year = 2005
share = 1

[[path.value]]
year = true
share = 1
"""


def test_the_line_of_a_fault_is_found_among_clauses_comments_and_nested_tables(
    tmp_path: Path,
) -> None:
    file = tmp_path / "path.toml"
    file.write_text(STEPS)
    wrong = [(each.rule, each.line) for each in faults(file, Steps)]
    assert wrong == [
        ("path[2].value[2].share", line(file, '"half" }')),
        ("path[3].value[2].year", line(file, "year = true")),
    ]


FRAGMENTS = st.sampled_from(
    [
        *("[[cap]]", "[cap]", "[[path]]", "[[path.value]]", "start = 2005-01-01", "value = 1"),
        *('reference = "Act"', "value = [", "{ year = 2005, share = 1 },", "]", "# " * 40),
        *("value = { year = 1 }", "cap = 1", "share = nan", "value = true", '"path" = [[1], [{}]]'),
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("\n".join) | st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_says_it_is_loaded_or_refused_on_one_of_its_lines(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("law") / "supply.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    for each in faults(file):
        assert 1 <= each.line <= text.count("\n") + 1
        assert each.expected
        assert each.found
