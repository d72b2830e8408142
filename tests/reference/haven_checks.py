"""R's haven opens our files, and we open its: `.venv/bin/pytest tests/reference/haven_checks.py`.

Needs R with haven (Debian: r-base-core, r-cran-haven), so it is not among the tests that run by
themselves.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "survey" / "file"))
from survey_file_samples import full  # noqa: E402

from scslab.survey.file.r_loader import r_loader  # noqa: E402
from scslab.survey.file.read import read_answers  # noqa: E402
from scslab.survey.file.write import write_answers  # noqa: E402


def in_r(folder: Path, code: str) -> list[str]:
    (folder / "run.R").write_text(code, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "run.R"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("suffix", ["sav", "zsav", "dta", "csv"])
def test_the_loader_runs_in_r(suffix: str, tmp_path: Path) -> None:
    answers = replace(full(), synthetic=True)
    write_answers(answers, tmp_path / f"a.{suffix}")
    shown = in_r(
        tmp_path,
        r_loader(answers, f"a.{suffix}")
        + 'cat(paste(answers$trust, collapse = ","), class(answers$trust), "\\n")\n'
        + "cat(levels(answers$trust), '\\n')\n"
        + 'cat(paste(answers[["满意"]], collapse = ","), "\\n")\n'
        + 'cat(paste(answers$party, collapse = ","), "\\n")\n'
        + "cat(sprintf('%.15g', sum(answers$weight)), nrow(answers), '\\n')\n"
        + "cat(format(answers$day[1]), '\\n')\n",
    )
    assert [line.rstrip() for line in shown] == [
        "none,little,some,full,NA,NA,NA,NA ordered factor",
        "none little some much full",
        "满意,不满意,满意,不满意,满意,不满意,NA,NA",
        "Party A,Party B,Party A,NA,Party B,Party A,NA,c",
        f"{answers.frame['weight'].sum():.15g} 8",
        "2020-02-29",
    ]


def test_haven_sees_codes_and_labels(tmp_path: Path) -> None:
    write_answers(full(), tmp_path / "a.sav")
    shown = in_r(
        tmp_path,
        'x <- haven::read_sav("a.sav", user_na = TRUE)\n'
        "cat(attr(x$trust, 'na_values'), '\\n')\n"
        "cat(as.numeric(unclass(x$trust)), '\\n')\n"
        "cat(names(attr(x$trust, 'labels')), sep = ';')\n"
        "cat('\\n', attr(x[['满意']], 'label'), '\\n')\n",
    )
    assert [line.strip() for line in shown] == [
        "97 98 99",
        "1 2 3 5 97 98 99 NA",
        "none;little;some;much;full;not asked;don't know;refused",
        full().variables["满意"].label,
    ]


def test_files_of_haven(tmp_path: Path) -> None:
    in_r(
        tmp_path,
        "x <- data.frame(q = haven::labelled_spss(c(1, 2, 8, 9, NA), c(yes = 1, no = 2, DK = 8,\n"
        "  Refused = 9), na_range = c(8, 9), label = 'Frage'), t = c('a', NA, 'ü', '好', 'b'))\n"
        "haven::write_sav(x, 'h.sav')\n"
        "y <- data.frame(q = haven::labelled(c(1, 2, haven::tagged_na('d'), NA), c(yes = 1,\n"
        "  \"don't know\" = haven::tagged_na('d'))), d = as.Date('2020-01-31') + 0:3)\n"
        "haven::write_dta(y, 'h.dta')\n",
    )
    spss = read_answers(tmp_path / "h.sav")
    assert spss.reasons("q").tolist() == ["", "", "dk", "refused", "blank"]
    assert spss.variables["q"].missing_range == (8, 9)
    assert dict(spss.variables["q"].labels) == {1: "yes", 2: "no"}
    assert spss.frame["t"].tolist() == ["a", None, "ü", "好", "b"]
    stata = read_answers(tmp_path / "h.dta")
    assert stata.reasons("q").tolist() == ["", "", "dk", "blank"]
    assert stata.frame["d"].dt.strftime("%F").tolist()[::3] == ["2020-01-31", "2020-02-03"]
