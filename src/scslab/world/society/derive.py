"""Make `targets.csv` of the shipped margins from their raw rows.

Run as ``python -m scslab.world.society.derive``. Every step that is not a published value is
named in the `note` of the rows it makes; the whole is deterministic.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from scslab.world.society.derive_national import income_bands, internet_users, party_members
from scslab.world.society.derive_provinces import (
    national_education,
    province_age,
    province_education,
    province_residence,
    province_sex,
)
from scslab.world.society.derive_steps import (
    AGES,
    Counts,
    Derived,
    Floats,
    national_ages,
    raked,
    read_raw,
    same,
    scaled,
    to_bands,
    whole_line,
    whole_table,
)

FOLDER = Path(__file__).parent / "margins" / "cn-2018"
NAMES = ("province", "residence", "sex", "age", "education", "income", "party", "internet")
COLUMNS = (*NAMES, "persons", "as_of", "status", "source", "note")
SHORT = {
    "residence": ("rural", "urban"),
    "sex": ("female", "male"),
    "age": AGES,
    "education": ("none", "low", "medium", "high"),
    "income": ("low", "middle", "high"),
    "party": ("no", "yes"),
    "internet": ("offline", "online"),
}


def derive(folder: Path = FOLDER) -> str:
    """The text of targets.csv, made from the raw rows in `folder`."""
    raw = read_raw(folder)
    total = round(raw.of("population", "all") * 1e6)
    year = national_ages(raw)

    def line(values: list[float] | Floats) -> Counts:
        return whole_line(np.asarray(values, dtype=np.float64), total)

    one = {
        "province": line(raw.column("population_2018_10k")),
        "residence": line([raw.of("residence", r) for r in SHORT["residence"]]),
        "sex": line([raw.of("sex", s) for s in SHORT["sex"]]),
        "age": line(to_bands(year).sum(axis=0)),
        "education": line(national_education(raw)),
        "party": line([total / 1e6 - raw.of("party", "members"), raw.of("party", "members")]),
        "internet": line([total / 1e6 - raw.of("internet", "users"), raw.of("internet", "users")]),
    }
    real = {name: counts.astype(np.float64) for name, counts in one.items()}
    people, homes, sexes, ages = (real[n] for n in ("province", "residence", "sex", "age"))
    income = income_bands(raw, homes)
    one["income"] = line(income.start.sum(axis=0))
    residence = province_residence(raw, people, homes)
    known = raw.column("urban_pct_2020")
    urban = np.where(np.isnan(known), 100 * residence.start[:, 1] / people, known)
    by_year = year.sum(axis=0)
    tables = [
        residence,
        province_sex(raw, people, sexes),
        province_age(raw, people, ages),
        Derived(
            ("sex", "age"),
            to_bands(year),
            same(
                "derived",
                "factbook-2016",
                "pyramid of mid-2016 aged by two years, evenly spread within its bands, "
                "raked to the published ages (0-15, 16-59, 60-64, 65+) and sexes of 2018",
            ),
        ),
        province_education(raw, people, real["education"], urban),
        income,
        *party_members(raw, sexes, ages, real["education"], by_year),
        *internet_users(raw, homes, sexes, ages, by_year),
    ]
    names = {**SHORT, "province": tuple(row["province"] for row in raw.provinces)}
    out = io.StringIO()
    writer = csv.DictWriter(out, ("margin", *COLUMNS), restval="", lineterminator="\n")
    writer.writeheader()
    for table in tables:
        rows, columns = one[table.over[0]], one[table.over[1]]
        start = scaled(table.start, total)
        whole = whole_table(
            raked(np.maximum(start, 0), rows.astype(np.float64), columns.astype(np.float64)),
            rows,
            columns,
        )
        for (r, c), persons in np.ndenumerate(whole):
            status, source, note = table.tag(r, c)
            writer.writerow(
                {
                    "margin": " x ".join(table.over),
                    table.over[0]: names[table.over[0]][r],
                    table.over[1]: names[table.over[1]][c],
                    "persons": int(persons),
                    "as_of": "2018-12-31",
                    "status": status,
                    "source": source,
                    "note": note,
                }
            )
    return out.getvalue()


def main() -> None:
    """Write targets.csv next to the raw rows."""
    (FOLDER / "targets.csv").write_text(derive(), encoding="utf-8")


if __name__ == "__main__":
    main()
