"""The sense of a study: what a shape cannot say."""

from __future__ import annotations

from scslab.core.acts import check_act
from scslab.core.calendar import month, month_text
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.study.model import Compare, Oversight, Study, Variant

# Effects on attitudes that are no attribute of a person.
PLAIN_EFFECTS = ("confidence", "listed", "heard", "member")

# How oversight acts: one of these.
WAYS = ("outcry", "supervisor", "decided")
# What a variant has in common with its study.
SHARED = ("schema", "id", "period", "surveys", "waves", "compare", "variants")
SIZES = ("society", "society.persons", "society.organisations", "society.organisations.count")


def check_period(study: Study, document: Document) -> None:
    """The period runs forward and is not longer than a century."""
    first = month(study.period.from_, document.where(("period", "from")))
    last = month(study.period.to, document.where(("period", "to")))
    if last < first:
        raise ScslabError(
            "the period ends before it begins",
            where=document.where(("period", "to")),
            got=f"{month_text(first)} to {month_text(last)}",
        )
    if last - first >= 1200:
        raise ScslabError(
            "the period is longer than 100 years", where=document.where(("period", "to"))
        )


def check_conduct(study: Study, document: Document) -> None:
    """Acts are known; each is seen by at most one agency; frailty is a small whole number."""
    for name, conduct in study.conduct.items():
        check_act(name, document.where(("conduct", name)))
        for i, row in enumerate(conduct.while_listed.rows if conduct.while_listed else ()):
            if row.value is not None and row.value > 1:
                raise ScslabError(
                    "a listing can only lower the rate of an act",
                    where=document.where(("conduct", name, "while_listed", "rows", i, "value")),
                    got=row.value,
                    expected="at most 1",
                )
        for row in conduct.frailty.rows if conduct.frailty else ():
            if row.value is not None and (row.value != int(row.value) or row.value > 8):
                raise ScslabError(
                    "frailty must be a whole number from 0 to 8",
                    where=document.where(("conduct", name, "frailty")),
                    got=row.value,
                )
    seen: dict[str, str] = {}
    for agency, spec in study.agencies.items():
        if not spec.sees:
            raise ScslabError(
                "this agency sees nothing", where=document.where(("agencies", agency, "sees"))
            )
        for i, act in enumerate(spec.sees):
            where = document.where(("agencies", agency, "sees", i))
            if act not in study.conduct:
                check_act(act, where)
                raise ScslabError(
                    f'agency "{agency}" sees "{act}", which nobody commits here',
                    where=where,
                    hint=near(act, study.conduct),
                )
            if act in seen:
                raise ScslabError(
                    f'"{act}" is seen by two agencies, {seen[act]} and {agency}',
                    where=where,
                    expected="one agency for each act",
                )
            seen[act] = agency


def check_safeguards(study: Study, document: Document) -> None:
    """A safeguard is laid once over each regime."""
    check_once(study.safeguards, ("safeguards",), document)
    for i, use in enumerate(study.regimes):
        check_once(use.safeguards, ("regimes", i, "safeguards"), document)


def check_once(names: list[str], place: Place, document: Document) -> None:
    """No safeguard stands twice in a list."""
    for k, name in enumerate(names):
        if name in names[:k]:
            raise ScslabError(
                f'safeguard "{name}" is laid twice', where=document.where((*place, k))
            )


def check_uses(study: Study, document: Document) -> None:
    """A regime is used once, begins in a month that there is, and rates somebody."""
    names = [use.use for use in study.regimes]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ScslabError(
                f'regime "{name}" is used twice', where=document.where(("regimes", i, "use"))
            )
    for i, use in enumerate(study.regimes):
        if use.since is not None:
            month(use.since, document.where(("regimes", i, "since")))
        for attribute, categories in use.among.items():
            if not categories:
                raise ScslabError(
                    "nobody is left to rate",
                    where=document.where(("regimes", i, "among", attribute)),
                )


def check_oversight(study: Study, document: Document) -> None:
    """Each oversight says by what it acts, on regimes of the study, from a known source."""
    names = [use.use for use in study.regimes]
    for i, oversight in enumerate(study.oversight):
        place: Place = ("oversight", i)
        ways = (oversight.outcry, oversight.supervisor, oversight.decided)
        if sum(w is not None for w in ways) != 1:
            raise ScslabError(
                "oversight acts by an outcry, a supervisor or a decision: one of them",
                where=document.where(place),
                got=" and ".join(w for w in WAYS if getattr(oversight, w) is not None) or "none",
            )
        for j, name in enumerate(oversight.regimes):
            if name not in names:
                raise ScslabError(
                    f'no regime "{name}" in this study',
                    where=document.where((*place, "regimes", j)),
                    hint=near(name, names),
                )
        if oversight.source not in study.sources:
            raise ScslabError(
                f'source "{oversight.source}" is not in sources',
                where=document.where((*place, "source")),
                hint=near(oversight.source, study.sources),
            )
        source = study.sources[oversight.source]
        if source.kind not in ("assumption", "calibration") and not oversight.at:
            raise ScslabError(
                f'say at which place in "{oversight.source}" this stands (at: ...)',
                where=document.where(place),
            )
        check_when(study, oversight, place, document)


def check_when(study: Study, oversight: Oversight, place: Place, document: Document) -> None:
    """A decision falls into the study; a supervisor has its power by its end."""
    if oversight.decided is not None:
        in_period(study, oversight.decided, (*place, "decided"), document)
    supervisor = oversight.supervisor
    if supervisor is None:
        return
    at = (*place, "supervisor", "from")
    if month(supervisor.from_, document.where(at)) > month(study.period.to):
        in_period(study, supervisor.from_, at, document)


def check_variant(variant: Variant, place: Place, document: Document) -> None:
    """A variant changes something, and not what it must share with the study."""
    if not variant.without and not variant.set_:
        raise ScslabError(
            "this variant changes nothing",
            where=document.where(place),
            expected="regimes to do without, or something to set",
        )
    for path in variant.set_:
        if path.split(".")[0] in SHARED or path in SIZES:
            raise ScslabError(
                f"a variant cannot set {path}",
                where=document.where((*place, "set", path)),
                why="it shares its months, its persons and its sizes with the study",
            )


def check_surveys(study: Study, document: Document) -> None:
    """Waves lie in the period and have names of their own; their numbers make sense."""
    seen: list[str] = []
    for i, survey in enumerate(study.surveys):
        in_period(study, survey.month, ("surveys", i, "month"), document)
        if survey.id in seen:
            raise ScslabError(
                f'two surveys are called "{survey.id}"', where=document.where(("surveys", i, "id"))
            )
        seen.append(survey.id)
        for name, categories in survey.among.items():
            if not categories:
                raise ScslabError(
                    "nobody is left to ask", where=document.where(("surveys", i, "among", name))
                )
        first = [[row.value or 0 for row in d.rows][0] for d in survey.attitude.cuts]
        if sorted(first) != first:
            raise ScslabError(
                "the thresholds must rise from answer to answer",
                where=document.where(("surveys", i, "attitude", "cuts")),
                got=first,
            )
        if not any(row.value for d in survey.attitude.confidence for row in d.rows):
            raise ScslabError(
                "the shares of confidence add up to nothing",
                where=document.where(("surveys", i, "attitude", "confidence")),
            )
        for row in survey.completes.rows if survey.completes else ():
            if not row.value:
                raise ScslabError(
                    "nobody would finish the questionnaire",
                    where=document.where(("surveys", i, "completes")),
                )
        for name in survey.attitude.effects:
            if "=" not in name and name not in PLAIN_EFFECTS:
                raise ScslabError(
                    f'no effect "{name}" on attitudes',
                    where=document.where(("surveys", i, "attitude", "effects", name)),
                    expected=f"attribute=category, {', '.join(PLAIN_EFFECTS)}",
                    hint=near(name, PLAIN_EFFECTS),
                )


def in_period(study: Study, when: str, place: Place, document: Document) -> None:
    """A month must lie in the study's period."""
    where = document.where(place)
    months = range(month(study.period.from_), month(study.period.to) + 1)
    if month(when, where) not in months:
        raise ScslabError(
            "this month lies outside the study's period",
            where=where,
            got=when,
            expected=f"{study.period.from_} to {study.period.to}",
        )


def check_waves(study: Study, document: Document) -> None:
    """Waves lie in the period and have names of their own."""
    seen = [survey.id for survey in study.surveys]
    for i, use in enumerate(study.waves):
        in_period(study, use.month, ("waves", i, "month"), document)
        if use.id in seen:
            raise ScslabError(
                f'two surveys are called "{use.id}"', where=document.where(("waves", i, "id"))
            )
        seen.append(use.id)


def check_comparisons(study: Study, document: Document) -> None:
    """Comparisons name surveys and regimes of the study and say what their measure needs."""
    for i, compare in enumerate(study.compare):
        known = {"survey": [s.id for s in study.surveys], "regime": [u.use for u in study.regimes]}
        for kind, names in known.items():
            name = getattr(compare, kind)
            if name is not None and name not in names:
                raise ScslabError(
                    f'no {kind} "{name}" in this study',
                    where=document.where(("compare", i, kind)),
                    hint=near(name, names),
                )
        if compare.to is not None:
            in_period(study, compare.to, ("compare", i, "to"), document)
        needs = "survey" if compare.measure.startswith("approves") else "regime"
        if getattr(compare, needs) is None:
            raise ScslabError(
                f'measure {compare.measure} needs "{needs}"', where=document.where(("compare", i))
            )
        check_measure(compare, i, document)


def check_measure(compare: Compare, i: int, document: Document) -> None:
    """A comparison has the keys of its measure, and no other measure's."""
    for measures, key in (
        (("refused",), "effect"),
        (("grade-share",), "grade"),
        (("approves", "approves-strongly"), "survey"),
    ):
        given = getattr(compare, key) is not None
        if compare.measure in measures and not given:
            raise ScslabError(
                f'measure {compare.measure} needs "{key}"', where=document.where(("compare", i))
            )
        if given and compare.measure not in measures:
            raise ScslabError(
                f'measure {compare.measure} has no "{key}"',
                where=document.where(("compare", i, key)),
            )
