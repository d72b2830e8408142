"""Write docs/findings.md and the table of README.md: published findings beside the simulation.

python docs/make_findings.py [--seeds N]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import scslab
from scslab.core.ledger import version
from scslab.evaluation.ledger.records import LedgerRow
from scslab.evaluation.ledger.summary import count_of, ids_of, reasons, short, summary
from scslab.study.read import read_study

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("findings.md")
README = ROOT / "README.md"
BEGIN, END = "<!-- findings -->", "<!-- /findings -->"
STUDIES = ("kostka-2018", "liu-2020", "framing-2019")
SEEDS = 20
HEAD = (
    "study", "findings produced", "agree", "held out", "held out that agree", "do not agree",
)  # fmt: skip

Ledgers = dict[str, Sequence[LedgerRow]]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    body = ["| " + " | ".join(str(c).replace("|", "\\|") for c in row) + " |" for row in rows]
    return [*lines, *body, ""]


def of_all(part: int, whole: int) -> str:
    """A count as a part of another."""
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "none"


def counts(name: str, rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    """One row of the table of studies."""
    made = [row for row in rows if row.agrees != "cannot be produced"]
    every, held = count_of("", made), count_of("", [r for r in made if r.role == "held out"])
    apart = [row for row in made if row.agrees == "no"]
    of_held = held.agree + held.disagree
    return (
        name,
        str(len(made)),
        of_all(every.agree, len(made)),
        of_all(of_held, len(made)) if of_held else "none",
        of_all(held.agree, of_held),
        ids_of(apart) or "none",
    )


def summary_table(ledgers: Ledgers, link: str = "docs/findings.md#") -> list[str]:
    """All studies, a row each, and together."""
    rows = [counts(f"[`{name}`]({link}{name})", found) for name, found in ledgers.items()]
    together = counts("together", [row for found in ledgers.values() for row in found])
    return table(HEAD, [*rows, (*together[:-1], "")])


def figures(row: LedgerRow) -> tuple[str, str]:
    """Simulated values and their intervals, with slashes between several."""
    low_high = zip(row.low, row.high, strict=True)
    return " / ".join(map(short, row.simulated)), " / ".join(
        f"{short(low)} to {short(high)}" for low, high in low_high
    )


def sentence(words: str) -> str:
    """Words as a sentence."""
    return words[0].upper() + words[1:].rstrip(".") + "."


def missed(rows: Sequence[LedgerRow]) -> list[str]:
    """What does not agree, with what is known of why."""
    lines = []
    for row in rows:
        if row.agrees != "no":
            continue
        said = f"- **{row.id}** ({row.role}), {row.quantity}, {row.group}: printed {row.printed}"
        said += f", simulated {figures(row)[0]}."
        if row.shown_as_printed is not None and row.shown_as_printed <= 0.5:
            seen = round(row.shown_as_printed * row.seeds)
            said += f" Sign and significance are as printed in {seen} of {row.seeds} seeds."
        lines.append(said + (f" {sentence(row.reason)}" if row.reason else ""))
    return lines


def part(name: str, rows: Sequence[LedgerRow]) -> list[str]:
    """The ledger of one study."""
    made = [row for row in rows if row.agrees != "cannot be produced"]
    lines = [
        f"## {name}",
        "",
        f"{read_study(ROOT / 'studies' / name).study.title} (synthetic).",
        "",
    ]
    lines += [*(f"- {count.says()}" for count in summary(made)), ""]
    head = ("finding", "quantity", "group", "printed", "simulated", "interval", "role", "agrees")
    body = [
        (r.id, r.quantity, r.group, r.printed, *figures(r), r.role, r.agrees)
        for r in made
    ]  # fmt: skip
    lines += table(head, body)
    lines += ["### What does not agree, " + name, "", *(missed(made) or ["Nothing."]), ""]
    lines += ["### What cannot be produced, " + name, ""]
    lines += [f"- {reason}: {ids_of(found)}" for reason, found in reasons(rows).items()]
    return [*lines, ""]


def page(ledgers: Ledgers, seeds: int) -> str:
    """The page of all ledgers."""
    lines = [
        "# Published findings beside the simulation",
        "",
        "Made by `docs/make_findings.py`; do not edit. Every respondent counted here is simulated.",
        "",
        f"`scslab findings STUDY` over {seeds} seeds, version {version()}. *Fitted*: values were",
        "chosen to meet the finding, so that it agrees says nothing for the model. *Input*: it is",
        "a value of the study. *Held out*: the fit did not use it; [whoever guessed the assumed",
        "values had read the papers](limits.md#what-agreement-means). A printed value agrees if",
        "it lies in the interval; signs, if they and their significance are as printed in more",
        "than half of the seeds ([when a finding agrees](statistics.md#when-a-finding-agrees)).",
        "",
        *summary_table(ledgers, "#"),
    ]
    for name, rows in ledgers.items():
        lines += part(name, rows)
    return "\n".join(lines).rstrip() + "\n"


def with_table(readme: str, ledgers: Ledgers, seeds: int) -> str:
    """The README with the table between its two marks."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    said = f"Over {seeds} seeds, version {version()}:"
    text = "\n".join([BEGIN, said, "", *summary_table(ledgers)])
    return before + text.rstrip() + "\n" + END + after


def main(words: list[str]) -> None:
    """Run the studies, and write both files when all have run."""
    seeds = int(words[words.index("--seeds") + 1]) if "--seeds" in words else SEEDS
    ledgers: Ledgers = {}
    for name in STUDIES:
        ledgers[name] = scslab.findings(ROOT / "studies" / name, seeds=seeds)
        print("; ".join(counts(name, ledgers[name])))
    PAGE.write_text(page(ledgers, seeds), encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(with_table(readme, ledgers, seeds), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
