"""Words of a label to the reason of a missing answer."""

from __future__ import annotations

import re
import unicodedata

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import REASONS, Reason

# The first pattern that fits decides, so "don't know / no answer" is dk and "not asked" is no
# "no answer". English, German, French, Spanish, Chinese (both scripts).
_PATTERNS: tuple[tuple[Reason, str], ...] = (
    (
        "dk",
        r"\b(do ?nt|do not|does ?nt|did ?nt) know\b|\bdk\b|\bdunno\b|\bnot sure\b|\bcan ?n?o?t "
        r"(choose|say)\b|weiss (es )?nicht|keine ahnung|ne sai[st] pas|\bnsp\b|no sabe|\bns\b"
        r"|不知道|不清楚|说不清|說不清|不确定|不確定|难以回答|難以回答|不了解",
    ),
    (
        "not_asked",
        r"\bnot asked\b|not in (the )?(survey|questionnaire|wave)|\bnot administered\b|by design"
        r"|nicht (er|ge)fragt|non pos[eé]e|no preguntad"
        r"|未问|未問|没有问|沒有問|未询问|未詢問|未调查",
    ),
    (
        "not_applicable",
        r"\bnot applicable\b|\binap(plicable)?\b|\bdoes ?n[o']?t apply\b|\bskip(ped)?\b"
        r"|trifft nicht zu|nicht anwendbar|entfällt|sans objet|no procede|no aplica"
        r"|不适用|不適用|跳答|跳过|跳過",
    ),
    (
        "refused",
        r"\bref\b|\brefus(ed|al|es?)?\b|\bdeclined?\b|prefer(red|s)? not to|verweiger|rehus"
        r"|\bno contesta\b|拒绝|拒絕|拒答|不愿|不願|不想回答",
    ),
    (
        "attrition",
        r"\battrition\b|lost to follow|dropped out|drop ?out|ausgeschieden|失访|失訪|退出",
    ),
    ("invalid", r"\binvalid\b|\bimplausible\b|out of range|ungültig|unzulässig|无效|無效|异常"),
    (
        "no_answer",
        r"\bno (answer|response|reply)\b|\bnot (answered|stated|ascertained)\b|\bunanswered\b"
        r"|\bnonresponse\b|non response|keine (angabe|antwort)|sans réponse|non réponse"
        r"|sin respuesta|无回答|無回答|未回答|未答|没有回答|缺答|漏答|不回答",
    ),
    ("unknown", r"\bmissing\b|\bunknown\b|fehlend|manquant|缺失|未知"),
)
_COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in _PATTERNS)


def reason_of(label: str) -> Reason:
    """The reason that a label of a missing code tells; "unknown" where it tells none.

    Examples
    --------
    >>> reason_of("Don't know / no answer"), reason_of("拒绝回答"), reason_of("88")
    ('dk', 'refused', 'unknown')
    """
    return reason_in(label) or "unknown"


def reason_in(label: str) -> Reason | None:
    """The reason that a label tells, or None: for codes of which nothing says they are missing.

    Examples
    --------
    >>> reason_in("Nicht zutreffend: weiß nicht"), reason_in("Agree")
    ('dk', None)
    """
    text = unicodedata.normalize("NFKC", label).casefold()
    text = re.sub(r"[’'`]", "", text)
    text = " ".join(re.sub(r"[^\w' ]+", " ", text).replace("_", " ").split())
    return next((reason for reason, pattern in _COMPILED if pattern.search(text)), None)


def declared_reason(word: str, where: str) -> Reason:
    """A reason that a user wrote, checked.

    Raises
    ------
    ScslabError
        No such reason; the nearest is told.
    """
    plain = word.strip().replace(" ", "_").replace("-", "_").casefold()
    for reason in REASONS:
        if plain == reason:
            return reason  # type: ignore[return-value]
    raise ScslabError(
        "unknown reason of a missing answer",
        where=where,
        got=word,
        expected=", ".join(REASONS),
        hint=near(plain, REASONS) if plain else "",
    )
