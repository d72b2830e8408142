"""Make `studies/*/expected.yaml` anew: `python -m tests.studies.remake_expected [study ...]`."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scslab import Run, read_study, simulate

STUDIES = Path(__file__).parents[2] / "studies"
SEED, PERSONS, ORGANISATIONS = 1, 100_000, 100_000
SHARDS = 8  # results do not depend on it; books of many entries are searched faster in parts


def names() -> list[str]:
    """The studies in the repository."""
    return sorted(path.parent.name for path in STUDIES.glob("*/study.yaml"))


@cache
def run_small(name: str) -> Run:
    """A study at the seed and size of its expected numbers; never larger than it is."""
    study = read_study(STUDIES / name)
    society = study.study.society
    firms = society.organisations
    return simulate(
        study,
        seed=SEED,
        persons=min(PERSONS, society.persons),
        organisations=None if firms is None else min(ORGANISATIONS, firms.count),
        shards=SHARDS,
    )


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


def variant_numbers(run: Run) -> dict[str, Any]:
    """What a study and its variants differ in, as whole numbers."""
    found: dict[str, Any] = {
        name: int(run.tallies[name].sum())
        for name in ("records", "entries", "wrongful_entries", "listed")
    }
    visits = run.inspections[run.inspections["grade"] == "all"]
    if len(visits):
        found["visits"] = round(float(visits["visits"].sum()))
        found["found_on_visits"] = int(visits["found"].sum())
    found["stopped"] = [
        f"{row.month} {row.regime}: {row.what}" for row in run.events.itertuples(index=False)
    ]
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


def wave_numbers(run: Run) -> dict[str, Any]:
    """Completes, headlines in truth and as measured, and findings of each wave fielded."""
    assert run.summary is not None
    return {
        wave.id: {
            "answered": wave.n,
            "headlines_per_million": {
                headline.says: {
                    "in_truth": round(headline.truth * 1_000_000),
                    "measured": round(headline.measured * 1_000_000),
                }
                for headline in wave.headlines
            },
            "findings_as_printed": f"{wave.agree} of {wave.compared}",
        }
        for wave in run.summary.waves
    }


def numbers(run: Run) -> dict[str, Any]:
    """All that `expected.yaml` holds about a run."""
    found = {
        "study": run.manifest["study"],
        "seed": run.manifest["seed"],
        "persons": run.manifest["persons"],
        "rated": run.manifest["rated"],
        "regimes": {name: regime_numbers(run, name) for name in run.manifest["regimes"]},
        "surveys": survey_numbers(run),
    }
    if run.waves:
        found["waves"] = wave_numbers(run)
    if run.variants:
        runs = {"as it stands": run, **run.variants}
        found["variants"] = {name: variant_numbers(one) for name, one in runs.items()}
    return found


def write(name: str) -> Path:
    """Run a study and write its expected numbers."""
    run = run_small(name)
    size = f"--persons {run.manifest['persons']}"
    if run.manifest["organisations"]:
        size += f",\n# with organisations={run.manifest['organisations']} (in Python)"
    head = (
        f"# The main numbers of: scslab simulate {name} --seed {SEED} {size}\n"
        f"# Written by: python -m tests.studies.remake_expected {name}\n"
        "# Counts of simulated persons and of records about them. They change only when the\n"
        "# study, its rules, the margins or the engine change; then say why in the commit.\n"
    )
    path = STUDIES / name / "expected.yaml"
    text = yaml.safe_dump(numbers(run), sort_keys=False, allow_unicode=True)
    path.write_text(head + text, encoding="utf-8")
    return path


def main() -> None:
    """Remake the studies named on the command line, or all."""
    for name in sys.argv[1:] or names():
        print(write(name))


if __name__ == "__main__":
    main()
