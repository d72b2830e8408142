"""From what was said to a file of answers with its dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.study.read_wave import WaveDocument
from scslab.study.wave_columns import codes_of, columns_of
from scslab.survey.answers import Answers, Code, Variable
from scslab.survey.fieldwork.replies import Said
from scslab.survey.instrument.columns import codebook
from scslab.survey.instrument.columns import columns_of as columns_asked
from scslab.survey.instrument.model import Instrument

DEVICES: Mapping[Code, str] = MappingProxyType({0.0: "desktop", 1.0: "mobile"})
PARADATA = {
    "seconds": Variable("seconds", "seconds of the whole interview", measure="scale"),
    "device": Variable("device", "device", labels=DEVICES, measure="nominal"),
    "day": Variable("day", "day of the field period, 0 the first", measure="scale"),
    "weight": Variable("weight", "base weight, with nonresponse", measure="scale"),
    "stratum": Variable("stratum", "stratum of the sample", measure="nominal"),
    "cluster": Variable("cluster", "cluster of the sample", measure="nominal"),
}
YES_NO: Mapping[Code, str] = MappingProxyType({0.0: "no", 1.0: "yes"})


def check_columns(document: WaveDocument, instrument: Instrument) -> None:
    """The wave says how every column of its instrument comes about, with codes that it has.

    Raises
    ------
    ScslabError
        A question that the wave says nothing about, or a code that no answer has.
    """
    made, where = columns_of(document.wave), document.document.where
    place = {v.name: i for i, v in enumerate(document.wave.variables)}
    for name, column in columns_asked(instrument).items():
        if name not in made:
            raise ScslabError(
                f'the wave does not say how answers to "{name}" come about',
                where=where(("variables",)),
                expected=f"a variable for each question of {instrument.id}",
            )
        variable = made[name].variable
        codes = codes_of(variable)
        if codes is None or column.values is None:
            continue
        strange = sorted(set(codes) - set(column.values))
        if strange:
            raise ScslabError(
                f'no answer to "{name}" has the code {strange[0]}',
                where=where(("variables", place[variable.name])),
                expected=", ".join(str(code) for code in column.values),
            )
    for i, name in enumerate(document.wave.kept):
        if name not in made:
            raise ScslabError(f'no variable "{name}" to keep', where=where(("kept", i)))


def answers_of(
    document: WaveDocument,
    instrument: Instrument,
    said: Said,
    beside: dict[str, np.ndarray],
    source: str,
) -> Answers:
    """The answers as a file would hold them; `beside` are paradata and what the wave keeps."""
    book = codebook(instrument)
    frame, marks = {}, {}
    for name, variable in book.items():
        frame[name] = said.columns[name]
        if said.missing[name].any():
            # Reasons are numbered as the missing codes of the dictionary are.
            marks[name] = said.missing[name].astype(np.int16)
        elif len(variable.missing) == 0:
            continue
    variables = dict(book)
    made = columns_of(document.wave)
    for name, values in beside.items():
        frame[name] = values
        variables[name] = PARADATA.get(name) or Variable(
            name,
            made[name].variable.says or name,
            measure="nominal",
            labels=YES_NO if set(np.unique(values)) <= {0.0, 1.0} else MappingProxyType({}),
        )
    return Answers(
        frame=pd.DataFrame(frame),
        variables=variables,
        marks=marks,
        label=f"{document.wave.title} (synthetic)",
        source=source,
        weight="weight" if "weight" in beside else "",
        synthetic=True,
    )
