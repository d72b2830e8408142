"""What an instrument is and on what it rests, in words: stands on every export."""

from __future__ import annotations

from scslab.survey.instrument.columns import say
from scslab.survey.instrument.model import Instrument, Language


def about_text(instrument: Instrument, language: Language) -> str:
    """Whose instrument this is, after what, and on what its wordings rest.

    Examples
    --------
    >>> from scslab.survey.instrument.load import read_instrument
    >>> about_text(read_instrument("liu-2020").instrument, "en")[:52]
    'A questionnaire of the laboratory scslab (liu-2020),'
    """
    titles = papers(instrument)
    wording = say(instrument.wordings[language].says, language)
    if language == "en":
        after = f", after: {'; '.join(titles)}" if titles else ""
        return (
            f"A questionnaire of the laboratory scslab ({instrument.id}){after}. {wording} "
            "The laboratory puts it to synthetic persons only; it is not the original "
            "questionnaire of any study."
        )
    after = f"，参考：{'；'.join(titles)}" if titles else ""
    return (
        f"本问卷（{instrument.id}）出自实验室 scslab{after}。{wording}"
        "实验室仅用于询问合成人口（虚拟受访者）；本问卷并非任何研究的原始问卷。"
    )


def papers(instrument: Instrument) -> list[str]:
    """The titles of the published sources."""
    return [
        source.title
        for source in instrument.sources.values()
        if source.kind not in ("assumption", "calibration")
    ]
