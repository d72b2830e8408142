"""Distributions whose wording lists its parts: "red / yellow / blue / green"."""

from __future__ import annotations

from scslab.evaluation.ledger.convert import Variables, as_code
from scslab.evaluation.ledger.records import Distribution
from scslab.evaluation.ledger.words import tokens


def listed_parts(text: str, variables: Variables) -> Distribution | None:
    """The distribution over answers that a wording lists with slashes.

    None unless every part is an answer of one and the same variable, and of only one.
    """
    pieces = [set(tokens(p)) for p in text.split("/")]
    if len(pieces) < 2 or not all(pieces):
        return None
    found = []
    for variable in variables.values():
        labels = {as_code(code): set(tokens(label)) for code, label in variable.labels.items()}
        # The first piece may carry an introduction: "share rated red / yellow".
        said = [
            [c for c, words in labels.items() if words and (words == p or (not k and words <= p))]
            for k, p in enumerate(pieces)
        ]
        if all(len(s) == 1 for s in said) and len({s[0] for s in said}) == len(pieces):
            found.append(Distribution(variable.name, tuple((s[0],) for s in said)))
    return found[0] if len(found) == 1 else None
