"""The folder of a comparison: what was compared, and every figure of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from scslab.core.files import sha256
from scslab.core.ledger import fingerprint
from scslab.core.trial import Arm, SafeguardLine, TrialSummary
from scslab.lab.compare.run import Split
from scslab.lab.compare.tables import frontier_table, names_of, ranking_table
from scslab.lab.compare.values import Values, seed_table
from scslab.lab.folder import make_manifest, resolved, write_yaml
from scslab.lab.frames import write_parquet
from scslab.lab.world import World
from scslab.regimes.load import find_regime
from scslab.regimes.safeguard import find_safeguard

if TYPE_CHECKING:
    from scslab.lab.compare.trial import Trial

NUMBERS = "%.10g"
OF_RUN = (
    "synthetic",
    "says",
    "study",
    "title",
    "persons",
    "rated",
    "stands_for",
    "scale",
    "organisations",
    "organisations_stand_for",
    "first_month",
    "last_month",
    "society",
    "regimes",
    "versions",
    "machine",
    "luck",
)


def manifest_of(
    worlds: Sequence[World],
    arms: Sequence[Arm],
    seeds: Sequence[int],
    splits: Sequence[Split],
    quantity: str,
) -> dict[str, Any]:
    """What the comparison is, and all that decided its results.

    Same fingerprint, same bits: it is made of those of the first run of each side, and the seeds.
    """
    runs = [make_manifest(world, seeds[0], []) for world in worlds]
    sides = [
        {
            "label": arm.label,
            "safeguards": list(arm.safeguards),
            "rules_sha256": run["rules_sha256"],
            "fingerprint": run["fingerprint"],
        }
        for arm, run in zip(arms, runs, strict=True)
    ]
    decides = {"sides": [side["fingerprint"] for side in sides], "seeds": list(seeds)}
    return {
        "schema": "compare/1",
        **{name: runs[0][name] for name in OF_RUN},
        "sides": sides,
        "seeds": list(seeds),
        "splits": ["+".join(split) for split in splits if split],
        "ranked_by": quantity,
        "fingerprint": fingerprint(decides),
        "warnings": [],
    }


def write_trial(
    trial: Trial,
    world: World,
    folder: Path,
    draw: Callable[[TrialSummary, Path], None] | None,
) -> None:
    """Write all files of a comparison; the manifest last, with the hash of every other file."""
    write_rules(trial, world, folder)
    write_csv(trial.harms, folder / "harm.csv")
    write_csv(trial.pairs, folder / "differences.csv")
    write_parquet(seed_table(trial.values), folder / "seeds.parquet")
    write_csv(rankings(trial.values), folder / "ranking.csv")
    write_csv(frontiers(trial.values), folder / "frontier.csv")
    write_csv(changes_table(trial.safeguard_lines), folder / "changes.csv")
    if draw is not None:
        draw(trial.summary, folder / "report.html")
    trial.manifest["outputs"] = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    (folder / "manifest.json").write_text(
        json.dumps(trial.manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def write_rules(trial: Trial, world: World, folder: Path) -> None:
    """The study and its regimes before any safeguard, and the files of the safeguards.

    The folder is a study of its own: the same comparison of it gives the same numbers.
    """
    # Nobody is asked in a comparison: questionnaires stay where they are.
    study = resolved(world, folder).model_copy(update={"waves": [], "safeguards": []})
    write_yaml(study, folder / "study.yaml")
    beside = world.file.folder
    for regime in world.regimes:
        (folder / "regimes" / regime.id).mkdir(parents=True)
        rules = find_regime(regime.id, beside) / "regime.yaml"
        shutil.copyfile(rules, folder / "regimes" / regime.id / "regime.yaml")
    for one in trial.safeguard_lines:
        (folder / "safeguards").mkdir(exist_ok=True)
        shutil.copyfile(find_safeguard(one.id, beside), folder / "safeguards" / f"{one.id}.yaml")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """A table as CSV, with the same bytes each time."""
    table.to_csv(path, index=False, float_format=NUMBERS, lineterminator="\n")


def rankings(values: Values) -> pd.DataFrame:
    """Rankings of all quantities, all regimes together."""
    return pd.concat([ranking_table(values, name) for name in names_of()], ignore_index=True)


def frontiers(values: Values) -> pd.DataFrame:
    """Frontiers of every harm against every figure of compliance."""
    return pd.concat(
        [
            frontier_table(values, harm, compliance)
            for harm in names_of("harm")
            for compliance in names_of("compliance")
        ],
        ignore_index=True,
    )


def changes_table(safeguards: Sequence[SafeguardLine]) -> pd.DataFrame:
    """The rows of rules that each safeguard changed, with what each rests on."""
    rows = []
    for one in safeguards:
        sources = {source.key: source for source in one.sources}
        for row in one.rows:
            source = sources.get(row.key)
            rows.append(
                (
                    row.safeguard, row.regime, row.path, row.before, row.after, row.source,
                    source.kind if source else "", source.title if source else "",
                    source.date if source else "", source.href if source else "",
                )
            )  # fmt: skip
    columns = ["safeguard", "regime", "path", "before", "after", "source", "kind", "title",
               "date", "href"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(str)
