"""Chinese limits on inputs: catalogue, banned data, slight acts, credit (rows 1 to 3, 13)."""

from __future__ import annotations

from collections.abc import Iterable

from scslab.core.audit import Finding, Verdict
from scslab.core.yamlfile import Place
from scslab.evaluation.audit.declared import concerned, declared, limit_finding
from scslab.evaluation.audit.finding import finding, named, part_of
from scslab.evaluation.audit.inputs import input_of, listed
from scslab.evaluation.audit.parts import Conduct
from scslab.evaluation.audit.told_data import Told, inputs, kind_words, told
from scslab.evaluation.audit.view import View

BEYOND = ("information_beyond_the_catalogue", "other_than_public_credit_information")
WEALTH = (
    "wealth_data_allowed",
    "wealth_data_without_consent",
    "wealth_data_without_written_consent",
)
SLIGHT = ("slight_corrected_acts_count", "first_slight_breach_counts")
SIMPLE = ("simple_procedure_penalties_count",)
UNCONFIRMED = ("unconfirmed_arrears_count",)


def catalogue(view: View) -> list[Finding]:
    """Row 1: only items of the catalogue."""
    id = "cn.catalogue"
    found = forbidden(view, id, BEYOND, "information beyond the catalogue may be collected")
    good: list[tuple[Conduct, str]] = []
    for conduct, text in [*inputs(view), *passed_on(view)]:
        kind = input_of(conduct.act).catalogue
        if kind == "in":
            good.append((conduct, text))
            continue
        private = kind == "private"
        found.append(
            finding(
                view,
                id,
                "needs a lawyer" if private else "not met",
                conduct.path,
                text=text,
                condition="Somebody does it, and it is recorded",
                cause="A dealing between private parties is public credit information only where a "
                "court confirmed it or a city listed it."
                if private
                else f"Acts of {conduct.context} are of no kind that the catalogue has.",
                effect="Conduct is recorded for which no catalogue gives leave.",
                recommendation="Name the item of the catalogue, or leave the act out.",
                rows=conduct.rows,
                judged=True,
                acts=(conduct.act,),
            )
        )
    return found + together(view, id, good, "Each is of a kind that the national catalogue has.")


def passed_on(view: View) -> list[tuple[Conduct, str]]:
    """The acts whose records a platform passes on."""
    platform, found = view.regime.platform, []
    for name, link in (platform.links if platform is not None else {}).items():
        if view.value(link.holds):
            path: Place = ("platform", "links", name)
            rows = view.row(link.holds)
            for act in link.acts:
                found.append(
                    (
                        view.conduct_of(act, path, link.says, rows, False),
                        f'link {name}: "{link.says}" (act {act})',
                    )
                )
    return found


def together(view: View, id: str, good: Iterable[tuple[Conduct, str]], cause: str) -> list[Finding]:
    """One finding for all inputs of a part that pass."""
    parts: dict[str, list[Conduct]] = {}
    for conduct, _ in good:
        parts.setdefault(part_of(conduct.path), []).append(conduct)
    return [
        finding(
            view,
            id,
            "met",
            conduct[0].path[:-1],
            text=f"acts that count: {named((c.act for c in conduct), 8)}",
            condition="Any of these acts is recorded",
            cause=cause,
            judged=True,
            acts=sorted({c.act for c in conduct}),
        )
        for conduct in parts.values()
    ]


def forbidden(view: View, id: str, names: tuple[str, ...], says: str) -> list[Finding]:
    """A limit of the file that lets in what the criterion forbids; nothing where it does not."""
    value, name = view.limit(*names)
    if value is not True:
        return []
    return [
        limit_finding(
            view,
            id,
            name,
            cause=f"The file itself says that {says}.",
            effect="The rules let in what the law keeps out.",
            recommendation=f"Set limits.{name} to no, and hold the rules to it.",
        )
    ]


def banned_data(view: View) -> list[Finding]:
    """Row 2: no banned data."""
    id = "cn.banned-data"
    found = forbidden(view, id, ("banned_data",), "banned data may be collected")
    found += forbidden(view, id, WEALTH, "data on wealth may be collected without written consent")
    found += [f for one in told(view) if (f := banned(view, one)) is not None]
    if found:
        return found
    return [
        finding(
            view,
            id,
            "met",
            view.score_place if view.scores else ("lists",),
            text="all acts, attributes and dimensions that count",
            condition=concerned(view),
            cause="None of them is of a banned kind.",
            judged=True,
        )
    ]


def banned(view: View, one: Told) -> Finding | None:
    """One input under row 2; None where it tells of nothing banned."""
    kinds = [k for k in one.kinds if k in listed("banned")]
    wealth = [k for k in one.kinds if k in listed("written_consent")]
    consent = view.limit(*WEALTH)[0] is False
    if not kinds and (not wealth or consent):
        return None
    verdict: Verdict = "not met" if one.plain else "needs a lawyer"
    return finding(
        view,
        "cn.banned-data",
        verdict,
        one.path,
        text=one.text,
        condition="It counts",
        cause=f"It tells of {kind_words(kinds or wealth)}"
        + (
            ", which may not be collected."
            if kinds and one.plain
            else ", which needs written consent after a warning."
            if not kinds
            else "; whether the act as such is among the banned data needs a lawyer."
        ),
        effect="Facts that the law keeps out of credit decide.",
        recommendation="Leave it out.",
        rows=one.rows,
        judged=True,
        acts=(one.name,),
    )


def slight_acts(view: View) -> list[Finding]:
    """Row 3: slight and remedied acts, simple procedure and unconfirmed arrears do not count."""
    lets_in = (*SLIGHT, *SIMPLE, *UNCONFIRMED)
    found = forbidden(view, "cn.slight-acts", lets_in, "slight, minor or unconfirmed acts count")
    good = []
    for conduct, text in inputs(view):
        if not conduct.harms:
            continue
        wrong = wrongly_counts(view, conduct)
        if wrong is None:
            good.append((conduct, text))
        else:
            found.append(slight(view, conduct, text, *wrong))
    cause = "None of them is slight, or the file leaves out those that were put right."
    return found + together(view, "cn.slight-acts", good, cause)


def slight(view: View, conduct: Conduct, text: str, cause: str, advice: str) -> Finding:
    """One act that is too slight to count."""
    private = input_of(conduct.act).catalogue == "private"
    grey = private and conduct.act not in listed("unconfirmed")
    if grey:
        cause += " The laws speak of breaches of law; this is a default between private parties."
    return finding(
        view,
        "cn.slight-acts",
        "needs a lawyer" if grey else "not met",
        conduct.path,
        text=text,
        condition="Somebody does it, even once",
        cause=cause,
        effect="A trifle is held against somebody as a mark of bad credit.",
        recommendation=advice,
        rows=conduct.rows,
        judged=True,
        acts=(conduct.act,),
    )


def wrongly_counts(view: View, conduct: Conduct) -> tuple[str, str] | None:
    """Why a slight act may not count, and what to do; None where it may, or is not slight."""
    act = conduct.act
    kinds: tuple[str, ...]
    if act in listed("unconfirmed"):
        kinds, why = UNCONFIRMED, "Arrears count that no court or office has confirmed."
    elif act in listed("simple_procedure"):
        kinds, why = (*SIMPLE, *SLIGHT), "It is usually punished by simple procedure, and counts."
    elif conduct.gravity == "slight":
        kinds, why = SLIGHT, "The act is slight, and counts even where it was put right."
    else:
        return None
    value, name = view.limit(*kinds)
    if value is False:
        return None
    if value is True:
        why += f" The file says so itself (limits.{name})."
    return why, f"Leave the act out, or say that such acts do not count (limits.{name}: no)."


def credit_related(view: View) -> list[Finding]:
    """Row 13: no criterion that has nothing to do with credit."""
    id = "cn.credit-related"
    found = forbidden(view, id, ("personal_status_counts",), "personal status counts")
    for one in told(view):
        kinds = [k for k in one.kinds if k in listed("not_credit")]
        if kinds and one.path[:2] == ("score", "dimensions"):
            found.append(
                outside(
                    view,
                    one.path,
                    one.text,
                    f"It rests on {kind_words(kinds)}.",
                    one.name,
                    one.rows,
                )
            )
    good = []
    for conduct, text in inputs(view):
        if input_of(conduct.act).credit == "no":
            why = f"Acts of {conduct.context} tell nothing of keeping the law or one's word."
            if conduct.context == "civic":
                why = "It is no credit, and no praise that the regional laws name."
            rows = conduct.rows
            found.append(outside(view, conduct.path, text, why, conduct.act, rows))
        else:
            good.append((conduct, text))
    cause = "Each is about keeping the law or one's word, or praise that regional laws name."
    return found + together(view, id, good, cause)


def outside(view: View, path: Place, text: str, cause: str, name: str, rows: tuple) -> Finding:
    """One criterion that has nothing to do with credit."""
    return finding(
        view,
        "cn.credit-related",
        "not met",
        path,
        text=text,
        condition="It counts",
        cause=cause,
        effect="Credit becomes a mark for obedience or for who one is.",
        recommendation="Leave it out.",
        rows=rows,
        judged=True,
        acts=(name,),
    )


def explainable(view: View) -> list[Finding]:
    """Row 13: the rules of a score can be explained and traced."""
    return [
        declared(
            view,
            "cn.explainable",
            "method_published",
            condition=concerned(view),
            without="Nobody can trace how the score came about.",
            recommendation="Publish the method (remedy.method_published).",
        )
    ]
