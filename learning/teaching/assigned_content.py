"""Courses, quizzes and instruments as things that can be assigned."""

from __future__ import annotations

from dataclasses import dataclass

from learning.content.model import Catalogue
from learning.teaching.assignments import Thing
from learning.teaching.models import AssignmentKind


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that can be assigned, with its title."""

    thing: Thing
    title: str

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{self.thing.kind.value}:{self.thing.content_id}"


def offered(catalogue: Catalogue) -> tuple[Offered, ...]:
    """Everything that can be assigned: courses, then the self-assessments, then quizzes."""
    return (
        *(Offered(Thing(AssignmentKind.COURSE, each.id), each.title) for each in catalogue.courses.values()),
        *(Offered(Thing(AssignmentKind.ASSESSMENT, each.id), each.title) for each in catalogue.instruments.values()),
        *(Offered(Thing(AssignmentKind.QUIZ, each.id), each.title) for each in catalogue.quizzes.values()),
    )


def title_of(catalogue: Catalogue, thing: Thing) -> str | None:
    """The title of what is assigned; None if the catalogue does not have it any more."""
    match thing.kind:
        case AssignmentKind.COURSE:
            found = catalogue.courses.get(thing.content_id)
            return found.title if found else None
        case AssignmentKind.QUIZ:
            quiz = catalogue.quizzes.get(thing.content_id)
            return quiz.title if quiz else None
        case AssignmentKind.ASSESSMENT:
            instrument = catalogue.instruments.get(thing.content_id)
            return instrument.title if instrument else None
