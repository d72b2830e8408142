"""Words that every questionnaire has, in each language."""

from __future__ import annotations

from scslab.survey.instrument.model import Text

DONT_KNOW = Text(en="don't know", zh="不知道")
REFUSE = Text(en="rather not say", zh="不愿回答")
NONE_OF_THESE = Text(en="none of these", zh="以上都没有")
NO_NUMBER = Text(en="If you gave no number, why?", zh="如未填写数字，请说明原因：")
