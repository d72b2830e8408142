"""Forty planted faults are all found, and ten clean files raise nothing."""

from pathlib import Path

import pytest

from faulty_rules import CLEAN, FAULTY, changed, clean_folder, fault, planted
from scslab.core.audit import AuditReport
from scslab.core.yamlfile import read
from scslab.evaluation.audit import audit, criteria, read_rule_file
from scslab.regimes.load import read_regime

REMEDIES = ("reasons_given", "method_published", "marked_as_disputed")


def audited(folder: Path) -> AuditReport:
    return audit([read_rule_file(folder)])


def test_there_are_ten_clean_files_and_forty_faulty_ones() -> None:
    assert (len(CLEAN), len(FAULTY)) == (10, 40)


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file_raises_nothing(name: str) -> None:
    report = audited(clean_folder(name))
    raised = [(f.verdict, f.criterion, f.rule) for f in report.of("not met", "partly")]
    assert not raised
    assert report.of("met")


@pytest.mark.parametrize("name", FAULTY)
def test_the_planted_fault_is_found_and_nothing_else(name: str, tmp_path: Path) -> None:
    report = audited(planted(name, tmp_path))
    assert {(f.criterion, f.rule) for f in report.failed} == fault(name).finds
    assert not report.of("partly")


@pytest.mark.parametrize("name", FAULTY)
def test_a_finding_points_to_the_line_of_its_rule(name: str, tmp_path: Path) -> None:
    folder = planted(name, tmp_path)
    lines = (folder / "regime.yaml").read_text(encoding="utf-8").splitlines()
    for f in audited(folder).failed:
        assert f.file == (folder / "regime.yaml").as_posix()
        # The line holds the last part of the path that stands in the file.
        line = lines[f.line - 1].strip()
        at = line.split(":")[0]
        assert at in f.rule or line.startswith("- ") or f.line == 1, (f.rule, line)


def test_each_fault_is_of_one_clean_file_and_says_what_it_is() -> None:
    folder = Path(__file__).parents[2] / "audit_files" / "faulty"
    for name in FAULTY:
        path = folder / name / "change.yaml"
        assert path.read_text(encoding="utf-8").startswith("# ")
        data = read(path).data
        assert set(data) <= {"base", "set", "remove", "finds"}
        assert data["base"] in CLEAN and data["finds"]


def test_every_criterion_that_can_fail_has_a_planted_fault() -> None:
    found = {criterion for name in FAULTY for criterion, _ in fault(name).finds}
    # Whether a remedy is told, and whether terms differ reasonably, no file can fail by itself.
    assert set(criteria()) - found == {"cn.remedy-told", "pipl.equal-terms"}


@pytest.mark.parametrize("base", CLEAN)
def test_a_remedy_taken_out_of_a_clean_file_is_missed_at_its_place(
    base: str, tmp_path: Path
) -> None:
    remedy = read(clean_folder(base) / "regime.yaml").data["remedy"]
    for key in remedy:
        name = f"without-{key.replace('_', '-')}"
        report = audited(changed(base, name, tmp_path, remove=[("remedy", key)]))
        assert {f.rule for f in report.of("not met", "partly")} <= {f"remedy.{key}"}, key
        if key in REMEDIES and base in ("court-list", "food-list", "bounded-points"):
            assert report.failed, key
        if key == "human_review" and base == "court-list":
            found = {f.criterion for f in report.of("needs a lawyer") if f.rule.endswith(key)}
            assert found == {"gdpr.human-decision", "pipl.human-decision"}


@pytest.mark.parametrize("name", CLEAN)
def test_the_files_are_sound_regimes(name: str) -> None:
    assert read_regime(clean_folder(name)).id == name


def test_the_day_decides_which_rows_count(tmp_path: Path) -> None:
    path = changed(
        "court-list",
        "later",
        tmp_path,
        [
            {
                "at": ["remedy", "reasons_given"],
                "value": {
                    "unit": "yes/no",
                    "rows": [
                        {"from": "2024-01-01", "value": False, "source": "law", "at": "art. 1"},
                        {"from": "2025-01-01", "value": True, "source": "law", "at": "art. 1"},
                    ],
                },
            }
        ],
    )
    files = [read_rule_file(path)]
    before, after = audit(files, on="2024-06-01"), audit(files, on="2025-06-01")
    assert {f.criterion for f in before.failed} == {"cn.reasons", "pipl.explanation"}
    assert before.failed[0].cause == "The file says that there is none (remedy.reasons_given)."
    assert not after.failed
    assert [s.why_day for s in (*before.scope, *audit(files).scope)] == [
        "as asked",
        "the day of its last review",
    ]
