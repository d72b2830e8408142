"""Write docs/reference.md from JSON Schemas, the command's help, docstrings and tables of a run.

python docs/make_reference.py
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.main import get_command

import scslab
from scslab.analysis import estimate
from scslab.analysis.compare import compare
from scslab.analysis.crosstab import crosstab
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.replicates import with_replicates
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.rake import rake
from scslab.analysis.weighting.trim import trim
from scslab.cli.main import app
from scslab.core.acts import acts
from scslab.core.tables import FLOWS, STOCKS
from scslab.evaluation.exhibits.paper import paper_schema
from scslab.evaluation.impact.aia_answers import aia_schema
from scslab.evaluation.ledger.read import ledger_schema
from scslab.lab.analyse.read_plan import analysis_schema, design_schema
from scslab.lab.pipeline import AFTER_ALL, STAGES
from scslab.lab.run import TABLES
from scslab.regimes.check import UNITS as REGIME_UNITS
from scslab.regimes.load import regime_schema
from scslab.regimes.safeguard import safeguard_schema
from scslab.study.read import study_schema
from scslab.study.read_wave import wave_schema
from scslab.study.sweep import sweep_schema
from scslab.study.units import UNITS as STUDY_UNITS
from scslab.survey.instrument.load import instrument_schema

# The functions behind the methods of a survey: what their keywords are.
OPTIONS: dict[str, Any] = {
    "rake": rake,
    "calibrate": calibrate,
    "trim": trim,
    "with_replicates": with_replicates,
    "mean": estimate.mean,
    "total": estimate.total,
    "ratio": estimate.ratio,
    "share": estimate.share,
    "quantile": estimate.quantile,
    "correlation": estimate.correlation,
    "crosstab": crosstab,
    "compare": compare,
    "ordinal": fit_ordinal,
    "linear": fit_linear,
    "logit": fit_logit,
    "multinomial": fit_multinomial,
}
PAGE = Path(__file__).with_name("reference.md")
# Units of places whose name alone does not fix them.
PLACES = {
    ("RegimeUse", "bites"): "attempts per listed person-year",
    ("Attitude", "cuts"): "log-odds",
    ("Attitude", "effects"): "log-odds",
    ("Attitude", "confidence"): "share",
}

COLUMNS = {
    "regime": "id of the regime",
    "month": "month, such as 2018-03",
    "covered": "subjects whom the regime rates at the end of the month: members, where it asks",
    "acts": "acts in the month that the regime would rate if recorded",
    "records": "records that reached the regime in the month",
    "true_records": "of these, resting on an act of the person",
    "misattributed": "of these, resting on an act of somebody else",
    "from_nothing": "of these, resting on no act",
    "points_gained": "points by which scores rose, by whatever cause",
    "points_lost": "points by which scores fell, by whatever cause",
    "entries": "list entries begun in the month",
    "wrongful_entries": "of these, on a false record",
    "exits": "list entries that ended in the month, by whatever way",
    "wrongful_exits": "of these, on a false record",
    "listed": "list entries that stand at the end of the month",
    "wrongful_listed": "of those listed, on a false record",
    "performed": "listed persons who performed their duty in the month",
    "performed_first": "of these, within a month of entry",
    "expired": "exits at the end of the term",
    "removed_by_correction": "exits because an objection was upheld",
    "removed_on_performance": "exits because the duty was performed",
    "repaired": "exits and records ended by repair on application",
    "lifted": "exits because the other listing or the list itself was over, or the score had risen",
    "found_on_visit": "records of acts found on visits that the regime's grades brought",
    "organisations": "organisations in the grade at the end of the month",
    "visits": "expected inspections of them in the month",
    "found": "breaches found on visits in the month, of all grades together",
    "what": "what fell: acts, lists, or all of the regime",
    "why": "by which oversight, and why",
    "scored": "persons with a score at the end of the month",
    "score_sum": "sum of their scores",
    "mean_score": "mean of their scores",
    "grade": "grade, best first",
    "persons": "subjects in the grade at the end of the month, persons or organisations",
    "objections": "objections filed in the month",
    "objections_wronged": "of these, by persons with a false record",
    "waiting": "objections not decided at the end of the month",
    "decided": "objections decided in the month",
    "corrected": "of these, upheld",
    "corrected_wronged": "upheld and the record was false",
    "rejected": "of those decided, rejected",
    "rejected_wronged": "rejected although the record was false",
    "mean_wait_months": "months from filing to decision, mean of those decided",
    "months_waited": "months from filing to decision, sum of those decided",
    "late": "decided after the regime's deadline",
    "measure": "effect of a listing, or reward of a grade",
    "person_months": "persons under the measure in the month",
    "comes_of": "listing, or grade: what brings the measure",
    "refused": "attempts refused in the month",
    "wrongful_person_months": "of the persons under it, those wrongly listed",
    "wrongful_refused": "of the refused, attempts of the wrongly listed",
    "told": "entries of which notice arrived in the month",
    "heard": "hearings before a listing",
    "cleared": "of these, ended without a listing",
    "cleared_wronged": "of these, on a false record",
    "screened": "records that human review stopped",
    "screened_wronged": "of these, false",
    "complaints": "complaints about rejected objections",
    "upheld": "complaints that the supervisor upheld in the month",
    "upheld_wronged": "of these, on a false record",
    "copies": "entries here that rest on a record which another system corrected",
    "copies_corrected": "of these, reached by the correction, at once or later",
    "hardship_entries": "list entries begun on an act that hardship brought about",
    "exempted": "let off for hardship, on the list or before",
    "mean_days_waited": "working days from filing to decision, mean of those decided",
    "days_waited": "the same, sum of those decided; 21 a month where no clerks are simulated",
    "wrongs_corrected": "wrongful list entries that a correction ended",
    "months_wronged": "months that these had stood",
}


def cell(text: object) -> str:
    """A text that stays within one cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(cell(c) for c in row) + " |" for row in rows), ""]


def kind(schema: dict[str, Any]) -> str:
    """The type of a key in a reader's words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        found = [kind(s) for s in schema["anyOf"] if s != {"type": "null"}]
        found = [one for one in found if one != "whole number" or "number" not in found]
        return " or ".join(dict.fromkeys(found))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties") or schema.get("patternProperties")
        if isinstance(inner, dict) and "patternProperties" in schema:
            (inner,) = schema["patternProperties"].values()
        return f"name: {kind(inner)}" if isinstance(inner, dict) else "keys with values"
    if "pattern" in schema:
        if schema["pattern"].startswith("^[a-z"):
            return "name"
        return "day" if schema["pattern"].count("d{2}") == 2 else "month"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return words.get(schema.get("type", ""), schema.get("type", "anything"))


def standard(schema: dict[str, Any], needed: bool) -> str:
    """What holds where a key is left out."""
    if needed:
        return "required"
    value = schema.get("default")
    if value in (None, "") or isinstance(value, dict | list):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


Units = dict[str, set[str]] | None  # None: a kind of file whose values have no units


def shape(name: str, schema: dict[str, Any], units: Units) -> list[str]:
    """The keys of one shape."""
    rows: list[tuple[object, ...]] = []
    for key, found in schema.get("properties", {}).items():
        unit = ""
        if units and "Dated" in kind(found):
            unit = PLACES.get((name, key), " or ".join(sorted(units.get(key, set()))))
        needed = key in schema.get("required", ())
        what = str(found.get("description", ""))
        rows.append((f"`{key}`", kind(found), unit, standard(found, needed), what))
    head = ("key", "type", "unit", "if left out", "what it says")
    if units is None:
        head, rows = (*head[:2], *head[3:]), [(*row[:2], *row[3:]) for row in rows]
    heading = [f"### {name}", "", *([schema["description"], ""] if "description" in schema else [])]
    return heading + table(head, rows)


def schema_part(title: str, schema: dict[str, Any], units: Units) -> list[str]:
    """All shapes of one kind of file; those that several kinds share are told once."""
    lines = [f"## {title}", ""]
    elsewhere = {"Dated", "Row", "Source"}
    if schema["title"] == "Safeguard":
        elsewhere |= set(regime_schema()["$defs"])
    if schema["title"] == "Paper":
        elsewhere |= set(ledger_schema()["$defs"])
    own = {k: v for k, v in schema.get("$defs", {}).items() if k not in elsewhere}
    lines += shape(schema["title"], schema, units)
    for name, found in own.items():
        lines += shape(name, found, units)
    return lines


def command_part() -> list[str]:
    """Every command with its arguments and options, as `--help` says them."""
    group: Any = get_command(app)
    lines = [
        "## The command",
        "",
        "`scslab --version` shows the version; `--help` after any command shows this.",
        "Exit codes: 0 done, 1 a mistake in a file or a value, 2 a wrong call, 3 a legal test that",
        "fails (`audit`).",
        "",
    ]
    for name, command in group.commands.items():
        rows: list[tuple[object, ...]] = []
        for param in command.params:
            option = param.param_type_name == "option"
            shown = param.opts[0] if option else (param.metavar or param.name).upper()
            default = "required" if param.required else ""
            if not default and param.default not in (None, False):
                default = f"`{param.default}`"
            rows.append((f"`{shown}`", default, param.help or ""))
        lines += [f"### scslab {name}", "", str(command.help), ""]
        lines += table(("argument or option", "if left out", "what it says"), rows) if rows else []
    return lines


def signature(found: Any, keywords_of: Any = None) -> str:
    """The arguments of a function without their types; `**options` as the function has them."""
    own = [p for n, p in inspect.signature(found).parameters.items() if n != "self"]
    if keywords_of is not None:
        known = {p.name for p in own}
        theirs = inspect.signature(keywords_of).parameters.values()
        own = [p for p in own if p.kind is not p.VAR_KEYWORD]
        own += [p for p in theirs if p.kind is p.KEYWORD_ONLY and p.name not in known]
    shown: list[str] = []
    for one in own:
        if one.kind is one.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        mark = {one.VAR_KEYWORD: "**", one.VAR_POSITIONAL: "*"}.get(one.kind, "")
        default = "" if one.default is one.empty else f"={one.default!r}"
        shown.append(f"{mark}{one.name}{default}")
    hints = get_type_hints(keywords_of) if keywords_of is not None else {}
    unpacked = get_args(hints.get("options"))
    more = sorted(get_type_hints(unpacked[0])) if unpacked else []
    return ", ".join([*shown, *(["*"] if more and "*" not in shown else []), *more])


def first_line(found: Any) -> str:
    """The first line of a docstring, its code marked as Markdown has it."""
    return re.sub(r"``?([^`]+)``?", r"`\1`", (inspect.getdoc(found) or "").split("\n")[0])


def python_part() -> list[str]:
    """Every public name, and the methods of a survey."""
    functions: list[tuple[object, ...]] = []
    for name in scslab.__all__:
        found = getattr(scslab, name)
        call = f"({signature(found)})" if inspect.isfunction(found) else ""
        functions.append((f"`scslab.{name}{call}`", first_line(found)))
    methods: list[tuple[object, ...]] = []
    for name, found in vars(scslab.Survey).items():
        if name.startswith("_") or not (inspect.isfunction(found) or isinstance(found, property)):
            continue
        call = f"({signature(found, OPTIONS.get(name))})" if inspect.isfunction(found) else ""
        methods.append((f"`{name}{call}`", first_line(found)))
    return [
        "## Python",
        "",
        "`help(scslab.NAME)` says more. What each keyword of a survey's method does stands in the",
        "docstring of the function behind it, in `scslab.analysis`.",
        "",
        *table(("name", "what it does"), functions),
        "### scslab.Survey",
        "",
        *table(("method", "what it gives"), methods),
    ]


def reference() -> str:
    """The text of the page."""
    study, regime = study_schema(), regime_schema()
    lines = [
        "# Reference",
        "",
        "Made by `docs/make_reference.py` from the package; do not edit.",
        "",
        "- [The command](#the-command)",
        "- [Python](#python)",
        "- [Study files](#study-files-study1)",
        "- [Regime files](#regime-files-regime1)",
        "- [Values and sources](#values-and-sources)",
        "- [Safeguards](#safeguards-change1)",
        "- [Sweep files](#sweep-files-sweep1)",
        "- [Answers to Canada's questionnaire](#answers-to-canadas-questionnaire-aia1)",
        "- [Instruments](#instruments-instrument1)",
        "- [Wave files](#wave-files-wave1)",
        "- [Ledgers of findings](#ledgers-of-findings-ledger1)",
        "- [Papers](#papers-paper1)",
        "- [Design files](#design-files-design1)",
        "- [Analysis files](#analysis-files-analysis1)",
        "- [Acts](#acts)",
        "- [Tables of a run](#tables-of-a-run)",
        "- [Stages of a month](#stages-of-a-month)",
        "",
    ]
    lines += command_part()
    lines += python_part()
    lines += schema_part("Study files (study/1)", study, STUDY_UNITS)
    lines += schema_part("Regime files (regime/1)", regime, REGIME_UNITS)
    shared = "The same in studies and regimes; sources also in instruments and wave files."
    lines += ["## Values and sources", "", shared, ""]
    for name in ("Dated", "Row", "Source"):
        lines += shape(name, study["$defs"][name], {})
    lines += schema_part("Safeguards (change/1)", safeguard_schema(), None)
    lines += schema_part("Sweep files (sweep/1)", sweep_schema(), None)
    lines += schema_part("Answers to Canada's questionnaire (aia/1)", aia_schema(), None)
    lines += schema_part("Instruments (instrument/1)", instrument_schema(), None)
    lines += schema_part("Wave files (wave/1)", wave_schema(), None)
    lines += schema_part("Ledgers of findings (ledger/1)", ledger_schema(), None)
    lines += schema_part("Papers (paper/1)", paper_schema(), None)
    lines += schema_part("Design files (design/1)", design_schema(), None)
    lines += schema_part("Analysis files (analysis/1)", analysis_schema(), None)
    lines += ["## Acts", "", "The vocabulary that studies and regimes share.", ""]
    lines += table(
        ("act", "kind", "what happens"),
        [(f"`{name}`", found["kind"], found["says"]) for name, found in acts().items()],
    )
    lines += [
        "## Tables of a run",
        "",
        "`Run.table(name, by=[...])` gives one row for each regime, month and group. Counts are of",
        "simulated persons or of records of them; `manifest['scale']` is the number of real",
        "persons for each. The columns `regime`, `month` and those of `by` come first.",
        "",
    ]
    for name, columns in TABLES.items():
        lines += [f"### {name}", ""]
        lines += table(("column", "what it counts"), [(f"`{c}`", COLUMNS[c]) for c in columns])
    lines += [
        "`Run.tallies` holds all counts by regime, month and group:",
        "",
        "flows " + ", ".join(f"`{c}`" for c in FLOWS) + ";",
        "stocks " + ", ".join(f"`{c}`" for c in STOCKS) + ";",
        "and the persons in each grade as `grade_1`, `grade_2` and so on, best first.",
        "",
        "`Run.measures` is the table measures before it is added up. `Run.histograms` has",
        "`regime`, `month`, `low`, `high` and `persons` for scores in [low, high), at each year's",
        "end. `Run.surveys` holds one frame for each survey: `respondent`, the attributes,",
        "`confidence`, `approval` (as said, 1 to 5), `approval_true` (as thought) and `weight`.",
        "`Run.waves` holds for each questionnaire fielded its `report`, the `ledger` of this one",
        "wave, and in `truth` what those who were kept truly think; `read_run` leaves it empty.",
        "",
        "## Stages of a month",
        "",
    ]
    rows = [
        (f"`{s.name}`", f"`{s.room}`", s.does, ", ".join(s.reads), ", ".join(s.writes))
        for s in (*STAGES, *AFTER_ALL)
    ]
    lines += table(("stage", "room", "what it does", "reads", "writes"), rows)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
