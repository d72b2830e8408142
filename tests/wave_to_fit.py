"""The small wave with four values that are to be fitted, and what is planted in their place."""

from small_wave import wave, with_variable, write
from small_wave_parts import FIT, VARIABLES, number

APPROVAL = "variables.approval"
# Where the search begins, its range, and what is planted.
VALUES = {
    f"{APPROVAL}.cuts.3": (0.9, (-0.5, 1.5), 0.2),
    f"{APPROVAL}.cuts.4": (2.6, (1.5, 3.5), 2.0),
    f"{APPROVAL}.effects.confidence": (0.1, (0.0, 1.2), 0.6),
    f"{APPROVAL}.effects.residence": (0.0, (-1.0, 2.0), 0.8),
}
TARGETS = ["K01", "K04", "K05", "K06", "K17"]
PLANTED = {path: planted for path, (_, _, planted) in VALUES.items()}


def fitted(place, start):
    """A number that is to be fitted."""
    low, high = VALUES[f"{APPROVAL}.{place}"][1]
    return number(start, low, high, "fit")


def asked(**more):
    cuts = [number(-2.0), number(-1.0), fitted("cuts.3", 0.9), fitted("cuts.4", 2.6)]
    effects = {
        "trust": number(0.4),
        "confidence": fitted("effects.confidence", 0.1),
        "residence": fitted("effects.residence", 0.0),
        "in_app": number(0.5),
    }
    variables = with_variable(VARIABLES, "approval", cuts=cuts, effects=effects)
    parts = {"variables": variables, "sources": {"fit": FIT}, "calibrated": "calibrated.yaml"}
    return wave(**(parts | more))


def folder_of(path, **more):
    return write(path, asked(**more), persons=30_000, ledger={"roles": {"fitted": TARGETS}})
