"""Wordings brought to one form, so that two ways of saying the same thing are equal.

"Uses the Sesame Credit system" and "users of Sesame Credit" become the words use, sesame, credit.
What changes the meaning is never dropped: not, without, or, other, degrees, numbers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

Tokens = tuple[str, ...]

# Phrases, before words are taken apart; in this order.
PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"['\"`’‘“”´]", ""),
        (r"[‐‑‒–—−]", "-"),
        (r"(?<=\d),(?=\d{3}\b)", ""),
        (r"\bp\.? ?c\.|\bper ?cent\b|%", " "),
        (r"\b(the )?(chinese )?communist party( of china)?s?\b|\bccp\b|\bcpc\b", "party"),
        (r"\bsocial[- ]credit( (systems?|schemes?|programm?es?))?\b|\bscss?\b", "system"),
        (r"\b(schemes?|programm?es?)\b", "system"),
        (r"\b(dont|doesnt|do not|does not|did not|not) knows?\b", "dontknow"),
        (r"\bunsure\b|\bnot sure\b", "dontknow"),
        (r"\bdoes not\b|\bdo not\b|\bdid not\b|\bdoesnt\b|\bdont\b|\bisnt\b|\bis not\b", "not"),
        (r"\bwith no\b", "without"),
        (r">=|≥", " at least "),
        (r"<=|≤", " at most "),
        (r">|\b(over|more than|greater than|exceeding)\b", " above "),
        (r"<|\b(under|less than|fewer than)\b", " below "),
        (r"\b(at least one|one or more|any of the|any)\b", "some"),
        (r"\b(takes?|taking|took) part( in)?\b|\bparticipat\w*( in)?\b", "use"),
        (r"\b(enrol\w*|registered) (in|with)\b", "use"),
        (r"\b(makes?|making|made) use of\b", "use"),
        (r"\b(is|are|being) in favou?r of\b|\bin favou?r of\b", "approve of"),
        (r"\bon-line\b", "online"),
        (r"\bnon-?(?=[a-z])", "not "),
        (r"\bone-?self\b|\bthemselves\b", "own"),
        (r"\bzhima( credit)?\b", "sesame credit"),
        (r"\bregardless\b", ""),
        (r"\b(yuan|cny|renminbi)\b", "rmb"),
        (r"\bbetween (\d+) and (\d+)\b|\b(\d+) (?:to|through) (\d+)\b", r"\1\3-\2\4"),
        (r"\b(\d+) ?- ?(\d+)\b", r"\1-\2"),
        (r"(?<=[a-z])-(?=[a-z])", " "),
        (r"(?<=[a-z])/(?=[a-z])| / ", " or "),
        (r"\band or\b|\band/or\b", "or"),
    )
)  # fmt: skip
TOKEN = re.compile(r"age:[\d-]+|\d+(?:\.\d+)?(?:[-/]\d+(?:\.\d+)?)*\+?|[a-z]+")

# Words that say nothing about which figure is meant.
SMALL = """
a an the of in by to for from at that this these those which who whose whom than as it its
is are was were be been being has have had having do does did will would can could may might
should must with on into about and both there here also so some all every each whether if
own their his her ones our my your they them he she we i you me
share proportion percentage percent fraction mean average sample weighted overall total general
respondent interviewee person people individual citizen chinese china currently today
system believe think consider perceive see find feel report say
"""
WEAK = frozenset(SMALL.split())
# Words of groups that say nothing about who is in them.
OF_GROUPS = """
age aged year old live living resident residence inhabitant dweller area region province
among group subgroup
"""
WEAK_OF_GROUPS = WEAK | frozenset(OF_GROUPS.split())
# Words that mean the same in every survey, by their stems.
SAME = {
    "approval": "approve", "support": "approve", "supportive": "approve", "favour": "approve",
    "endorse": "approve", "endorsement": "approve", "approving": "approve",
    "disapproval": "disapprove", "oppose": "disapprove", "opposition": "disapprove",
    "opponent": "disapprove", "supporter": "approve", "approver": "approve",
    "user": "use", "usage": "use", "utilise": "use",
    "none": "not", "no": "not", "never": "never", "nobody": "not",
    "membership": "member", "holder": "holder",
    "gender": "sex", "woman": "female", "women": "female", "man": "male", "men": "male",
    "centre": "central", "center": "central", "eastern": "east", "western": "west",
    "firm": "company", "enterprise": "company", "business": "company", "corporation": "company",
    "govern": "government", "governmental": "government",
    "another": "other", "indice": "index", "indices": "index",
    "slight": "somewhat", "slightly": "somewhat", "rather": "somewhat",
    "strong": "strongly", "full": "fully",
    "get": "receive", "got": "receive", "obtain": "receive", "gain": "receive",
    "manage": "run", "operate": "run", "administer": "run",
    "advantage": "benefit", "reward": "benefit",
    "urbanite": "urban", "countryside": "rural",
    "behavior": "behaviour", "favor": "approve", "labor": "labour", "rumor": "rumour",
    "colour": "colour", "color": "colour", "neighbor": "neighbour", "honor": "honour",
    "internet": "internet", "education": "education", "educated": "education",
    "rmb": "rmb", "province": "province", "family": "family", "relative": "relative",
    "residential": "residential", "residency": "residence", "knowledge": "knowledge",
    "confident": "confidence", "fair": "fairness", "fairly": "fairly", "unfair": "unfairness",
    "trusting": "trust", "distrust": "mistrust",
}  # fmt: skip
IRREGULAR = {
    "using": "use", "used": "use", "uses": "use", "seen": "see", "sees": "see", "saw": "see",
    "knows": "know", "known": "know", "has": "have", "was": "was", "is": "is", "does": "does",
    "less": "less", "thus": "thus", "this": "this", "status": "status",
    "its": "its", "as": "as", "us": "us", "his": "his", "says": "say",
    "said": "say", "thinks": "think", "thought": "think", "felt": "feel", "found": "find",
    "lives": "live", "living": "live", "lived": "live", "years": "year", "ages": "age",
    "aged": "aged", "people": "people", "being": "being", "during": "during", "news": "news",
    "taxes": "tax", "running": "run", "ran": "run", "heard": "hear", "got": "receive",
}  # fmt: skip
VOWEL = re.compile("[aeiouy]")


def tokens(text: str, weak: frozenset[str] = WEAK) -> Tokens:
    """A wording as its telling words, in order.

    Case, punctuation, articles, spelling (British or American), plurals and endings do not count.

    Examples
    --------
    >>> tokens("Uses the Sesame Credit system")
    ('use', 'sesam', 'credit')
    >>> tokens("Member of the Chinese Communist Party (CCP)") == tokens("party member, party")
    False
    >>> set(tokens("membership in the Communist Party")) == set(tokens("CCP members"))
    True
    """
    return tuple(t for t in raw_tokens(text) if t not in weak)


@cache
def raw_tokens(text: str) -> Tokens:
    """All words of a text in one form each, none dropped."""
    found = unicodedata.normalize("NFKC", text).lower()
    for pattern, by in PHRASES:
        found = pattern.sub(by, found)
    return tuple(stem(word) for word in TOKEN.findall(found))


@cache
def stem(word: str) -> str:
    """A word without its ending, and by its usual synonym.

    Examples
    --------
    >>> [stem(w) for w in ("approving", "policies", "barred", "realise", "realized")]
    ['approve', 'policy', 'bar', 'realiz', 'realiz']
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in SAME:
        return SAME[word]
    single = singular(word)
    if single in SAME:
        return SAME[single]
    base = without_ending(single)
    for guess in (base, base + "e"):
        if guess in SAME:
            return SAME[guess]
        if guess in WHOLE:
            return guess
    base = re.sub(r"(?<=.{3})is$", "iz", base.removesuffix("e") if len(base) > 3 else base)
    return SAME.get(base, base)


WHOLE = frozenset(SAME.values()) | WEAK_OF_GROUPS


def singular(word: str) -> str:
    """A noun without its plural, or a verb without its -s."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(s|x|z|ch|sh)es$", word):
        return word[:-2]
    if word.endswith("s") and not re.search(r"(ss|us|is)$", word) and len(word) > 3:
        return word[:-1]
    return word


def without_ending(word: str) -> str:
    """A verb without -ing or -ed; the doubled letter before it is single again."""
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and VOWEL.search(base):
            return base[:-1] if base[-1] == base[-2] and base[-1] not in "lsz" else base
    return word


NEAR = 0.2  # share of words in common from which a wording is worth naming
NEGATORS = ("not", "without", "neither", "never")


def bag(words: Tokens) -> frozenset[str]:
    """The words of a wording without their order, save that a negation stays with its word.

    Examples
    --------
    >>> bag(("use", "sesam", "not", "tencent")) == bag(("use", "tencent", "not", "sesam"))
    False
    >>> bag(("credit", "receive", "without", "difficulty")) == bag(
    ...     ("receive", "credit", "without", "difficulty")
    ... )
    True
    """
    found, before = set(), ""
    for word in words:
        if word in NEGATORS:
            before += f"{word}:"
        else:
            found.add(before + word)
            before = ""
    return frozenset(found | ({before} if before else set()))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of two wordings that they have in common, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0
