"""A file of simulated answers has the same bytes whenever it is written."""

import time

import pandas as pd

from scslab.survey.answers import Answers, Variable
from scslab.survey.file.read import read_answers
from scslab.survey.file.write import write_answers


def test_the_moment_of_writing_leaves_no_trace(tmp_path):
    frame = pd.DataFrame({"approval": [1.0, 5.0]})
    answers = Answers(frame, {"approval": Variable("approval")}, label="A wave", synthetic=True)
    write_answers(answers, tmp_path / "first.sav")
    time.sleep(1.1)  # the header counts seconds
    write_answers(answers, tmp_path / "second.sav")
    assert (tmp_path / "first.sav").read_bytes() == (tmp_path / "second.sav").read_bytes()
    assert read_answers(tmp_path / "second.sav").column("approval").tolist() == [1.0, 5.0]
