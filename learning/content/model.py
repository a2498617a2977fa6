"""The records of the catalogue: courses, modules, lessons, quizzes, questions, instruments.

All records are immutable and hold finished, sanitised HTML where their field name ends in ``html``.
They are written to and read from JSON by ``learning.content.store``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from learning.content.expressions import Program

Audience = Literal["employee", "audit-team", "manager"]


@dataclass(frozen=True, slots=True)
class Source:
    """A work that lessons cite; listed under each lesson that uses it."""

    id: str
    title: str
    publisher: str
    date: str | None = None
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry in English and Chinese."""

    id: str
    term: str
    zh: str
    meaning: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that depends on place and time; lessons name it instead of repeating it."""

    id: str
    #: As written by the author, so that 0.70 keeps its last digit.
    value: str
    unit: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that belongs to a module."""

    module_id: str
    #: File name inside the module's ``figures`` folder.
    name: str
    #: SHA-256 of the file, hexadecimal.
    hash: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of a lesson, for its table of contents."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class CalculatorInput:
    """A number that the reader may set."""

    id: str
    label: str
    #: Empty for a bare number.
    unit: str
    minimum: float
    maximum: float
    default: float


@dataclass(frozen=True, slots=True)
class CalculatorOutput:
    """A number that a calculator shows."""

    id: str
    label: str
    unit: str
    decimals: int
    #: For ``expressions.evaluate``; may fetch inputs and the outputs above.
    program: Program


@dataclass(frozen=True, slots=True)
class Calculator:
    """A worked example with which the reader can go on reckoning."""

    id: str
    title: str
    inputs: tuple[CalculatorInput, ...]
    outputs: tuple[CalculatorOutput, ...]


@dataclass(frozen=True, slots=True)
class PracticeTask:
    """A try-it-at-work box that asks for a sign-off: what was done is handed in, and somebody confirms it."""

    id: str
    title: str
    #: What it says as plain text, a line for each paragraph.
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson, ready to show."""

    id: str
    module_id: str
    title: str
    #: Reading time in minutes.
    minutes: int
    audience: tuple[Audience, ...]
    objectives: tuple[str, ...]
    #: Ids of sources, in the order of the front matter.
    sources: tuple[str, ...]
    html: str
    #: Level-2 and level-3 headings in order.
    headings: tuple[Heading, ...]
    #: Plain text of the body, for search.
    text: str
    #: Ids of the glossary terms it uses, in order of first use.
    terms: tuple[str, ...]
    #: SHA-256 of the source file; tells under which version somebody read it.
    hash: str
    #: In the order of the text; ``html`` holds an empty ``<div data-calculator="id">`` for each.
    calculators: tuple[Calculator, ...] = ()
    practice: PracticeTask | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a choice question."""

    #: Derived from the text, so that it tells nothing about place or rightness.
    id: str
    html: str
    right: bool
    feedback_html: str | None


# Every question names the ``objectives`` it tests as lesson and place: "m03-l2.1" is the first one of m03-l2. They
# stand last and may be missing, so that questions which were frozen before they had any can still be read.


@dataclass(frozen=True, slots=True)
class SingleQuestion:
    """Exactly one right option."""

    id: str
    points: int
    #: Plain text of the heading.
    title: str
    #: Heading and what follows it up to the answer.
    stem_html: str
    explanation_html: str
    options: tuple[Option, ...]
    type: Literal["single"] = "single"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MultipleQuestion:
    """One or more right options; partial credit is right minus wrong, never below 0."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    options: tuple[Option, ...]
    type: Literal["multiple"] = "multiple"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrueFalseQuestion:
    """Two options, one of them right."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    options: tuple[Option, ...]
    type: Literal["true-false"] = "true-false"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumericRange:
    """A closed interval of values in one unit: a right answer or a known mistake."""

    low: Decimal
    high: Decimal
    #: How the author wrote the value, to show it ("1143", "40 to 45").
    shown: str
    unit: str | None
    feedback_html: str | None


@dataclass(frozen=True, slots=True)
class NumericQuestion:
    """A number, with a unit or without one."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    #: One for each accepted unit; the first is shown to the learner.
    accepted: tuple[NumericRange, ...]
    mistakes: tuple[NumericRange, ...]
    type: Literal["numeric"] = "numeric"
    objectives: tuple[str, ...] = ()
    #: The values of this variant, which tell it from the others; empty where there are none.
    variant: str = ""
    #: The same question with other values, this one first; one of them is asked. Empty where there are none.
    variants: tuple[NumericQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class ShortQuestion:
    """A few typed words."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    accepted: tuple[str, ...]
    type: Literal["short"] = "short"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt and its match, both finished HTML."""

    id: str
    prompt_html: str
    match_html: str


@dataclass(frozen=True, slots=True)
class MatchingQuestion:
    """Prompts to be joined with their matches."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    pairs: tuple[Pair, ...]
    type: Literal["matching"] = "matching"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """One entry of an ordering question."""

    id: str
    html: str


@dataclass(frozen=True, slots=True)
class OrderingQuestion:
    """Entries to be put in order; they stand here in the right order."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    items: tuple[OrderedItem, ...]
    type: Literal["ordering"] = "ordering"
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a text: chosen from ``choices``, or typed when there are none."""

    id: str
    right: tuple[str, ...]
    #: All choices including the right one; empty for a typed gap.
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClozeQuestion:
    """A text with gaps. ``html_parts`` has one entry more than ``gaps``: they alternate."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    html_parts: tuple[str, ...]
    gaps: tuple[Gap, ...]
    type: Literal["cloze"] = "cloze"
    objectives: tuple[str, ...] = ()


ChoiceQuestion = SingleQuestion | MultipleQuestion | TrueFalseQuestion
Question = Annotated[
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | NumericQuestion
    | ShortQuestion
    | MatchingQuestion
    | OrderingQuestion
    | ClozeQuestion,
    Field(discriminator="type"),
]


def lesson_of(question: Question) -> str | None:
    """The lesson that a question belongs to: that of the first objective it names."""
    return question.objectives[0].rpartition(".")[0] if question.objectives else None


#: When the person learns what was right: question by question, after handing in, or once the quiz has closed.
FeedbackMoment = Literal["immediate", "after-submit", "after-close"]
#: What a review shows beside the person's own answers.
ReviewPart = Literal["marks", "feedback", "key", "explanation"]
REVIEW_PARTS: tuple[ReviewPart, ...] = ("marks", "feedback", "key", "explanation")


@dataclass(frozen=True, slots=True)
class Draw:
    """So many questions by chance, of those about some lessons or (empty) of the whole bank."""

    count: int
    lesson_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How a quiz is sat, beside its pass mark and number of attempts."""

    #: Minutes from the start to the end; 0 is no limit.
    time_limit: int = 0
    #: Minutes from handing in to the next start; 0 is none.
    pause: int = 0
    #: Empty: every question is asked.
    draw: tuple[Draw, ...] = ()
    feedback: FeedbackMoment = "after-submit"
    #: Per cent of the points that a second try costs; None allows none. Only where feedback is immediate.
    retry_penalty: int | None = None
    #: Whether each question stands on a page of its own.
    one_at_a_time: bool = False
    #: Whether people say how sure they are, and are marked by it.
    certainty: bool = False
    review: tuple[ReviewPart, ...] = REVIEW_PARTS


@dataclass(frozen=True, slots=True)
class Quiz:
    """A bank of questions and the rules of sitting it."""

    id: str
    #: None for the final quiz of a course, whose questions are those of its modules.
    module_id: str | None
    title: str
    #: What stands before the first question; may be empty.
    intro_html: str
    #: Per cent of the points that pass, 0 to 100.
    pass_mark: int
    #: Number of attempts allowed; 0 is no limit.
    attempts: int
    shuffle_questions: bool
    shuffle_options: bool
    questions: tuple[Question, ...]
    #: SHA-256 of the source file.
    hash: str
    rules: QuizRules = QuizRules()

    @property
    def asked(self) -> int:
        """Number of questions of one attempt."""
        return sum(draw.count for draw in self.rules.draw) or len(self.questions)


@dataclass(frozen=True, slots=True)
class Module:
    """A folder of lessons with at most one quiz."""

    id: str
    #: From the folder's name; gives the order.
    number: int
    title: str
    summary: str
    lesson_ids: tuple[str, ...]
    quiz_id: str | None


@dataclass(frozen=True, slots=True)
class CourseModule:
    """The part of a module that a course asks for."""

    module_id: str
    lesson_ids: tuple[str, ...]
    quiz_id: str | None


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """What whoever completes a course is given: every lesson read, every quiz passed, every sign-off it requires."""

    #: What it attests, as it stands on the paper.
    title: str
    #: None: for ever.
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Which lessons and quizzes, in which order, for whom."""

    id: str
    title: str
    summary: str
    audience: tuple[Audience, ...]
    modules: tuple[CourseModule, ...]
    #: The quiz over all of it, which stands at its end.
    final_quiz_id: str | None = None
    #: None: completing it earns no certificate.
    certificate: CertificateRules | None = None
    #: Ids of the practice tasks that must be confirmed for it; none where sign-offs are optional.
    practice_ids: tuple[str, ...] = ()

    @property
    def lesson_ids(self) -> tuple[str, ...]:
        """All lessons in reading order."""
        return tuple(lesson for part in self.modules for lesson in part.lesson_ids)

    @property
    def quiz_ids(self) -> tuple[str, ...]:
        """All quizzes that must be passed."""
        quizzes = tuple(part.quiz_id for part in self.modules if part.quiz_id)
        return (*quizzes, self.final_quiz_id) if self.final_quiz_id else quizzes


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a headline score: from ``low`` up to the next band's ``low``."""

    low: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A score of the instrument as a whole."""

    id: str
    title: str
    short: str
    #: Share of the dimensions' weight that must be scored, 0 to 1.
    minimum_weight: float
    #: Least standard error of measurement of a dimension, in points of 100.
    interval_floor: float
    #: In rising order; empty for a headline that has no bands.
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a low score of a dimension leads to. Lessons may not be written yet."""

    lesson: str
    then: str | None
    measure: str
    #: Only for scores below this cut point of the headline's bands; None for all.
    below: int | None = None

    @property
    def lessons(self) -> tuple[str, ...]:
        """Ids of the lessons, the first one first."""
        return (self.lesson, self.then) if self.then else (self.lesson,)


@dataclass(frozen=True, slots=True)
class CompanyMeasure:
    """What a company can do where a dimension is weak. Nobody who answers reads it."""

    title: str
    what: str


@dataclass(frozen=True, slots=True)
class AnchoredItem:
    """Five sentences, level 0 to 4; the highest completely true one is chosen."""

    id: str
    text: str
    anchors: tuple[str, str, str, str, str]
    guidance: str
    why: str
    kind: Literal["anchored"] = "anchored"


@dataclass(frozen=True, slots=True)
class AgreementItem:
    """A statement, 1 (not at all true) to 5 (completely true)."""

    id: str
    text: str
    #: A negative item is turned before scoring: x' = 6 - x.
    key: Literal["positive", "negative"]
    guidance: str
    kind: Literal["agreement"] = "agreement"


@dataclass(frozen=True, slots=True)
class KnowledgeOption:
    """One choice of a knowledge item."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class KnowledgeItem:
    """A question with one right option. Its response is the option's place, from 0."""

    id: str
    text: str
    options: tuple[KnowledgeOption, ...]
    guidance: str
    kind: Literal["knowledge"] = "knowledge"


Item = Annotated[AnchoredItem | AgreementItem | KnowledgeItem, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A page of the instrument: items of one kind about one thing."""

    id: str
    headline_id: str
    title: str
    about: str
    weight: float
    kind: Literal["anchored", "agreement", "knowledge"]
    items: tuple[Item, ...]
    #: For every score that needs advice and has none of its own below.
    recommendation: Recommendation | None
    #: For the lower bands, in rising order of ``below``.
    lower_recommendations: tuple[Recommendation, ...] = ()
    #: For the action plan of a company; no part of what is asked, so no part of the hash.
    measures: tuple[CompanyMeasure, ...] = ()

    def recommendation_at(self, score: float) -> Recommendation | None:
        """What a score of this dimension leads to."""
        lower = (each for each in self.lower_recommendations if each.below is not None and score < each.below)
        return next(lower, self.recommendation)


@dataclass(frozen=True, slots=True)
class Comparable:
    """Which items mean the same as in an earlier version, so that their answers may be compared."""

    #: The earlier version.
    version: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A self-assessment. Immutable by ``hash`` once somebody has answered it."""

    id: str
    version: int
    title: str
    language: str
    purpose_html: str
    minutes: int
    status: str
    headlines: tuple[Headline, ...]
    dimensions: tuple[Dimension, ...]
    #: Pairs of agreement items that cannot both be completely true.
    contradictory_pairs: tuple[tuple[str, str], ...]
    #: SHA-256 of its canonical JSON, hexadecimal (``instrument_versions``).
    hash: str
    #: None for a first version.
    comparable: Comparable | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @property
    def score_headlines(self) -> tuple[Headline, ...]:
        """The one or two headlines that have a score of 100; the knowledge check is none of them."""
        scales = {dimension.headline_id for dimension in self.dimensions if dimension.kind != "knowledge"}
        return tuple(headline for headline in self.headlines if headline.id in scales)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All content at one moment. Dictionaries are keyed by id and keep their order."""

    #: SHA-256 over all files.
    hash: str
    courses: dict[str, Course]
    modules: dict[str, Module]
    lessons: dict[str, Lesson]
    quizzes: dict[str, Quiz]
    instruments: dict[str, Instrument]
    terms: dict[str, Term]
    sources: dict[str, Source]
    constants: dict[str, Constant]
    figures: tuple[Figure, ...]
    #: Instrument id -> language -> the same instrument in that language.
    translations: dict[str, dict[str, Instrument]] = field(default_factory=dict)

    def instrument_in(self, instrument_id: str, language: str) -> Instrument | None:
        """An instrument in a language, else as it was first written; None if there is no such instrument."""
        return self.translations.get(instrument_id, {}).get(language) or self.instruments.get(instrument_id)

    def lesson_with_task(self, task_id: str) -> Lesson | None:
        """The lesson that holds a practice task; None if there is no such task (any more)."""
        return next((each for each in self.lessons.values() if each.practice and each.practice.id == task_id), None)
