"""A small wave file as text, and the same with one line changed; all numbers are made up."""

from pathlib import Path
from typing import Any

import pytest

from scslab.core.errors import ScslabError
from scslab.core.yamlfile import read
from scslab.study.read_wave import WaveDocument, parse_wave

WAVE = """\
wave: wave/1
id: small-1
title: A small wave
instrument: small
population: {age: ["18-30", "66+"]}
frame: {internet: [online]}
sources:
  paper: {kind: paper, title: A paper}
  guess: {kind: assumption, title: A guess, because: nobody knows}
traits:
  trust: trust in what is public
lives:
  in_app: {says: member of an app score, member_of: [app]}
  app_score: {says: the score, score_of: app}
variables:
  - {name: age, kind: years}
  - name: sex
    kind: attribute
    attribute: sex
    codes: {female: 0, male: 1}
  - name: confidence
    kind: ordered
    cuts:
      - {value: -1, source: guess, between: [-3, 0]}
      - {value: 0.5, source: guess, between: [0, 2]}
      - {value: 2, source: guess, between: [1, 4]}
    effects:
      trust: {value: 0.7, source: paper, at: table 2}
      age: {value: 0.1, source: guess, between: [-1, 1]}
      internet=online: {value: 0.2, source: guess, between: [0, 1]}
    centre: 2.5
  - name: party
    kind: yes_no
    base: {value: -2, source: guess, between: [-4, 0]}
    effects:
      confidence=4: {value: 1, source: guess, between: [0, 2]}
  - name: systems
    kind: ticks
    options:
      sesame:
        base: {value: 0, source: guess, between: [-1, 1]}
        only: in_app
      other:
        base: {value: -1, source: guess, between: [-3, 1]}
    otherwise: none
  - {name: score_sesame, kind: life, life: app_score, among: systems_sesame, limits: [350, 950]}
  - name: manager
    kind: one_of
    options:
      central: {code: 1, base: {value: 0, source: guess, between: [0, 0]}}
      local:
        code: 2
        base: {value: -1, source: guess, between: [-3, 1]}
        effects:
          party: {value: 0.5, source: guess, between: [-1, 1]}
  - name: support
    kind: number
    base: {value: 7, source: guess, between: [5, 9]}
    spread: {value: 2, source: guess, between: [1, 3]}
    limits: [0, 10]
  - {name: list_group, kind: arm, arms: [short, long]}
  - {name: list_count, kind: count, of: [party, systems_other], plus: {systems_sesame: list_group}}
  - {name: told, kind: when, holds: list_group = 1 and not party}
sample:
  kind: river
  wanted: 100
  quotas: {to: small-margins, on: {sex: {}, age: {"young": ["18-30"]}}}
field:
  reach:
    age=18-30: {value: 0.5, source: guess, between: [0, 1]}
    pilots: {value: 0.1, source: guess, between: [0, 1]}
  starts:
    base: {value: 1, source: guess, between: [0, 2]}
    effects:
      trust: {value: 0.1, source: guess, between: [0, 1]}
  finishes:
    base: {value: 1, source: guess, between: [0, 2]}
  careless:
    who: {base: {value: -3, source: guess, between: [-5, 0]}}
    straight: {value: 0.5, source: guess, between: [0, 1]}
    wild: {value: 0.3, source: guess, between: [0, 1]}
    pace: {value: 0.4, source: guess, between: [0.1, 0.6]}
  skips: {value: 0.01, source: guess, between: [0, 0.1]}
  unsure:
    confidence: {base: {value: -3, source: guess, between: [-5, 0]}}
  untold:
    systems: {base: {value: -3, source: guess, between: [-5, 0]}}
  safer:
    risk:
      base: {value: -2, source: guess, between: [-5, 0]}
      effects:
        sex: {value: 0.2, source: guess, between: [0, 1]}
    answers: {confidence: {1: 3, 2: 3}}
  seconds: {value: 8, source: guess, between: [4, 12]}
  mobile: {base: {value: 1, source: guess, between: [0, 2]}}
kept: [told, systems_sesame]
headlines:
  - {id: trusting, says: Trusts, variable: confidence, codes: [3, 4]}
  - id: doubts
    says: Has doubts
    variable: systems_none
    codes: [0]
    by_list: {count: list_count, group: list_group, items: "2"}
framings:
  - {id: lists, says: The list, outcome: support, arm: list_group, control: short}
  - {id: twice, says: Twice, outcome: party, codes: [1], before: systems_other}
design: design.yaml
analysis: analysis.yaml
"""

ATTRIBUTES = {
    "age": ("14-17", "18-30", "66+"),
    "sex": ("female", "male"),
    "internet": ("offline", "online"),
}


def changed(*pairs: tuple[str, str]) -> str:
    """The wave with some text replaced; a test whose old text has gone must fail."""
    text = WAVE
    for old, new in pairs:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    """The number of the first line with a text in it."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


def refused(text: str) -> str:
    """The message that a wave is refused with."""
    with pytest.raises(ScslabError) as caught:
        parse_wave(text)
    return str(caught.value)


def mistakes(part: str) -> dict[str, Any]:
    """Mistakes by name: what is replaced (old) by what (new), what it says, and in which line."""
    return read(Path(__file__).parent / "wave_mistakes.yaml").data[part]


def small() -> WaveDocument:
    """The small wave."""
    return parse_wave(WAVE)
