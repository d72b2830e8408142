"""The docs are true: blocks print what is shown, links lead somewhere, nothing is left out."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import scslab
from scslab.core.acts import acts
from scslab.evaluation.exhibits.paper import paper_schema
from scslab.evaluation.findings import read_findings
from scslab.evaluation.impact.aia_answers import aia_schema
from scslab.evaluation.ledger.read import ledger_schema, parse_ledger
from scslab.lab.analyse.plan import AnalysisFile, DesignFile
from scslab.lab.analyse.read_plan import analysis_schema, design_schema
from scslab.lab.pipeline import AFTER_ALL, STAGES
from scslab.lab.run import TABLES
from scslab.regimes.load import library, regime_schema
from scslab.regimes.safeguard import safeguard_schema
from scslab.study.read import study_schema
from scslab.study.read_wave import wave_schema
from scslab.study.sweep import sweep_schema
from scslab.study.wave import SampleSpec
from scslab.survey.answers import REASONS
from scslab.survey.instrument.columns import columns_of
from scslab.survey.instrument.load import instrument_schema, read_instrument

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.glob("*.md"), ROOT / "benchmarks" / "README.md"]
    + list((ROOT / "studies").glob("*/README.md"))
    + list((ROOT / "examples").glob("*/README.md"))
)
NAMES = [str(p.relative_to(ROOT)) for p in PAGES]


def tool(name: str) -> ModuleType:
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose() -> str:
    """All hand-written pages and the generated reference, as one text."""
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


RUN = [
    "README.md",
    "docs/coming-from.md",
    "docs/one-person.md",
    "docs/questionnaires.md",
    "docs/safeguards.md",
    "docs/survey-analysis.md",
    "docs/sweeps.md",
    "docs/tutorial.md",
]


def test_every_page_with_blocks_that_run_is_run() -> None:
    marked = [name for name in NAMES if re.search(r"^```\w+ run$", text(name), re.MULTILINE)]
    assert sorted(marked) == sorted(RUN)


@pytest.mark.parametrize("name", RUN)
def test_blocks_print_what_the_page_shows(name: str, tmp_path: Path) -> None:
    page = text(name)
    assert tool("run_blocks").run_page(page, tmp_path) == page


def test_wrong_output_is_found_out(tmp_path: Path) -> None:
    page = "```python run\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert tool("run_blocks").run_page(page, tmp_path) == page.replace("3", "2")


def test_the_reference_is_up_to_date() -> None:
    made = tool("make_reference").reference()
    assert text("docs/reference.md") == made, "run python docs/make_reference.py"


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every key of a schema with the name of its shape."""
    for name, shape in {schema["title"]: schema, **schema.get("$defs", {})}.items():
        for key in shape.get("properties", {}):
            yield name, key


SCHEMAS = {
    "study": study_schema(),
    "regime": regime_schema(),
    "safeguard": safeguard_schema(),
    "sweep": sweep_schema(),
    "aia": aia_schema(),
    "instrument": instrument_schema(),
    "wave": wave_schema(),
    "ledger": ledger_schema(),
    "paper": paper_schema(),
    "design": design_schema(),
    "analysis": analysis_schema(),
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_every_key_has_its_line_and_a_description(schema: dict[str, Any]) -> None:
    page = text("docs/reference.md")
    for name, key in keys(schema):
        part = page[page.index(f"\n### {name}\n") :].split("\n### ", 2)[1]
        cell = r"((?:[^|\\]|\\.)*)"
        row = re.search(rf"^\| `{re.escape(key)}` \|.*\| {cell} \|$", part, re.MULTILINE)
        assert row is not None, f"{name}.{key} is not in the reference"
        assert row[1].strip(), f"{name}.{key} has no description"


def test_every_public_name_is_told() -> None:
    index = text("docs/index.md")
    for name in scslab.__all__:
        assert f"`scslab.{name}`" in index, name
        assert name in text("README.md"), name
        assert f"| `scslab.{name}" in text("docs/reference.md"), name


def test_every_method_of_a_survey_is_told() -> None:
    part = text("docs/reference.md").split("\n### scslab.Survey\n")[1].split("\n## ")[0]
    names = [name for name in vars(scslab.Survey) if not name.startswith("_")]
    for name in {*names} - {"sample", "weighting"}:
        assert re.search(rf"^\| `{name}[(`]", part, re.MULTILINE), name


def test_every_reason_and_part_of_an_analysis_is_told() -> None:
    pages = text("docs/how-to.md") + text("docs/survey-analysis.md") + text("docs/statistics.md")
    for reason in REASONS:
        assert f"`{reason}`" in text("docs/how-to.md"), reason
    for suffix in (".sav", ".dta", ".csv", ".parquet", ".xml", ".R"):
        assert suffix in text("docs/how-to.md"), suffix
    for what in ("replicates", "weighting", "lonely", "list_experiments", "where", "missing"):
        assert what in pages, what


def test_every_stage_table_column_act_and_regime_is_told() -> None:
    reference, model = text("docs/reference.md"), text("docs/model.md")
    for i, stage in enumerate((*STAGES, *AFTER_ALL), 1):
        heading = "rating" if stage.name == "rating" else stage.name
        assert f"### {i}. {heading}\n" in model, stage.name
        assert f"| `{stage.name}` |" in reference, stage.name
    for name, columns in TABLES.items():
        assert f"`{name}`" in text("docs/how-to.md"), name
        part = reference[reference.index(f"\n### {name}\n") :].split("\n### ", 2)[1]
        for column in columns:
            assert f"| `{column}` |" in part, f"{name}.{column}"
    for act in acts():
        assert f"| `{act}` |" in reference, act
    for regime in library():
        assert regime in text("CHANGELOG.md"), regime


def test_every_command_is_told() -> None:
    from typer.main import get_command

    from scslab.cli.main import app

    group: Any = get_command(app)
    readme, reference = text("README.md"), text("docs/reference.md")
    for name, command in group.commands.items():
        assert f"`scslab {name}" in readme, name
        part = reference[reference.index(f"\n### scslab {name}\n") :].split("\n### ", 2)[1]
        for param in command.params:
            if param.param_type_name == "option":
                assert f"| `{param.opts[0]}` |" in part, param.opts


@pytest.mark.parametrize("name", NAMES)
def test_no_machine_paths(name: str) -> None:
    found = re.findall(r"(?:/home/|/Users/|/root/|/tmp/|/work/|/mnt/|[A-Z]:\\\\)\S*", text(name))
    assert found == []


def anchor(heading: str) -> str:
    """The address of a heading within its page, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    plain = re.sub(r"^```.*?^```$", "", text(name), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", plain):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if place:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in [anchor(h) for h in headings], link


def test_paths_named_in_the_readme_exist() -> None:
    for row in re.findall(r"^\| `([^`]+)`(?:, [^|]*)? \|", text("README.md"), re.MULTILINE):
        if "/" in row:
            assert list(ROOT.glob(row.rstrip("/"))), row


def test_the_line_is_on_the_first_screen() -> None:
    first = text("README.md").split("\n## ")[0]
    assert "Only synthetic persons are ever rated. There is no interface for real ones." in first
    assert "make run" in first
    assert "It cannot tell you" in first


def test_the_version_is_the_same_everywhere() -> None:
    version = re.search(r'^version = "(.+)"$', text("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert f"\nversion: {version[1]}\n" in text("CITATION.cff")
    assert f"\n## [{version[1]}] - " in text("CHANGELOG.md")


def test_every_change_says_whether_it_changes_results() -> None:
    entries = re.findall(r"^- (?:.|\n(?!- |#|\n))*", text("CHANGELOG.md"), re.MULTILINE)
    assert len(entries) >= 8
    for entry in entries:
        assert re.search(r"\*(Does not change|Changes) results\.\*$", entry), entry


def test_the_licence_is_whole() -> None:
    import hashlib

    found = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    # The text at apache.org/licenses/LICENSE-2.0.txt.
    assert found == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def how_to(heading: str) -> Any:
    """The YAML block below a heading of the how-to page, parsed."""
    from scslab.core.yamlfile import parse

    part = text("docs/how-to.md").split(f"\n## {heading}\n")[1]
    return parse(part.split("```yaml\n")[1].split("```")[0], heading).data


def test_margins_of_the_how_to_make_a_society() -> None:
    from scslab.world.society.cells import build_society
    from scslab.world.society.margins import parse_margins

    spec = how_to("Write margins in place")["society"]
    society = build_society(parse_margins(spec["margins"], "how-to"), spec["persons"])
    assert (society.persons, society.scale) == (20_000, 50.0)
    assert list(society.group_codes) == ["region", "age"]


def test_changes_of_the_how_to_change_a_rule() -> None:
    from scslab.regimes.load import find_regime, read_regime

    (use,) = how_to("Change a rule in one study")["regimes"]
    changed = read_regime(find_regime(use["use"]), use["changes"])
    assert changed.lists["dishonest"].stays is not None
    assert [row.value for row in changed.lists["dishonest"].stays.rows] == [12]


def yaml_blocks(page: str, heading: str) -> list[Any]:
    """All YAML blocks below a heading, parsed."""
    from scslab.core.yamlfile import parse

    part = text(page).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [
        parse(block, heading).data
        for block in re.findall(r"^```yaml\n(.*?)^```", part, re.M | re.S)
    ]


@pytest.mark.parametrize(
    "heading, shape",
    [
        ("Analyse a survey file", AnalysisFile),
        ("Declare missing codes", DesignFile),
        ("Weight to margins with a cap", DesignFile),
        ("Use replicate weights", DesignFile),
        ("Read a list experiment", AnalysisFile),
    ],
)
def test_plans_of_the_how_to_have_their_shape(
    heading: str, shape: type[AnalysisFile] | type[DesignFile]
) -> None:
    base = {"analysis": "analysis/1", "title": "x"} if shape is AnalysisFile else {}
    base |= {"design": "design/1"} if shape is DesignFile else {}
    found = yaml_blocks("docs/how-to.md", heading)
    assert found
    for block in found:
        shape.model_validate(base | block)


def test_the_questionnaire_of_the_how_to_is_sound(tmp_path: Path) -> None:
    part = text("docs/how-to.md").split("\n## Write a questionnaire\n")[1]
    block = part.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "form.yaml").write_text(block, encoding="utf-8")
    instrument = read_instrument(tmp_path / "form.yaml").instrument
    assert list(columns_of(instrument)) == ["sesame", "score"]


def test_samples_of_the_how_to_have_their_shape() -> None:
    found = [block["sample"] for block in yaml_blocks("docs/how-to.md", "Write a wave")]
    assert [SampleSpec.model_validate(spec).kind for spec in found] == ["probability", "panel"]


def test_the_ledger_and_the_findings_file_of_the_how_to_can_be_read(tmp_path: Path) -> None:
    part = text("docs/how-to.md").split("\n## Test your own findings\n")[1].split("\n## ")[0]
    ledger = parse_ledger(re.findall(r"^```yaml\n(.*?)^```", part, re.M | re.S)[0]).ledger
    assert ledger.roles.fitted == ["K01"]
    lines = re.findall(r"^    ((?:id|Z\d),.*)$", part, re.MULTILINE)
    (tmp_path / "later.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert list(read_findings(tmp_path / "later.csv")) == ["Z1", "Z2", "Z3"]


def test_the_readme_counts_the_findings_that_the_page_lists() -> None:
    readme, page = text("README.md"), text("docs/findings.md")
    rows = re.findall(r"^\| \[`([\w-]+)`\]\(docs/findings\.md#.*$", readme, re.MULTILINE)
    assert rows == list(tool("make_findings").STUDIES)
    for name in rows:
        (told,) = re.findall(rf"^\| \[`{name}`\]\(docs/findings\.md#.*$", readme, re.MULTILINE)
        assert told.replace("docs/findings.md#", "#") in page.splitlines()
        part = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        roles = re.findall(r"\| (fitted|input|held out) \| (yes|no) \|$", part, re.MULTILINE)
        agree = sum(answer == "yes" for _, answer in roles)
        assert f"| {len(roles)} | {agree} of {len(roles)} " in told
        held = [answer for role, answer in roles if role == "held out"]
        assert (f"| {held.count('yes')} of {len(held)} " if held else "| none | none |") in told


def test_a_fifth_of_the_findings_is_held_out_and_nine_in_ten_agree() -> None:
    (row,) = re.findall(r"^\| together \|.*$", text("README.md"), re.MULTILINE)
    made, agree, held = (int(n) for n in re.match(r"\D*(\d+) \| (\d+)[^|]*\| (\d+)", row).groups())  # type: ignore[union-attr]
    assert agree >= 0.9 * made
    assert held >= 0.2 * made


def test_plans_of_the_examples_have_a_readme() -> None:
    for folder in (p for p in (ROOT / "examples").iterdir() if p.is_dir()):
        told = (folder / "README.md").read_text(encoding="utf-8")
        for file in folder.iterdir():
            if file.is_file() and file.name != "README.md":
                assert f"`{file.name}`" in told, file


def test_the_exactness_told_is_not_better_than_what_tests_hold() -> None:
    part = text("docs/statistics.md").split("\n## How exact\n")[1]
    rows = re.findall(r"^\| [^|]+ \| ([\de-]+) \| ([\de-]+) \|", part, re.MULTILINE)
    assert len(rows) >= 5
    for estimates, errors in rows:
        assert float(estimates) <= 1e-6 and float(errors) <= 1e-5
