"""Fieldwork: from people who may be asked to the answers as given. Arrays in, arrays out."""

from scslab.survey.fieldwork.clusters import Clusters, draw_clusters
from scslab.survey.fieldwork.dispositions import (
    OUTCOMES,
    Outcome,
    counts,
    dispose,
    disposition_table,
    rates,
)
from scslab.survey.fieldwork.luck import decide, wave_word
from scslab.survey.fieldwork.nonresponse import adjust
from scslab.survey.fieldwork.panel import Followed, follow
from scslab.survey.fieldwork.paradata import (
    device,
    left_at,
    question_seconds,
    queue_day,
    start_day,
    total_seconds,
)
from scslab.survey.fieldwork.probability import Drawn, draw_persons, draw_within
from scslab.survey.fieldwork.recruit import Recruited, cells_of, quota_cells, take
from scslab.survey.fieldwork.replies import (
    ANSWERED,
    DONT_KNOW,
    NO_ANSWER,
    NOT_ASKED,
    REFUSED,
    Habits,
    Questions,
    Said,
    say,
)
from scslab.survey.fieldwork.steps import Step, answer_in_a_hurry, leave_out, make_safer

__all__ = [
    "ANSWERED",
    "DONT_KNOW",
    "NOT_ASKED",
    "NO_ANSWER",
    "OUTCOMES",
    "REFUSED",
    "Clusters",
    "Drawn",
    "Followed",
    "Habits",
    "Outcome",
    "Questions",
    "Recruited",
    "Said",
    "Step",
    "adjust",
    "answer_in_a_hurry",
    "cells_of",
    "counts",
    "decide",
    "device",
    "dispose",
    "disposition_table",
    "draw_clusters",
    "draw_persons",
    "draw_within",
    "follow",
    "leave_out",
    "left_at",
    "make_safer",
    "question_seconds",
    "queue_day",
    "quota_cells",
    "rates",
    "say",
    "start_day",
    "take",
    "total_seconds",
    "wave_word",
]
