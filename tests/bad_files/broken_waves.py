"""Ways to break the small study of `small_wave`, each in one place."""

import copy
from collections.abc import Callable
from typing import Any

from small_wave import wave, with_variable
from small_wave_parts import VARIABLES, chance, number

Files = dict[str, Any]
Change = Callable[[Files], object]
SECOND = {"id": "second", "month": "2020-04", "file": "wave-second.yaml"}


def study(**parts: Any) -> Change:
    return lambda files: files["study"].update(parts)


def use(**parts: Any) -> Change:
    """The line of the study that names the wave."""
    return lambda files: files["study"]["waves"][0].update(parts)


def asks(**parts: Any) -> Change:
    """The wave with other parts."""
    return lambda files: files.update({"wave-first": wave(**parts)})


def life(**way: Any) -> Change:
    return asks(lives={"in_app": {"says": "a life", **way}})


def sample(kind: str = "river", wanted: int = 100, **parts: Any) -> Change:
    return asks(sample={"kind": kind, "wanted": wanted, **parts})


def quotas(to: str, **on: Any) -> Change:
    return sample(quotas={"to": to, "on": on or {"sex": {}}})


def variable(name: str, **parts: Any) -> Change:
    return asks(variables=with_variable(VARIABLES, name, **parts))


def news(**parts: Any) -> Change:
    """The experiment with other parts."""
    framing = {"id": "news", "says": "news", "outcome": "support", "arm": "arm"}
    return asks(framings=[framing | {"control": "control"} | parts])


def headline(**parts: Any) -> Change:
    return asks(headlines=[{"id": "a", "says": "a", "variable": "approval", "codes": [5]} | parts])


def ledger(**parts: Any) -> Change:
    return lambda files: files["findings"].update(parts)


def quantity(says: str, **measure: Any) -> Change:
    return ledger(quantities=[{"says": [says], **measure}])


def second_first(files: Files) -> None:
    """A panel that goes back to a wave of a later month."""
    sample("panel", of="second")(files)
    files["study"]["waves"].append(SECOND)
    files["wave-second"] = wave(id="second")


def without_question(files: Files) -> None:
    kept = [v for v in copy.deepcopy(VARIABLES) if v["name"] != "after"]
    asks(variables=kept, framings=[])(files)


def twice(files: Files) -> None:
    files["study"]["waves"] *= 2


def model(formula: str) -> Change:
    return lambda files: files["analysis"]["models"][0].update(formula=formula)


def by_list(**parts: str) -> dict:
    return {"count": "list_count", "group": "list_group", "items": "3"} | parts


SAFER = {"risk": chance(0), "answers": {"doubts": {"1": 0}}}
AGE = "effect of age on approval"

# Found by `scslab check`, before anything is lived.
EARLY: dict[str, Change] = {
    "wave file that is not there": use(file="wav.yaml"),
    "wave with another id": use(id="other"),
    "month outside the period": use(month="2021-01"),
    "month before the period": use(month="2019-12"),
    "month that is none": use(month="2020-13"),
    "two waves of one name": twice,
    "unknown key of a wave": use(when="2020-03"),
    "an analysis as wave file": use(file="analysis.yaml"),
    "life of an unknown regime": life(member_of=["an-ap"]),
    "score of an unknown regime": life(score_of="the-app"),
    "ties in an unknown regime": life(beside_ties="an-apps"),
    "list of an unknown regime": life(listed=["a-courts"]),
    "score below in an unknown regime": life(score_below={"a-curt": 5}),
    "unknown reward": life(rewarded=["an-app.bike"]),
    "reward without a regime": life(rewarded=["bikes"]),
    "reward of an unknown regime": life(rewarded=["app.bikes"]),
    "reward that is an effect": life(rewarded=["a-court.flights"]),
    "unknown effect": life(barred=["a-court.flight"]),
    "effect without a regime": life(barred=["flights"]),
    "effect of an unknown regime": life(barred=["court.flights"]),
    "unknown locality": life(lives_in=["Xiamen"]),
    "life in two ways": life(heard=True, lives_in=["Xia"]),
    "life in no way": life(),
    "instrument that is not there": asks(instrument="question.yaml"),
    "instrument of no library": asks(instrument="kostka-2019"),
    "question that the wave does not make": without_question,
    "tick that the wave does not make": variable("systems", otherwise="nothing"),
    "code that no answer has": variable("sex", codes={"female": 0, "male": 2}),
    "more arms than asked": variable("arm", arms=["control", "bad", "good", "odd"]),
    "kept that is no variable": asks(kept=["told"]),
    "safer answer to what is not asked": asks(field={"safer": SAFER}),
    "unsure of what is not asked": asks(field={"unsure": {"doubts": chance(0)}}),
    "a single tick refused": asks(field={"untold": {"systems_app": chance(0)}}),
    "headline of what is not asked": headline(variable="doubts", codes=[1]),
    "experiment on what is not asked": news(outcome="item_a", codes=[1]),
    "experiment printed by no finding": news(printed={"bad": "X99"}),
    "experiment printed of no arm": news(printed={"terrible": "X01"}),
    "quotas to an unknown set": quotas("cn-online-2019"),
    "quotas to a file that is not there": quotas("quota.yaml"),
    "quotas on a margin that is not there": quotas("quotas.yaml", gender={}),
    "quotas on unknown categories": quotas("quotas.yaml", sex={"female": ["woman"]}),
    "quotas of unknown categories": quotas("quotas.yaml", sex={"women": ["female"]}),
    "quotas on what the society lacks": quotas("quotas.yaml", town={}),
    "panel without an earlier wave": sample("panel", of="zeroth"),
    "panel of a later wave": second_first,
    "panel of itself": sample("panel", of="first"),
    "stratum that the society lacks": sample("probability", strata=["provinces"]),
    "stratum that cuts communities": sample("probability", strata=["sex"], clusters=20),
    "more drawn than there are": sample("probability", 7000),
    "fewer clusters than strata need": sample("probability", strata=["region"], clusters=3),
    "population of an unknown attribute": asks(population={"ages": ["18-30"]}),
    "population of an unknown category": asks(population={"age": ["18-31"]}),
    "population of nobody": asks(population={"age": []}),
    "frame of nobody": asks(frame={"age": ["14-17"]}),
    "reach of an unknown attribute": asks(field={"reach": {"aged=18-30": number(0)}}),
    "reach without a category": asks(field={"reach": {"age": number(0)}}),
    "reach of an unknown category": asks(field={"reach": {"age=18-3": number(0)}}),
    "design that is not there": asks(design="desing.yaml"),
    "analysis that is not there": asks(analysis="analyses.yaml"),
    "ledger that is not there": asks(findings="finding.yaml"),
    "paper that is not there": asks(paper="paper.yaml"),
    "ledger of another wave": ledger(wave="second"),
    "ledger with an unknown finding": ledger(roles={"fitted": ["K99"]}),
}

# Found when the answers are there: what an analysis defines is known only then.
LATE: dict[str, Change] = {
    "list of another arm": headline(by_list=by_list(group="arm")),
    "ledger of an unknown variable": quantity("approves", share={"approvl": [4, 5]}),
    "ledger of an unknown model": quantity(AGE, coefficient={"model": "m2", "name": "age"}),
    "ledger of an unknown coefficient": quantity(AGE, coefficient={"model": "m1", "name": "age"}),
    "ledger of an unknown code": quantity("approves", share={"approval": [6]}),
    "group of an unknown variable": ledger(groups=[{"says": ["urban"], "where": {"town": [1]}}]),
    "estimate of an unknown variable": lambda f: f["analysis"]["estimates"][0].update(of=["aprov"]),
    "model of an unknown variable": model("approval ~ income"),
    "screen of an unknown item": lambda f: f["analysis"].update(
        screen={"grids": [{"items": ["fair", "just"]}]}
    ),
    "weights to an unknown variable": lambda f: f["design"].update(
        weighting=[{"method": "rake", "to": {"gender": {"female": 0.5, "male": 0.5}}}]
    ),
    "clusters of a river": lambda f: f["design"].update(clusters=["cluster"]),
}
