"""Wordings in one form: what does not count, and what must count."""

import pytest

from scslab.core.errors import ScslabError
from scslab.evaluation.ledger.ages import with_ages
from scslab.evaluation.ledger.effects import effects
from scslab.evaluation.ledger.patterns import expand
from scslab.evaluation.ledger.words import bag, tokens

SAME = [
    ("Approves of the social credit systems", "approve of SCSs"),
    ("supports social credit", "is in favour of social credit systems"),
    ("users of Sesame Credit", "uses the Sesame Credit system"),
    ("uses Zhima Credit", "uses Sesame Credit"),
    ("members of the Chinese Communist Party", "CCP membership"),
    ("disapproves strongly", "strong disapproval"),
    ("women", "females"),
    ("behaviour of firms", "Behavior of companies"),
    ("80 per cent of respondents are men", "80% of the interviewees are male"),
    ("income over 4,000 yuan", "income > 4000 RMB"),
    ("fewer than 5 hours", "less than 5 hours"),
    ("obtained credit with no difficulty", "credit was received without difficulties"),
    ("between 14 and 30", "14 to 30"),
    ("takes part in a system", "participates in a system"),
    ("does not know whether", "unsure whether"),
    ("organised", "organized"),
]
DIFFERENT = [
    ("approves", "disapproves"),
    ("approves", "does not approve"),
    ("approves", "strongly approves"),
    ("uses a commercial system", "uses other commercial systems"),
    ("credit without difficulty", "credit with difficulty"),
    ("uses Sesame and not Tencent", "uses Tencent and not Sesame"),
    ("uses Sesame and Tencent", "uses Sesame or Tencent"),
    ("higher interest", "lower interest"),
    ("employed", "uses"),
    ("below 1000 RMB", "above 1000 RMB"),
    ("provincial government", "municipal government"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_other_words(one: str, other: str):
    assert bag(tokens(one)) == bag(tokens(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_changes_the_meaning_counts(one: str, other: str):
    assert bag(tokens(one)) != bag(tokens(other))


def test_an_effect_has_a_direction():
    (x, y), *_ = effects("the effect of confidence in government on approval")
    assert (x, y) == (bag(tokens("confidence in government")), bag(tokens("approval")))
    assert effects("effect of approval on confidence in government")[0] == (y, x)
    assert effects("effect on approval of confidence in government")[0] == (x, y)
    assert (x, None) in effects("effect of confidence in government")


def test_ages_in_words():
    said = {
        "women over 50": "age:51-",
        "51 and older": "age:51-",
        "under 31": "age:-30",
        "up to 30 years": "age:-30",
        "18+": "age:18-",
        "14–30": "age:14-30",
        "men, 14-30, East": "age:14-30",
        "31 to 50 year-olds": "age:31-50",
    }
    for text, token in said.items():
        assert token in with_ages(text), text
    for text in ("above 4000 RMB", "below 1,000 RMB", "3-4 h", "score over 650"):
        assert "age:" not in with_ages(text), text


def test_patterns_and_their_mistakes():
    assert expand("(a|b) c (d)") == ("a c d", "a c", "b c d", "b c")
    assert expand("((very) good|bad)") == ("very good", "bad", "good")
    with pytest.raises(ScslabError, match="open or closed once too often"):
        expand("(a|b")
    with pytest.raises(ScslabError, match="more than 2,000 wordings"):
        expand("(a|b|c|d|e|f)" * 5)
