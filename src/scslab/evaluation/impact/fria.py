"""A draft of the fundamental rights impact assessment of Art. 27 of the EU AI Act."""

from __future__ import annotations

from scslab.core.impact import Basis, ImpactDraft, ImpactSection, MachinePart, Part
from scslab.core.results import SourceLine
from scslab.evaluation.impact import counted, harms, remedied, rules
from scslab.evaluation.impact.figures import Figures, last_month
from scslab.evaluation.impact.frame import ask, draft, left_out, signed
from scslab.evaluation.impact.say import count, listed, of_rules, of_run, one_line, plural

INSTRUMENT = "Regulation (EU) 2024/1689 (AI Act), Article 27"
ACT = SourceLine(
    "ai-act",
    "this draft",
    "law",
    "Regulation (EU) 2024/1689, Articles 5(1)(c), 27 and Annex III",
    "2024-06-13",
    "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
    "",
)
OMNIBUS = SourceLine(
    "omnibus",
    "this draft",
    "press",
    "Reports on the Digital Omnibus (proposal COM(2025) 820): political agreement 7 May 2026, "
    "Council 29 June 2026",
    "2026-06-29",
    "",
    "",
)
TIMING = (
    "Uncertain, to be checked in the Official Journal. As adopted in 2024 the Act applies the "
    "duties for high-risk systems of Annex III, Art. 27 among them, from 2 August 2026. The "
    "Digital Omnibus moves stand-alone Annex III systems to 2 December 2027; reports say that "
    "Parliament and then the Council (29 June 2026) approved it, and differ on whether it was "
    "published and in force in time. The ban of Art. 5(1)(c) applies since 2 February 2025 "
    "and was not moved. No template of the AI Office under Art. 27(5) was found."
)


def fria(found: Figures) -> ImpactDraft:
    """Draft the assessment of Art. 27(1) (a) to (f) for one regime.

    Parameters
    ----------
    found : Figures
        The regime's rules and what a run counted about it.

    Returns
    -------
    ImpactDraft
        A section for each element, one for what comes before and one for what follows.
    """
    sections = (
        before(),
        ImpactSection(
            "a", "Processes in which the system is used", "Art. 27(1)(a)", processes(found)
        ),
        ImpactSection("b", "Period and frequency of use", "Art. 27(1)(b)", period(found)),
        ImpactSection("c", "Persons and groups affected", "Art. 27(1)(c)", affected(found)),
        ImpactSection("d", "Specific risks of harm", "Art. 27(1)(d)", risks(found)),
        ImpactSection("e", "Human oversight", "Art. 27(1)(e)", oversight(found)),
        ImpactSection("f", "Measures if the risks materialise", "Art. 27(1)(f)", measures(found)),
        after(),
    )
    title = f"Fundamental rights impact assessment: {found.regime.name}"
    return draft(found, "fria", title, INSTRUMENT, sections, (ACT, OMNIBUS))


def before() -> ImpactSection:
    """Whether the assessment is the right question at all, and from when."""
    parts: tuple[Part, ...] = (
        ask(
            "Is the system forbidden rather than high-risk?",
            "Art. 5(1)(c) forbids to evaluate or classify persons over time by social behaviour or "
            "personal traits where the score leads to detriment in unrelated contexts, or to "
            "detriment that is unjustified or disproportionate. An assessment under Art. 27 does "
            "not make such a system lawful. The command scslab audit sets the rules beside these "
            "elements; a lawyer has to decide.",
        ),
        ask(
            "Does Art. 27 apply to you?",
            "It binds deployers of high-risk systems of Annex III (not point 2) that are bodies "
            "governed by public law or private bodies giving public services, and all deployers of "
            "systems of points 5(b) (creditworthiness) and 5(c) (life and health insurance). Name "
            "the point of Annex III.",
        ),
        MachinePart(
            Basis("AI Act as adopted; reports on the Digital Omnibus"), "From when", TIMING
        ),
    )
    return ImpactSection("before", "Before the assessment", "Arts. 5(1)(c), 27(1), 113", parts)


def processes(found: Figures) -> tuple[Part, ...]:
    """(a): what the rules say that happens, and the deployer's own process."""
    regime = found.regime
    agencies = found.practice.agencies
    fed = f" Records come from: {listed(agencies)}." if agencies else ""
    return (
        of_rules(found, "about", f"{one_line(regime.about)}{fed}", "The system"),
        rules.rule_table(found, "rules", "Rules on whom it rates and what it does", RULES),
        left_out(found),
        ask(
            "Describe the processes in which you will use the system, in line with its intended "
            "purpose",
            "Who feeds it, who reads its output, what is decided with it, by whom and on what "
            "legal basis; what was done before. The intended purpose is the provider's.",
        ),
    )


RULES = ("Whom it rates", "Score", "Grades", "List", "Rewards", "What is passed on", "Inspections")


def period(found: Figures) -> tuple[Part, ...]:
    """(b): the months lived through, the rules' dates, and how often things happen."""
    covers = found.regime.covers
    until = f"to {covers.to}" if covers.to else "on, without an end"
    text = (
        f"The rules hold from {covers.from_} {until}. "
        f"The run covers {plural(found.month_count, 'month')}, {found.months}."
    )
    return (
        of_rules(found, "covers", text),
        counted.frequency(found),
        ask(
            "For what period and how often is the system to be used?",
            "First day, end or review date, and how often it rates a person: at each record, each "
            "month, on request.",
        ),
    )


def affected(found: Figures) -> tuple[Part, ...]:
    """(c): groups with their sizes, from the synthetic population."""
    manifest = found.manifest
    covered = int(last_month(found)["covered"].sum())
    text = (
        f"At the end of {manifest['last_month']} {count(covered)} simulated subjects are covered. "
        f"The society has {count(manifest['persons'])} persons"
        + (
            f" and {count(manifest['organisations'])} organisations"
            if manifest["organisations"]
            else ""
        )
        + ", made to meet published margins; groups are counted by the attributes that it has."
    )
    return (
        of_run(
            found,
            "tallies, last month",
            plural(covered, "subject covered", "subjects covered"),
            text=text,
        ),
        counted.sizes(found),
        ask(
            "Which groups are missing here?",
            "The tables have no disability, illness, language, ethnicity, religion, migration or "
            "sexual orientation, and persons outside the system (family, guarantors, employees of "
            "a listed firm) are affected, too. Name them and say how you know their number.",
        ),
        ask(
            "Which of the groups are vulnerable here, and why?",
            "Children, old people, people without the internet or without the language, debtors in "
            "hardship, people who depend on the operator.",
        ),
    )


def risks(found: Figures) -> tuple[Part, ...]:
    """(d): harm and error with rates, by group, and the rights behind them."""
    found_parts: list[Part] = [
        *harms.harm_tables(found),
        harms.harm_scaled(found),
        *harms.harm_groups(found),
        ask(
            "Which fundamental rights does each risk touch?",
            "For example dignity (Charter Art. 1), private life and data (7, 8), expression (11), "
            "property (17), equality (20, 21), rights of the child (24), effective remedy (47), "
            "presumption of innocence (48).",
        ),
        ask(
            "Which risks has the run not shown?",
            "Chilling of lawful conduct, stigma, effects on families, reuse of the data, security, "
            "errors of the software. Take the provider's information under Art. 13 into account.",
        ),
    ]
    return tuple(found_parts)


def oversight(found: Figures) -> tuple[Part, ...]:
    """(e): what the rules say on human review and hearing, who does it, and what it did."""
    practice = rules.practice_table(
        found, "oversight-practice", "Staff and review in practice", True
    )
    screened, heard, cleared = (found.count(name) for name in ("screened", "heard", "cleared"))
    text = (
        f"In the run human review stopped {plural(screened, 'record')} "
        f"({count(found.count('screened_wronged'))} false). "
        f"{plural(heard, 'subject was', 'subjects were')} heard before listing, "
        f"{count(cleared)} of them cleared ({count(found.count('cleared_wronged'))} wronged)."
        if screened or heard
        else "In the run nobody reviewed a record before it counted, and nobody was heard before "
        "being listed: the rules do not ask for it, or the study does not say how well it works."
    )
    n = plural(found.count("records"), "record")
    return (
        rules.remedy_table(found, "oversight", "Oversight in the rules", rules.OVERSIGHT),
        *((practice,) if practice is not None else ()),
        of_run(found, "tallies", n, text=text),
        ask(
            "How is human oversight carried out, according to the instructions for use?",
            "Who oversees, with what training, authority, time and information; when and how they "
            "can overrule or stop the system (Arts. 14 and 26(2)).",
        ),
    )


def measures(found: Figures) -> tuple[Part, ...]:
    """(f): terms of remedies, what came of them in the run, governance."""
    practice = rules.practice_table(found, "remedies-practice", "Remedies in practice", False)
    return (
        rules.remedy_table(found, "remedies", "Remedies in the rules", rules.REMEDIES),
        *((practice,) if practice is not None else ()),
        remedied.remedies_text(found),
        remedied.remedies_table(found),
        ask(
            "What do you do when a risk materialises?",
            "Stopping the system, undoing its effects, telling those affected and all who were "
            "told before, compensation, reporting (Arts. 26(5), 73).",
        ),
        ask(
            "How is it governed, and where can people complain?",
            "Who answers for it, how often rates of error and of late decisions are looked at, who "
            "outside hears complaints (Arts. 85, 86).",
        ),
    )


def after() -> ImpactSection:
    """27(2) to 27(4) and the signature."""
    parts: tuple[Part, ...] = (
        ask(
            "Is this the first use, and when is the assessment brought up to date?",
            "Art. 27(2): before the first use; in similar cases you may rely on an earlier "
            "assessment or on the provider's. If an element changes, bring it up to date.",
        ),
        ask(
            "When was the market surveillance authority told?",
            "Art. 27(3): notify the results, with the template of the AI Office once there is one; "
            "Art. 46(1) may exempt.",
        ),
        ask(
            "Is there a data protection impact assessment?",
            "Art. 27(4): what a DPIA under Art. 35 GDPR covers already, this assessment "
            "complements. The command scslab assess RUN --kind dpia drafts one.",
        ),
        signed("Written by", "Data protection officer heard", "Approved by"),
    )
    return ImpactSection("after", "Update, notification, signature", "Art. 27(2) to (5)", parts)
