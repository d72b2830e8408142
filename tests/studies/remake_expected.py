"""Make `studies/*/expected.yaml` anew: `python -m tests.studies.remake_expected [study ...]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from scslab import Run, read_study, simulate

STUDIES = Path(__file__).parents[2] / "studies"
SEED, PERSONS = 1, 100_000


def names() -> list[str]:
    """The studies in the repository."""
    return sorted(path.parent.name for path in STUDIES.glob("*/study.yaml"))


def run_small(name: str) -> Run:
    """A study at the seed and size of its expected numbers."""
    return simulate(read_study(STUDIES / name), seed=SEED, persons=PERSONS)


def regime_numbers(run: Run, regime: str) -> dict[str, Any]:
    """The main counts of one regime over the whole run and at its end."""
    rows = run.tallies[run.tallies["regime"] == regime]
    last = rows[rows["month"].astype(str) == run.manifest["last_month"]]
    found: dict[str, Any] = {
        name: int(rows[name].sum())
        for name in (
            "acts",
            "records",
            "true_records",
            "entries",
            "wrongful_entries",
            "exits",
            "performed",
            "expired",
            "objections",
            "corrected",
        )
    }
    found["listed_at_end"] = int(last["listed"].sum())
    if regime in run.manifest["scored"]:
        found["scored_at_end"] = int(last["scored"].sum())
        found["sum_of_scores_at_end"] = int(last["score_sum"].sum())
    grades = run.manifest["grades"].get(regime, [])
    if grades:
        found["grades_at_end"] = {
            grade: int(last[f"grade_{i + 1}"].sum()) for i, grade in enumerate(grades)
        }
    measures = run.measures[run.measures["regime"] == regime]
    refused = {
        str(name): int(rows["refused"].sum())
        for name, rows in measures.groupby("measure", observed=True)
    }
    if any(refused.values()):
        found["refused"] = {name: count for name, count in refused.items() if count}
    return found


def survey_numbers(run: Run) -> dict[str, Any]:
    """Measured and true approval of each survey, as counts and shares in a million."""
    assert run.summary is not None
    return {
        survey.id: {
            "eligible": survey.eligible,
            "approve_in_truth": round(survey.true_value * survey.eligible),
            "invited": survey.drawn,
            "answered": survey.n,
            "answers_that_approve": int((run.surveys[survey.id]["approval"] >= 4).sum()),
            "measured_per_million": round(survey.measured * 1_000_000),
        }
        for survey in run.summary.surveys
    }


def numbers(run: Run) -> dict[str, Any]:
    """All that `expected.yaml` holds about a run."""
    return {
        "study": run.manifest["study"],
        "seed": run.manifest["seed"],
        "persons": run.manifest["persons"],
        "rated": run.manifest["rated"],
        "regimes": {name: regime_numbers(run, name) for name in run.manifest["regimes"]},
        "surveys": survey_numbers(run),
    }


def write(name: str) -> Path:
    """Run a study and write its expected numbers."""
    head = (
        f"# The main numbers of: scslab simulate {name} --seed {SEED} --persons {PERSONS}\n"
        f"# Written by: python -m tests.studies.remake_expected {name}\n"
        "# Counts of simulated persons and of records about them. They change only when the\n"
        "# study, its rules, the margins or the engine change; then say why in the commit.\n"
    )
    path = STUDIES / name / "expected.yaml"
    text = yaml.safe_dump(numbers(run_small(name)), sort_keys=False, allow_unicode=True)
    path.write_text(head + text, encoding="utf-8")
    return path


def main() -> None:
    """Remake the studies named on the command line, or all."""
    for name in sys.argv[1:] or names():
        print(write(name))


if __name__ == "__main__":
    main()
