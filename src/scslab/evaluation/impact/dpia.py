"""A draft of the data protection impact assessment of Art. 35 GDPR, in the ICO's seven steps."""

from __future__ import annotations

from scslab.core.impact import ImpactDraft, ImpactSection, Part
from scslab.core.results import SourceLine
from scslab.evaluation.impact import counted, harms, remedied, rules
from scslab.evaluation.impact.figures import Figures, last_month, real
from scslab.evaluation.impact.frame import ask, draft, left_out, signed
from scslab.evaluation.impact.register import register
from scslab.evaluation.impact.say import count, listed, of_rules, of_run, one_line, plural

INSTRUMENT = "Regulation (EU) 2016/679 (GDPR), Article 35; steps of the ICO's sample template"
GDPR = SourceLine(
    "gdpr",
    "this draft",
    "law",
    "Regulation (EU) 2016/679, Articles 22, 35 and 36",
    "2016-04-27",
    "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
    "",
)
ICO = SourceLine(
    "ico",
    "this draft",
    "rule",
    "Information Commissioner's Office (UK): How do we do a DPIA?, its seven steps, and the words "
    "of its sample template",
    "",
    "https://ico.org.uk/for-organisations/guide-to-data-protection/"
    "guide-to-the-general-data-protection-regulation-gdpr/"
    "data-protection-impact-assessments-dpias/how-do-we-do-a-dpia/",
    "",
)
RULES = ("Whom it rates", "Score", "Grades", "List", "Rewards", "What is passed on", "How records")


def dpia(found: Figures) -> ImpactDraft:
    """Draft the assessment of Art. 35(7) (a) to (d) for one regime.

    Parameters
    ----------
    found : Figures
        The regime's rules and what a run counted about it.

    Returns
    -------
    ImpactDraft
        A section for each of the ICO's steps, with the point of Art. 35(7) that it answers.
    """
    sections = (
        ImpactSection("need", "Step 1: identify the need", "Art. 35(1), (3)", need(found)),
        ImpactSection(
            "describe", "Step 2: describe the processing", "Art. 35(7)(a)", describe(found)
        ),
        ImpactSection("consult", "Step 3: consult", "Art. 35(2), (9)", consult()),
        ImpactSection(
            "necessity", "Step 4: necessity and proportionality", "Art. 35(7)(b)", necessity(found)
        ),
        ImpactSection("risks", "Step 5: identify and assess risks", "Art. 35(7)(c)", risks(found)),
        ImpactSection(
            "measures", "Step 6: measures against the risks", "Art. 35(7)(d)", measures(found)
        ),
        ImpactSection("sign", "Step 7: sign off and review", "Arts. 35(11), 36", sign()),
    )
    title = f"Data protection impact assessment: {found.regime.name}"
    return draft(found, "dpia", title, INSTRUMENT, sections, (GDPR, ICO))


def need(found: Figures) -> tuple[Part, ...]:
    """Why an assessment is due."""
    rows = last_month(found)
    covered = int(rows["covered"].sum())
    behind = count(real(found, rows, "covered"))
    text = (
        f"The rules evaluate {' and '.join(found.regime.who.subjects)} systematically, by recorded "
        f"conduct ({found.regime.kind}). At the end of {found.manifest['last_month']} they cover "
        f"{count(covered)} simulated subjects, which stand for {behind} real ones."
    )
    n = plural(covered, "subject covered", "subjects covered")
    return (
        of_run(found, "tallies, last month; regime file", n, text=text),
        ask(
            "Why is an assessment needed?",
            "Art. 35(3)(a): a systematic and extensive evaluation of personal aspects by automated "
            "means, on which decisions with legal or similarly significant effects rest; (b) "
            "special categories or convictions on a large scale; (c) monitoring of public places. "
            "Look at your authority's list under Art. 35(4), too. Of organisations only data on "
            "natural persons (representatives, sole traders) count.",
        ),
    )


def describe(found: Figures) -> tuple[Part, ...]:
    """(a): nature, scope, context, purposes."""
    agencies = found.practice.agencies
    fed = f" Records come from: {listed(agencies)}." if agencies else ""
    return (
        of_rules(found, "about", f"{one_line(found.regime.about)}{fed}", "Nature"),
        rules.rule_table(found, "rules", "Nature: what is taken in and what follows", RULES),
        ask(
            "Nature: how are data collected, used, stored, shared and deleted?",
            "Sources, recipients, processors, transfers to other countries, retention, deletion, "
            "security; which steps are automated.",
        ),
        counted.sizes(found),
        counted.frequency(found),
        ask(
            "Scope: which data, and how much?",
            "Categories of data, special categories (Art. 9), convictions (Art. 10), how long they "
            "are kept, the area covered.",
        ),
        ask(
            "Context: what do people expect, and how much control do they have?",
            "Your relation with them, children and other vulnerable people, earlier concerns, the "
            "state of technology, codes of conduct.",
        ),
        ask(
            "Purposes: what is it for, and what does whom benefit?",
            "The intended effect on people; where you rely on legitimate interests, which.",
        ),
        left_out(found),
    )


def consult() -> tuple[Part, ...]:
    """Whose views were sought."""
    return (
        ask(
            "What did the data protection officer advise?",
            "Art. 35(2): the controller seeks the advice of the DPO, where there is one. Say "
            "whether it was followed, and if not, why.",
        ),
        ask(
            "What are the views of those affected or of their representatives?",
            "Art. 35(9): seek them where appropriate, or say why not. Simulated answers to a "
            "survey are nobody's views and cannot stand here.",
        ),
        ask("Who else was heard?", "Processors, security experts, unions, groups at risk."),
    )


def necessity(found: Figures) -> tuple[Part, ...]:
    """(b): what only the controller can say, with what the run tells of the outcome."""
    records, breaches = found.count("records"), found.count("breaches")
    text = (
        f"In the run {plural(records, 'record')} reached the operator; "
        f"{plural(breaches, 'act')} of subjects on file were breaches, of "
        f"{count(found.count('missed'))} of which no true record arrived. Whether the rules lower "
        "the number of breaches is a matter of comparison: run the study without them, or with a "
        "safeguard (scslab compare)."
    )
    return (
        of_run(found, "tallies", plural(records, "record"), text=text),
        ask(
            "What is the lawful basis, and does automated decision-making rest on it?",
            "Art. 6; Art. 22 where a decision is based solely on automated processing; making a "
            "score on which a third party draws strongly is such a decision (SCHUFA, C-634/21).",
        ),
        ask(
            "Does the processing achieve its purpose, and is there a milder way?",
            "Fewer data, fewer consequences, shorter terms, no publication.",
        ),
        ask(
            "How are function creep, wrong data and excess data prevented?",
            "Art. 5(1)(b) to (e): purpose limitation, minimisation, accuracy, storage limitation.",
        ),
        ask(
            "How are people informed, and how are their rights served?",
            "Arts. 12 to 22; processors (Art. 28); transfers (Chapter V).",
        ),
    )


def risks(found: Figures) -> tuple[Part, ...]:
    """(c): the register, and by group who bears what."""
    made, rows = register(found)
    names = tuple(risk.says for risk in rows)
    return (
        made,
        ask(
            "Confirm or change likelihood and severity of each risk, and give the overall risk: "
            "low, medium or high",
            "The laboratory knows counts and measures, not what they mean in a life, and gives no "
            "overall risk. What is remote for one person may still happen to many.",
            *names,
        ),
        *harms.harm_groups(found),
        ask(
            "Which risks cannot be simulated?",
            "Access by strangers, identity theft, re-identification, chilling of lawful conduct, "
            "stigma, loss of confidentiality, inability to use a right.",
        ),
    )


def measures(found: Figures) -> tuple[Part, ...]:
    """(d): safeguards of the rules, what they did in the run, what is to come."""
    practice = [
        rules.practice_table(found, "oversight-practice", "Staff and review in practice", True),
        rules.practice_table(found, "remedies-practice", "Remedies in practice", False),
    ]
    names = tuple(risk.says for risk in register(found)[1])
    return (
        rules.remedy_table(found, "oversight", "Oversight in the rules", rules.OVERSIGHT),
        rules.remedy_table(found, "remedies", "Remedies in the rules", rules.REMEDIES),
        *(part for part in practice if part is not None),
        remedied.remedies_text(found),
        remedied.remedies_table(found),
        ask(
            "Which measures are taken against each medium or high risk, what do they change, and "
            "what remains?",
            "For each: the measure, its effect (removed, reduced, accepted), the residual risk, "
            "who approved it. The command scslab compare shows what a safeguard would change here.",
            *names,
        ),
    )


def sign() -> tuple[Part, ...]:
    """Sign-off, prior consultation, review."""
    return (
        ask(
            "Does a high risk remain?",
            "Art. 36(1): if so, consult the supervisory authority before the processing begins.",
        ),
        ask(
            "When is this reviewed?",
            "Art. 35(11): at least where the risk changes. Name the day and who does it.",
        ),
        signed("Measures approved by", "Residual risks approved by", "Advice of the DPO by"),
    )
