"""The ledger in print: terminal, CSV, table, and the shares that agree."""

import csv

import pytest
from ledger_setups import MODELS, finding, shipped_parts, small, variables

from scslab.core.errors import ScslabError
from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.agree import agree, not_produced
from scslab.evaluation.ledger.plan import Item, ledger_items, ledger_rows
from scslab.evaluation.ledger.records import LedgerRow, Measured, NotProduced
from scslab.evaluation.ledger.summary import (
    COLUMNS,
    ledger_csv,
    ledger_table,
    ledger_text,
    summary,
    write_ledger_csv,
)


def share(value: float) -> Measured:
    return Measured(value, 0.02, 400, bases=(400,), is_share=True)


@pytest.fixture
def rows() -> list[LedgerRow]:
    long = "a quantity with so many words that no terminal has room for all of them in one line"
    parts = Measured(float("nan"), float("nan"), 400, parts=(share(0.5), share(0.3), share(0.2)))
    return [
        agree(finding("approves", id="A1", value="0.80", n="400"), [share(0.79)], "fitted"),
        agree(finding(long, long, id="A2", value="0.10", n="400"), [share(0.79)]),
        agree(
            finding("colours", id="A3", kind="distribution", value="0.5/0.3/0.2", n="400"), [parts]
        ),
        not_produced(finding("x", id="B1"), NotProduced("no group of this wording", '"rural"')),
        not_produced(finding("y", id="B2"), NotProduced("no quantity of this wording")),
        not_produced(finding("z", id="B3"), NotProduced("no quantity of this wording")),
    ]


def test_the_shares_that_agree(rows: list[LedgerRow]):
    said = [count.says() for count in summary(rows)]
    assert said == [
        "all: 2 of 3 agree (67 %); 3 cannot be produced",
        "fitted: 1 of 1 agree (100 %)",
        "held out: 1 of 2 agree (50 %); 3 cannot be produced",
    ]


def test_the_terminal(rows: list[LedgerRow]):
    text = ledger_text(rows)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 110
    assert " ".join(lines[1].split()) == "A1 approves all 0.80 0.790 0.734 .. 0.846 fitted yes"
    assert "  no quantity of this wording: B2, B3" in lines
    assert '    B1: nearest is "rural"' in lines
    assert "all: 2 of 3 agree (67 %); 3 cannot be produced" in lines
    assert sum(line.startswith("A3") for line in lines) == 1
    assert [line.split()[:2] for line in lines[4:6]] == [["0.3", "0.300"], ["0.2", "0.200"]]


def test_the_terminal_says_why_an_effect_in_its_interval_does_not_agree():
    note = "significant"
    asked = finding("q", id="A4", kind="log-odds", value="0.31", n="400", note=note)
    row = agree(asked, [Measured(0.3, 0.2, 400, p=0.13, bases=(400,))] * 2)
    assert row.low[0] < 0.31 < row.high[0]
    assert "as printed in half of the seeds or fewer: A4 in 0 of 2" in ledger_text([row])


def test_csv_has_the_promised_columns_and_reads_back(rows: list[LedgerRow]):
    read = list(csv.DictReader(ledger_csv(rows).splitlines()))
    assert tuple(read[0]) == COLUMNS
    assert ",".join(COLUMNS) == "id,quantity,group,kind,printed,simulated,low,high,role,agrees"
    first = read[0]
    assert (first["printed"], first["simulated"], first["agrees"]) == ("0.80", "0.79", "yes")
    assert float(first["low"]) < 0.8 < float(first["high"])
    assert read[2]["simulated"] == "0.5/0.3/0.2"
    assert (read[3]["simulated"], read[3]["agrees"]) == ("", "cannot be produced")
    assert {r["role"] for r in read} == {"fitted", "held out"}


def test_csv_is_written_whole_or_not_at_all(rows: list[LedgerRow], tmp_path):
    target = tmp_path / "out.csv"
    write_ledger_csv(rows, target)
    assert target.read_text(encoding="utf-8") == ledger_csv(rows)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(ScslabError, match="the findings could not be written"):
        write_ledger_csv(rows, tmp_path / "missing" / "out.csv")
    with pytest.raises(ScslabError, match="could not be written"):
        write_ledger_csv(rows, tmp_path)


def test_the_table_of_a_report(rows: list[LedgerRow]):
    table = ledger_table(rows, source="a study", n=400)
    assert [row.cells[0] for row in table.rows] == ["A1", "A2", "A3"]
    assert table.rows[0].cells[3:5] == ("0.80", 0.79)
    assert table.rows[2].cells[4] == "0.500 / 0.300 / 0.200"
    assert "Cannot be produced, no quantity of this wording: B2, B3." in table.notes
    assert any(note.startswith("The printed value agrees if") for note in table.notes)


def test_all_findings_cannot_be_produced():
    text = ledger_text([not_produced(finding("x"), NotProduced("why not"))])
    assert "all: none can be produced, 1 cannot" in text


def test_rows_over_seeds_keep_reasons_of_known_misses():
    wanted = [
        finding("doubter", id="K03"),
        findings()["K03"],
        finding("approves", "Mars", id="U1"),
    ]
    items = ledger_items(wanted, small(), variables(), MODELS)
    assert [i.known for i in items] == ["", "nobody is asked twice", ""]
    known = Item(wanted[0], items[0].wanted, "held out", "nobody is asked twice")
    rows = ledger_rows([known, items[2]], [{"K03": share(0.1)}, {"K03": share(0.1)}])
    assert [(r.agrees, r.reason) for r in rows] == [
        ("no", "nobody is asked twice"),
        ("cannot be produced", "no group of this wording"),
    ]
    assert "K03 does not agree: nobody is asked twice" in ledger_text(rows)


def test_a_reason_is_that_of_a_finding_that_says_the_same():
    file, known, models = shipped_parts("kostka-2018")
    reasons = file.ledger.model_copy(update={"reasons": {"K03": "why"}})
    file = type(file)(reasons, file.document)
    wanted = [findings()["K03"], finding("strongly approves", id="K03")]
    assert [i.known for i in ledger_items(wanted, file, known, models)] == ["why", ""]


def test_a_row_says_of_whom_it_is_where_the_finding_does_not():
    wanted = [
        finding("received a benefit"),
        finding("received a benefit", "commercial users", id="Z2"),
    ]
    items = ledger_items(wanted, small(), variables(), MODELS)
    rows = ledger_rows(items, [{"Z1": share(0.5), "Z2": share(0.5)}])
    assert ["of commercial users, as asked" in row.notes for row in rows] == [True, False]
    assert "Z1: of commercial users, as asked." in ledger_table(rows).notes
