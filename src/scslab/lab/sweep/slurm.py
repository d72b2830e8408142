"""A script for SLURM that runs a sweep as an array: each task some cases, then one gathers them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from scslab.lab.sweep.plan import Plan

TASKS = 64  # at most, where nobody says otherwise: a task starts for some seconds


def slurm_script(plan: Plan, words: Sequence[str], folder: str, tasks: int | None = None) -> str:
    """The text of a batch script.

    Parameters
    ----------
    plan : Plan
    words : sequence of str
        The command that names the sweep: `scslab sweep FILE` with its options.
    folder : str
        The folder of the sweep, which all machines see.
    tasks : int, optional
        Tasks of the array.
    """
    cases = plan.design.cases
    each = -(-cases // min(tasks or TASKS, cases))
    count = -(-cases // each)
    command = shlex.join([*words, "--out", folder])
    name = f"sweep-{plan.sweep.spec.id}"
    return f"""#!/bin/bash
#SBATCH --job-name={name}
#SBATCH --array=1-{count}
#SBATCH --cpus-per-task=1
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --output={name}-%a.log
# {cases:,} cases, {each:,} a task. Submit with: sbatch THIS-FILE
# Then gather them:
#   sbatch --dependency=singleton --job-name={name} --wrap={shlex.quote(command + " --gather")}
# Failed tasks are run again by the same number: sbatch --array=3,7 THIS-FILE
set -eu
first=$(( (SLURM_ARRAY_TASK_ID - 1) * {each} + 1 ))
last=$(( SLURM_ARRAY_TASK_ID * {each} ))
if [ "$last" -gt {cases} ]; then last={cases}; fi
{command} --cases "$first-$last" --workers 1 --quiet
"""
