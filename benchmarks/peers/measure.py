"""Run one engine once, in a process of its own, and print its result and memory as JSON.

A tiny run goes before the one that is timed, for every engine alike: it compiles kernels where
there are any and wakes the libraries. Its time is not counted; the memory that it leaves behind is.

The command ``python -m benchmarks.reference_society`` starts this; it is not for use by hand.
"""

import argparse
import importlib
import json
import resource
import sys

WARM_UP_PERSONS = 1_000


def peak_mib() -> float:
    """Give the highest resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("function")
    parser.add_argument("settings", help="keyword arguments of the function, as JSON")
    asked = parser.parse_args()
    function = getattr(importlib.import_module(asked.module), asked.function)
    settings = json.loads(asked.settings)
    function(**{**settings, "persons": WARM_UP_PERSONS})
    result = function(**settings)
    # Memory is read here, so that writing the result does not count.
    print(json.dumps({"peak_mib": peak_mib(), **result}))


if __name__ == "__main__":
    main()
