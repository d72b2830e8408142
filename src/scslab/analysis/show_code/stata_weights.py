"""Steps of weighting as options of Stata's svyset."""

from __future__ import annotations

from scslab.analysis.show_code.common import Setting, Step
from scslab.analysis.show_code.quoting import number
from scslab.analysis.show_code.stata_names import Names


def adjustments(setting: Setting, names: Names) -> tuple[list[str], list[str]]:
    """Lines before svyset and its options for steps of weighting."""
    lines: list[str] = []
    options: list[str] = []
    for k, step in enumerate(setting.steps):
        if step.kind == "trim" or k > 0:
            lines.append(
                "* Stata has no trimming of weights: use the weights that were exported"
                if step.kind == "trim"
                else f"* svyset takes one adjustment, so {step.kind} is left out: use the weights "
                "that were exported"
            )
            continue
        if step.shares:
            lines.append("* the numbers are shares: multiply them by the size of the population")
        more, words = one_adjustment(step, names)
        lines += more
        options += words
    return lines, options


def one_adjustment(step: Step, names: Names) -> tuple[list[str], list[str]]:
    """Post-stratification, raking or calibration."""
    lines: list[str] = []
    if step.kind == "poststratify":
        name, margin = next(iter(step.margins.items()))
        lines.append("generate double poststratum_total_ = .")
        for k, total in enumerate(margin.values(), 1):
            lines.append(
                f"replace poststratum_total_ = {number(total)} if {names.factor[name]} == {k}"
            )
        return lines, [f"poststrata({names.factor[name]})", "postweight(poststratum_total_)"]
    words: list[str] = []
    totals: list[str] = []
    for name, margin in step.margins.items():
        made = names.factor[name]
        for k, total in list(enumerate(margin.values(), 1))[1:]:
            one = f"{made[:28]}_{k}"
            lines.append(f"generate byte {one} = ({made} == {k})")
            words.append(one)
            totals.append(f"{one}={number(total)}")
    for name, total in step.totals.items():
        words.append(names.of[name])
        totals.append(f"{names.of[name]}={number(total)}")
    constant = " noconstant"
    if step.margins:
        first = sum(next(iter(step.margins.values())).values())
        totals.append(f"_cons={number(first)}")
        constant = ""
    command = "rake" if step.kind == "rake" or step.calfun == "raking" else "regress"
    limits = ""
    if step.bounds is not None and command == "regress":
        limits = f" ll({number(step.bounds[0])}) ul({number(step.bounds[1])})"
    if step.calfun == "logit":
        lines.append("* Stata has no logit distance: this is the linear one within the bounds")
    if step.cap is not None:
        lines += [
            f"* svyset cannot hold weights at {number(step.cap)} times their mean while raking;",
            "* the user-written ipfraking can (trimhiabs, trimfreq): use the exported weights",
        ]
    return lines, [f"{command}({' '.join(words)}, totals({' '.join(totals)}){constant}{limits})"]
