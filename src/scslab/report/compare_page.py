"""Write the report of a comparison of safeguards: one HTML file, no script, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scslab.core.trial import SafeguardLine, TrialSummary
from scslab.report import compare_sections as found
from scslab.report import compare_tables, parts, words
from scslab.report.parts import Block, Section
from scslab.report.sections import paragraphs
from scslab.report.templates import Page, fill


def write_compare(trial: TrialSummary, path: Path) -> None:
    """Write the report page of a comparison.

    Parameters
    ----------
    trial : TrialSummary
        All that the report says.
    path : Path
        The HTML file to write; the same record gives the same bytes.
    """
    path.write_bytes(render(trial).encode("utf-8", "replace"))


def render(trial: TrialSummary) -> str:
    """The HTML text of the report, with every text of the record escaped."""
    return fill(
        "page.html",
        "page.css",
        run=Page(
            trial.kind,
            f"{trial.title}: safeguards compared",
            trial.study,
            trial.warnings,
            trial.version,
        ),
        about=paragraphs(trial.about),
        cannot_tell=[*paragraphs(trial.cannot_tell), *MAY_NOT],
        facts=trial.facts,
        sections=[section for section in sections(trial) if section.blocks],
        source_line=f"scslab {trial.version}, seeds {seeds_of(trial.seeds)}, synthetic",
        linked=lambda href: href.startswith(("https://", "http://")),
    )


MAY_NOT = (
    "Nobody may conclude from this page that a safeguard has this effect in a real place. How "
    "often notices arrive, hearings clear the innocent or people object is assumed; each "
    "assumption has its reason and range in the sources below. The intervals hold the luck of the "
    "simulation and nothing else: more seeds make them narrower, never truer.",
    "Nor that one safeguard is the best. There is a rank for one harm at a time and no overall "
    "score: what harm weighs against what benefit is not for a model to say. A right that changes "
    "no number here is still a right.",
)


def sections(trial: TrialSummary) -> Iterator[Section]:
    """All sections in the order of the page."""
    lines = {line.name: line for line in trial.quantities}
    yield Section("compared", "What was compared", tuple(compared(trial)))
    ranked = lines[trial.ranked]
    yield Section(
        "differences", "What each safeguard changes", tuple(found.differences(trial, lines))
    )
    yield Section("groups", "For whom", tuple(found.by_group(trial, trial.group_line)))
    yield Section("regimes", "In which system", tuple(found.by_regime(trial, ranked)))
    yield Section("ranking", "Ranking by one harm", tuple(found.ranking(trial, ranked)))
    yield Section("frontier", "Harm against compliance", tuple(found.frontier(trial, lines)))
    yield Section("luck", "The same luck on both sides", tuple(found.luck(trial, lines)))
    yield Section("safeguards", "The safeguards and their law", tuple(laws(trial)))
    yield Section("fingerprint", "Fingerprint", tuple(again(trial)))


def compared(trial: TrialSummary) -> Iterator[Block]:
    """The sides in words."""
    first, *others = (arm.label for arm in trial.arms)
    yield parts.text(
        f"The same simulated society lived through the same months under "
        f"{words.plural(len(trial.arms), 'set')} of rules, with {len(trial.seeds)} seeds each: "
        f"{first}, and beside it {words.listed(others)}. All differences are to {first}. Joined by "
        "a plus, safeguards hold together."
    )
    body = []
    for arm in trial.arms:
        lines = [one for one in trial.safeguards if one.id in arm.safeguards]
        rows = sum(len(one.rows) for one in lines)
        regimes = len({row.regime for one in lines for row in one.rows})
        says = "; ".join(one.name for one in lines) or "The rules as the study has them"
        changes = f"{words.plural(rows, 'row')} of {words.plural(regimes, 'system')}"
        body.append((arm.label, says, changes if lines else words.NONE))
    head = ("Side", "Safeguards", "Rules changed")
    yield parts.table(parts.Table("What was compared", head, tuple(body), synthetic=False))
    idle = [arm.label for arm in trial.arms if arm.safeguards and not changes_any(trial, arm.label)]
    if idle:
        yield parts.text(
            f"No rule of this study is changed by {words.listed(idle)}: the rules protect as well "
            "already, or have nothing of the kind."
        )


def changes_any(trial: TrialSummary, label: str) -> bool:
    """Whether the safeguards of a side change any row."""
    names = next(arm.safeguards for arm in trial.arms if arm.label == label)
    return any(one.rows for one in trial.safeguards if one.id in names)


def laws(trial: TrialSummary) -> Iterator[Block]:
    """Each safeguard: what it is, its articles, the rows it changes, its sources."""
    called = dict(trial.regimes)
    for one in trial.safeguards:
        yield Block(heading=f"{one.name} ({one.id})")
        yield from law_of(one, called)


def law_of(one: SafeguardLine, called: Mapping[str, str]) -> Iterator[Block]:
    """One safeguard."""
    for paragraph in paragraphs(one.about):
        yield parts.text(paragraph)
    if one.law:
        head = ("Article", "What it says")
        title = f"The law behind {one.id}"
        yield parts.table(parts.Table(title, head, one.law, synthetic=False))
    if one.rows:
        yield parts.table(compare_tables.changed(one, called))
    else:
        yield parts.text("It changes no row of this study.")
    if one.left_out:
        title = f"What of {one.id} is not modelled"
        head = ("What", "Direction of the error")
        yield parts.table(parts.Table(title, head, one.left_out, synthetic=False))
    if one.sources:
        yield Block(sources=one.sources)


def again(trial: TrialSummary) -> Iterator[Block]:
    """What this comparison was, and how to make it again."""
    rows = (
        ("Version", f"scslab {trial.version}"),
        ("Seeds", seeds_of(trial.seeds)),
        ("Fingerprint", trial.fingerprint),
    )
    yield parts.table(
        parts.Table("What this comparison was", ("Fact", "Value"), rows, synthetic=False)
    )
    sides = " ".join(f"--safeguard {'+'.join(arm.safeguards) or 'none'}" for arm in trial.arms)
    whole = tuple(range(1, len(trial.seeds) + 1))
    if trial.seeds == whole:
        yield parts.text(
            "The same study, version and seeds give the same numbers. To run it again:"
        )
        code = f"scslab compare {trial.study or 'STUDY'} {sides} --seeds {len(trial.seeds)}"
        yield Block(code=code)


def seeds_of(seeds: Sequence[int]) -> str:
    """Seeds as a reader writes them.

    Examples
    --------
    >>> seeds_of((1, 2, 3)), seeds_of((4, 9))
    ('1 to 3', '4, 9')
    """
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    shown = ", ".join(map(str, seeds[:10]))
    return shown if len(seeds) <= 10 else f"{shown} and {len(seeds) - 10} more"
