"""One broken study per message, with the message that it must give.

`studies/valid.yaml` is the base; each case replaces one piece of its text. A case is judged as
`scslab check` judges a file: its text, its regimes, its margins, its surveys and findings.
"""

from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.lab.check import check_study_runs
from scslab.study.read import parse_study

BASE = (Path(__file__).parent / "studies" / "valid.yaml").read_text(encoding="utf-8")
RATE = "value: 10, source: guess, between: [5, 50]"
COMPARED = "compare:\n  - {finding: S02, measure: entries, regime: cn-spc-judgment-debtors, "
INCOMES = "{low: 0.4, high: 0.6}}"

CASES = {
    "unknown key": (
        "period: {",
        "perid: {",
        """study.yaml:15: perid: unknown key "perid"
  try: did you mean "period"?""",
    ),
    "unknown key inside": (
        "    detection:",
        "    detecton:",
        """study.yaml:30: agencies.courts.detecton: unknown key "detecton"
  try: did you mean "detection"?""",
    ),
    "safeguard twice": (
        "schema: study/1",
        "schema: study/1\nsafeguards: [notice, help, notice]",
        """study.yaml:2: safeguards, row 3: safeguard "notice" is laid twice""",
    ),
    "another version": (
        "schema: study/1",
        "schema: study/2",
        """study.yaml:1: schema: unknown word
  got: study/2
  expected: study/1
  try: did you mean "study/1"?""",
    ),
    "double key": (
        "title: A study",
        "id: twice\ntitle: A study",
        """study.yaml:3: key "id" is written twice (first at line 2)
  try: keep one of the two""",
    ),
    "short day": (
        "2016-01-01, value: 10,",
        "2016-1-1, value: 10,",
        """study.yaml:23: conduct.judgment.refused.rate, row 1, from: this is not a day
  got: 2016-1-1
  expected: a day such as 2013-10-01""",
    ),
    "no such day": (
        "2016-01-01, value: 10,",
        "2016-02-30, value: 10,",
        """study.yaml:23: conduct.judgment.refused.rate, row 1, from: there is no such day
  got: 2016-02-30
  expected: a day such as 2013-10-01""",
    ),
    "no such month": (
        "to: 2017-12}\nsources",
        "to: 2017-13}\nsources",
        """study.yaml:15: period.to: this is not a month
  got: 2017-13
  expected: a month such as 2013-10""",
    ),
    "day for month": (
        "to: 2017-12}\nsources",
        "to: 2017-12-31}\nsources",
        """study.yaml:15: period.to: this is not a month
  got: 2017-12-31
  expected: a month such as 2013-10""",
    ),
    "period backwards": (
        "to: 2017-12}\nsources",
        "to: 2015-12}\nsources",
        """study.yaml:15: period.to: the period ends before it begins
  got: 2016-01 to 2015-12""",
    ),
    "period empty": (
        "period: {from: 2016-01, to: 2017-12}",
        "period:",
        """study.yaml:15: period: this does not fit here
  got: nothing
  expected: keys with values""",
    ),
    "unknown regime": (
        BASE[BASE.index("  - use: cn-spc") :],
        "  - use: cn-spc-judgement-debtors\n",
        """study.yaml:32: regimes, row 1, use: no regime "cn-spc-judgement-debtors"
  try: did you mean "cn-spc-judgment-debtors"?""",
    ),
    "regime twice": (
        "regimes:\n",
        "regimes:\n  - use: cn-spc-judgment-debtors\n",
        """study.yaml:33: regimes, row 2, use: regime "cn-spc-judgment-debtors" is used twice""",
    ),
    "outside covers": (
        "from: 2016-01, to: 2017-12}",
        "from: 2012-01, to: 2017-12}",
        """study.yaml:32: regimes, row 1, use: cn-spc-judgment-debtors covers 2013-10-01 onward; \
2012-01 to 2017-12 was asked
  try: shorten the period, extend the regime file with sourced rows, or say from when it \
takes part (since: YYYY-MM)""",
    ),
    "unknown conduct": (
        "  judgment.refused:\n",
        "  judgment.refuse:\n",
        """study.yaml:22: conduct.judgment.refuse: act "judgment.refuse" is not in the vocabulary \
of acts
  try: did you mean "judgment.refused"?""",
    ),
    "sees what nobody commits": (
        "sees: [judgment.refused]",
        "sees: [judgment.refused, judgment.evaded]",
        """study.yaml:29: agencies.courts.sees, row 2: agency "courts" sees "judgment.evaded", \
which nobody commits here
  try: did you mean "judgment.refused"?""",
    ),
    "sees an unknown act": (
        "sees: [judgment.refused]",
        "sees: [judgment.refusal]",
        """study.yaml:29: agencies.courts.sees, row 1: act "judgment.refusal" is not in the \
vocabulary of acts
  try: did you mean "judgment.refused"?""",
    ),
    "negative rate": (
        RATE,
        "value: -10, source: guess, between: [-10, 50]",
        """study.yaml:23: conduct.judgment.refused.rate, row 1, value: acts per 1000 person-years \
cannot be negative
  got: -10""",
    ),
    "outside its range": (
        RATE,
        "value: 10, source: guess, between: [50, 60]",
        """study.yaml:23: conduct.judgment.refused.rate, row 1, value: the value lies outside its \
range
  got: 10
  expected: 50 to 60, as between says""",
    ),
    "guess without range": (
        RATE,
        "value: 10, source: guess",
        """study.yaml:23: conduct.judgment.refused.rate, row 1: "guess" is an assumption, so the \
row needs between: [low, high]""",
    ),
    "unknown source": (
        "value: 10, source: guess",
        "value: 10, source: guesses",
        """study.yaml:23: conduct.judgment.refused.rate, row 1, source: source "guesses" is not \
in sources
  try: did you mean "guess"?""",
    ),
    "unknown unit": (
        "unit: acts per 1000 person-years",
        "unit: acts per person-year",
        """study.yaml:23: conduct.judgment.refused.rate.unit: unknown word
  got: acts per person-year
  try: did you mean "acts per 1000 person-years"?""",
    ),
    "share above 1": (
        "value: 0.9, source",
        "value: 1.9, source",
        """study.yaml:30: agencies.courts.detection, row 1, value: a share lies between 0 and 1
  got: 1.9""",
    ),
    "no persons": (
        "persons: 1000",
        "persons: 0",
        """study.yaml:7: society.persons: a society needs at least 1 person
  got: 0""",
    ),
    "persons as text": (
        "persons: 1000",
        "persons: many",
        """study.yaml:7: society.persons: this does not fit here
  got: many
  expected: a whole number""",
    ),
    "survey outside the period": (
        "month: 2017-06",
        "month: 2018-06",
        """study.yaml:37: surveys, row 1, month: this month lies outside the study's period
  got: 2018-06
  expected: 2016-01 to 2017-12""",
    ),
    "unknown finding": (
        "finding: S02",
        "finding: S2",
        """study.yaml:55: compare, row 1, finding: no finding "S2"
  try: did you mean "S02"?""",
    ),
    "comparison without a survey": (
        "measure: entries",
        "measure: approves",
        """study.yaml:55: compare, row 1: measure approves needs "survey\"""",
    ),
    "comparison with another regime": (
        COMPARED,
        COMPARED.replace("cn-spc-judgment-debtors", "cn-spc"),
        """study.yaml:55: compare, row 1, regime: no regime "cn-spc" in this study
  try: known: cn-spc-judgment-debtors""",
    ),
    "unknown effect in bites": (
        "      flights:",
        "      flight:",
        """study.yaml:34: regimes, row 1, bites.flight: cn-spc-judgment-debtors has no effect \
"flight"
  try: did you mean "flights"?""",
    ),
    "unknown attribute in varies": (
        "with: income",
        "with: incomes",
        """study.yaml:25: conduct.judgment.refused.varies, row 1: the society has no attribute \
"incomes"
  try: did you mean "income"?""",
    ),
    "unknown category in varies": (
        "times: {low: 1.5",
        "times: {lo: 1.5",
        """study.yaml:25: conduct.judgment.refused.varies, row 1: "lo" is not a category of income
  try: did you mean "low"?""",
    ),
    "negative multiplier": (
        "times: {low: 1.5",
        "times: {low: -1.5",
        """study.yaml:25: conduct.judgment.refused.varies, row 1, times.low: a multiplier cannot \
be negative
  got: -1.5""",
    ),
    "unknown attribute in among": (
        "among: {sex:",
        "among: {sexes:",
        """study.yaml:39: surveys, row 1, among.sexes: the society has no attribute "sexes"
  try: did you mean "sex"?""",
    ),
    "unknown category in among": (
        "among: {sex: [female]",
        "among: {sex: [women]",
        """study.yaml:39: surveys, row 1, among.sex: "women" is not a category of sex
  try: known: female, male""",
    ),
    "margins contradict": (
        INCOMES,
        INCOMES
        + """
      - name: both
        over: [sex, income]
        rows:
          - {sex: female, income: low, share: 0.1}
          - {sex: female, income: high, share: 0.3}
          - {sex: male, income: low, share: 0.3}
          - {sex: male, income: high, share: 0.3}""",
        """study.yaml:8: society.margins: margins 'sex' and 'both' contradict each other
  got: female: sex 0.5, both 0.4
  why: summed to sex, they count the same persons""",
    ),
    "shares above 1 in all": (
        INCOMES,
        "{low: 0.4, high: 0.7}}",
        """study.yaml:8: society.margins: margin 'income': the shares of this margin do not add \
up to 1
  got: 1.1
  try: give persons, or shares that add up to 1""",
    ),
    "unknown margins": (
        BASE[BASE.index("  margins:\n") : BASE.index("period:")],
        "  margins: cn-2017\n",
        """study.yaml:8: society.margins: no such margins
  got: cn-2017
  expected: a built-in id or a folder with margins.yaml and targets.csv
  try: did you mean "cn-2018"?""",
    ),
}


def judged(text: str) -> None:
    check_study_runs(parse_study(text))


def test_the_base_is_sound() -> None:
    judged(BASE)
    assert len(parse_study(BASE).months) > 0


@pytest.mark.parametrize("name", CASES)
def test_message(name: str) -> None:
    old, new, message = CASES[name]
    assert BASE.count(old) >= 1
    with pytest.raises(ScslabError) as caught:
        judged(BASE.replace(old, new, 1))
    assert str(caught.value) == message
