"""“Check goods” on the submission form: each line with its candidates, its notes and the questions that decide."""

from dataclasses import dataclass, field
from typing import Any

from screening import classifying
from screening.forms.answers import AnswersForm, of_lines
from screening.forms.submission import Submission
from screening.forms.transcript import payload_of
from screening.lookup import NoPolicy
from screening.payload import FieldError
from screening.views import goods

MOST = 40  # lines that have fields for their questions at once; the others show them to read


@dataclass(slots=True)
class Check:
    """What a look at the lines found; `problem` says why there could be none, `asked` how many lines have fields."""

    done: bool = False
    problem: str = ""
    lines: int = 0
    listed: int = 0
    questions: int = 0
    asked: int = 0
    errors: list[FieldError] = field(default_factory=list)


def look(form: Submission, *, wanted: bool) -> Check:
    """Put on each line what it would be classified as and what is asked; answers that cannot be read in any case."""
    check = Check()
    rows: dict[int, dict[str, Any]] = {}
    if wanted:
        try:
            rows, check.errors = classifying.as_entered(payload_of(form))
            check.done = True
        except NoPolicy as error:
            check.problem = str(error)
    answered = of_lines(form.data)
    for number, line in enumerate(form.lines, start=1):
        prefix = str(line.prefix)
        row = rows.get(number)
        if row is not None:
            line.judged = goods.shown(row)
            check.lines += 1
            check.listed += bool(line.judged["candidates"])
            check.questions += len(line.judged["questions"])
        questions = line.judged["questions"] if line.judged and check.asked < MOST else ()
        check.asked += bool(questions)
        if prefix in answered or questions:
            line.asked = AnswersForm(questions, data=answered.get(prefix, {}), prefix=prefix)
    return check
