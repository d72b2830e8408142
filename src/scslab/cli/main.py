"""The command `scslab`: the same verbs as in Python."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from scslab.cli.assess import assess
from scslab.cli.audit import audit
from scslab.cli.compare import compare
from scslab.cli.sweep import sweep
from scslab.cli.trace import trace
from scslab.core.errors import ScslabError

app = typer.Typer(
    name="scslab",
    help="A laboratory for social credit systems. Only synthetic persons are ever rated.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyPath = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="A study file or folder, or the name of a shipped study."),
]


@app.command()
def simulate(
    study: StudyPath,
    seed: Annotated[int, typer.Option(help="Required: same study, seed and version, same bits.")],
    persons: Annotated[
        int | None, typer.Option(help="Simulated persons instead of the study's.")
    ] = None,
    organisations: Annotated[
        int | None, typer.Option(help="Simulated organisations instead of the study's.")
    ] = None,
    months: Annotated[int | None, typer.Option(help="Only the first months.")] = None,
    threads: Annotated[
        int | None,
        typer.Option(help="Workers, by default one a processor; no result depends on it."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder, new or empty; by default runs/STUDY-SEED."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Let a society live under a study's rules, and write a run folder with a report."""
    from scslab.study.read import read_study

    file = read_study(study)
    # Slow imports come after the first mistakes that can be seen.
    from scslab.api.runs import simulate as run_study
    from scslab.cli.checks import run_folder
    from scslab.cli.shown import Bar, short_table

    folder = out if out is not None else run_folder(file.study.id, seed)
    with Bar(quiet) as bar:
        run = run_study(
            file,
            seed=seed,
            persons=persons,
            organisations=organisations,
            months=months,
            threads=threads,
            out=folder,
            progress=bar.step,
        )
    if run.summary is not None:
        typer.echo(short_table(run.summary))
    typer.echo(f"\nrun:    {folder}\nreport: {folder / 'report.html'}")


@app.command("list")
def list_all() -> None:
    """List the studies, questionnaires and regimes that can be used here."""
    from scslab.cli.catalogue import list_text

    typer.echo(list_text())


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="REGIME", help="A regime's name or folder, or a safeguard's.")
    ],
    on: Annotated[str | None, typer.Option(help="Only the rules in force on a day.")] = None,
) -> None:
    """Show a regime's rules, or what a safeguard changes, with their sources, in words."""
    from scslab.cli.explained import shown

    typer.echo(shown(name, on))


@app.command()
def explain(
    regime: Annotated[str, typer.Argument(help="A regime's name or folder.")],
    case: Annotated[
        Path | None,
        typer.Option(help="A file of worked cases, or of one; by default the regime's own."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Only the case of this name, or cases with these words in it."),
    ] = None,
) -> None:
    """Judge invented dossiers step by step, with the row of the rules behind each step.

    Ends with 1 where a case does not come out as it expects.
    """
    from scslab.cli.explained import explained

    text, as_expected = explained(regime, case, name)
    typer.echo(text)
    if not as_expected:
        raise typer.Exit(1)


@app.command()
def card(
    context: typer.Context,
    regimes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="REGIME...", help="Names or folders of regimes.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="The whole library.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = Path("cards"),
) -> None:
    """Write a page for each regime: its rules, their changes, and on what the values rest."""
    from scslab.cli.catalogue import write_cards
    from scslab.regimes.load import library

    names = [*(regimes or ()), *(library() if every else ())]
    if not names:
        context.fail("Missing argument 'REGIME...'.")
    typer.echo(write_cards(names, out))


@app.command()
def plan(study: StudyPath) -> None:
    """Show the order of stages in a month, and what each reads and writes."""
    from scslab.cli.shown import plan_text
    from scslab.lab.pipeline import AFTER_ALL, STAGES
    from scslab.study.read import read_study

    typer.echo(plan_text(read_study(study), [*STAGES], [*AFTER_ALL]))


@app.command()
def check(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...", help="Studies, regime folders, instruments.", show_default=False
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="The regimes of the library, a line each.")
    ] = False,
) -> None:
    """Check study files, instruments, and regime folders with their worked cases."""
    from scslab.cli.catalogue import check_all
    from scslab.cli.checks import check_path

    if not paths and not every:
        context.fail("Missing argument 'PATH...'.")
    wrong = check_all() if every else 0
    for path in paths or ():
        try:
            typer.echo(f"{path}: {check_path(path)}")
        except ScslabError as error:
            wrong += 1
            typer.echo(f"error: {error.text()}", err=True)
    if wrong:
        raise typer.Exit(1)


@app.command()
def analyse(
    file: Annotated[
        Path,
        typer.Argument(help="Survey answers: .sav, .dta, .csv, .parquet, a Qualtrics export."),
    ],
    analysis: Annotated[Path, typer.Option(help="What to compute: an analysis.yaml.")],
    out: Annotated[Path, typer.Option(help="Folder, new or empty.")],
    design: Annotated[
        Path | None,
        typer.Option(help="How the respondents were sampled: a design.yaml; else all weigh 1."),
    ] = None,
    drop: Annotated[
        str | None,
        typer.Option(help="Columns not to be read at all, such as identifiers: name,phone."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of a text file that is not UTF-8, such as gb18030.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Screen, weight and analyse a survey file; write a folder with a report and tables."""
    from scslab.api.surveys import analyse as analyse_file
    from scslab.cli.surveys import say, shown

    report = analyse_file(
        file,
        analysis=analysis,
        design=design,
        out=out,
        drop=[name.strip() for name in (drop or "").split(",") if name.strip()],
        encoding=encoding,
        progress=None if quiet else say,
    )
    typer.echo(shown(report, out))


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help="Survey answers, as for analyse.")],
    to: Annotated[
        Path, typer.Argument(help="A new file: .sav, .zsav, .dta, .csv, .parquet, .xml (DDI), .R.")
    ],
    drop: Annotated[
        str | None, typer.Option(help="Columns not to be read at all: name,phone.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of a text file that is not UTF-8, such as gb18030.")
    ] = None,
) -> None:
    """Write a survey file in another format, or its codebook, with all labels and reasons."""
    from scslab.cli.surveys import converted

    names = [name.strip() for name in (drop or "").split(",") if name.strip()]
    typer.echo(converted(file, to, names, encoding))


@app.command()
def ask(
    instrument: Annotated[str, typer.Argument(help="An instrument's name or file.")],
    language: Annotated[
        str | None, typer.Option(help="en or zh; by default the instrument's first.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**63, help="Draws the arms and random orders.")
    ] = 1,
    answers: Annotated[
        Path | None,
        typer.Option(help="A YAML file, question: code; prints the path of that respondent."),
    ] = None,
) -> None:
    """Step through a questionnaire to see how it runs. Nothing is stored; not for real persons."""
    from scslab.cli.instruments import asked

    typer.echo(asked(instrument, language, seed, answers))


@app.command()
def export(
    instrument: Annotated[str, typer.Argument(help="An instrument's name or file.")],
    to: Annotated[
        Path,
        typer.Argument(help="A new file: .xlsx (XLSForm), .txt (LimeSurvey), .html (to print)."),
    ],
    language: Annotated[str | None, typer.Option(help="Of a page to print: en or zh.")] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63, help="Of a page: draws one form's arms and orders."),
    ] = None,
) -> None:
    """Write a questionnaire for another survey program, or as a page to print."""
    from scslab.cli.instruments import exported

    typer.echo(exported(instrument, to, language, seed))


@app.command()
def findings(
    study: StudyPath,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 1 on.")] = 20,
    persons: Annotated[
        int | None, typer.Option(help="Simulated persons instead of the study's.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--findings", help="A CSV file of findings instead of those shipped."),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the ledger here as CSV, too.")] = None,
    threads: Annotated[int | None, typer.Option(help="Workers; no result depends on it.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Set each published finding beside what a study gives, over seeds; say which agree."""
    from scslab.cli.findings import findings_text

    typer.echo(findings_text(study, seeds, persons, file, csv, threads, quiet))


@app.command()
def calibrate(
    study: StudyPath,
    out: Annotated[
        Path | None,
        typer.Option(help="The file of fitted values; by default the one the wave names."),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(help="Written on the way, read when begun again; else runs/STUDY.jsonl."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew, whatever the journal says.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Luck of the society that is fitted.")] = 1,
    persons: Annotated[
        int | None, typer.Option(help="Simulated persons instead of the study's.")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="Waves fielded for each set of values.")] = 6,
    minutes: Annotated[float, typer.Option(help="Stop after so long, with the best so far.")] = 15,
    threads: Annotated[int | None, typer.Option(help="Workers; no result depends on it.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Fit the assumed values of a study's wave to the findings marked for it."""
    from scslab.cli.findings import calibrated_text

    options = (out, journal, restart, seed, persons, draws, minutes, threads, quiet)
    try:
        typer.echo(calibrated_text(study, *options))
    except Stopped as stopped:
        # What was simulated stands in the journal: that is not nothing.
        said = "no values were written; the same command without --restart goes on"
        raise Stopped(said) from stopped


# Each of these has a file of its own.
for command in (compare, sweep, trace, audit, assess):
    app.command()(command)


@app.command()
def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help="study, regime, safeguard, sweep, instrument, wave, ledger, paper, design, "
            "analysis or aia",
        ),
    ] = "study",
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    import json

    from scslab.core.errors import near
    from scslab.evaluation.exhibits.paper import paper_schema
    from scslab.evaluation.impact.aia_answers import aia_schema
    from scslab.evaluation.ledger.read import ledger_schema
    from scslab.lab.analyse.read_plan import analysis_schema, design_schema
    from scslab.regimes.load import regime_schema
    from scslab.regimes.safeguard import safeguard_schema
    from scslab.study.read import study_schema
    from scslab.study.read_wave import wave_schema
    from scslab.study.sweep import sweep_schema
    from scslab.survey.instrument.load import instrument_schema

    kinds = {
        "study": study_schema,
        "regime": regime_schema,
        "safeguard": safeguard_schema,
        "sweep": sweep_schema,
        "instrument": instrument_schema,
        "wave": wave_schema,
        "ledger": ledger_schema,
        "paper": paper_schema,
        "design": design_schema,
        "analysis": analysis_schema,
        "aia": aia_schema,
    }
    if kind not in kinds:
        raise ScslabError(f'no schema "{kind}"', hint=near(kind, kinds))
    typer.echo(json.dumps(kinds[kind](), indent=2, ensure_ascii=False))


def print_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from scslab.core.ledger import version

        typer.echo(f"scslab {version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A laboratory for social credit systems. Only synthetic persons are ever rated."""


class Stopped(BaseException):
    """Somebody pressed Ctrl-C; the library of the command line would end without a word."""


def stop(_: int, __: object) -> None:
    """Leave what is being done; folders that are half written remove themselves."""
    raise Stopped


def main() -> None:
    """Run the command; a user's mistake is one message and exit code 1, a wrong call 2."""
    signal.signal(signal.SIGINT, stop)
    try:
        app()
    except ScslabError as error:
        fail(f"error: {error.text()}")
    except (Stopped, KeyboardInterrupt) as stopped:
        fail(f"stopped: {str(stopped) or 'nothing was written'}")
    except MemoryError:
        fail("error: not enough memory\n  try: fewer --persons")


def fail(message: str) -> None:
    """Say what went wrong, and leave."""
    typer.echo(message, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
