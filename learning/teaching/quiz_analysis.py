"""The analysis of one quiz: how its scores are spread, and how each question does its work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from learning.content.model import Catalogue, Question
from learning.errors import NotFound
from learning.grading.distractors import Third, thirds
from learning.grading.findings import MINIMUM_ATTEMPTS, Finding, Verdict, verdict
from learning.grading.statistics import (
    ItemStatistics,
    ScoreStatistics,
    discrimination_margin,
    item_analysis,
    score_statistics,
)
from learning.teaching.choice_lines import ChoiceLine, choices_of
from learning.teaching.quiz_queries import (
    EqualAnswers,
    GradedAttempt,
    PaperKind,
    Version,
    equal_answers,
    graded_attempts,
    paper_kinds,
    versions_of,
)

#: Columns of the chart: each ten per cent of the points wide.
COLUMNS = 10
#: Answers to a question are shown from so many people on: of fewer a trainer could tell who gave which.
FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """How many attempts reached a share of the points."""

    #: Per cent; the upper bound belongs to the next column, but for 100.
    low: int
    high: int
    number: int


@dataclass(frozen=True, slots=True)
class ThirdSize:
    """How many attempts stand in each third."""

    lower: int
    middle: int
    upper: int


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """One question."""

    id: str
    number: int
    title: str
    stem_html: str
    item: ItemStatistics
    verdict: Verdict
    #: What the verdict speaks of: the letter of an option, or what was typed.
    rival: str | None
    lines: tuple[ChoiceLine, ...]
    #: Attempts by third that had the question on their paper.
    asked: ThirdSize
    several_choices: bool
    #: Versions of the question that these attempts met; more than one are mixed in the figures.
    versions: int


@dataclass(frozen=True, slots=True)
class QuizAnalysis:
    """One quiz over all its attempts."""

    quiz_id: str
    title: str
    #: Per cent.
    pass_mark: int
    people: int
    scores: ScoreStatistics
    #: Share of the attempts that passed.
    passed: float
    columns: tuple[ScoreColumn, ...]
    thirds: ThirdSize
    #: How far chance alone moves a discrimination index; None where nothing can be said.
    margin: float | None
    #: Attempts that a question needs before anything is said of it.
    needed: int
    #: Those that enough people had.
    questions: tuple[QuestionAnalysis, ...]
    #: How many too few people had.
    withheld: int
    #: So many people are enough.
    fewest_people: int

    @property
    def attempts(self) -> int:
        """Attempts that count."""
        return self.scores.attempts

    @property
    def mixed(self) -> tuple[QuestionAnalysis, ...]:
        """Questions of which several versions are mixed."""
        return tuple(question for question in self.questions if question.versions > 1)

    @property
    def suspects(self) -> tuple[QuestionAnalysis, ...]:
        """Questions whose key or wording should be checked."""
        return tuple(each for each in self.questions if each.verdict.finding in {Finding.CHECK_KEY, Finding.REVERSED})


def quiz_analysis(organization_id: str, quiz_id: str, catalogue: Catalogue, *, first_only: bool) -> QuizAnalysis | None:
    """The analysis; None while nobody of the organization has handed the quiz in.

    Raises NotFound for a quiz that is neither taught nor was ever handed in here.
    """
    attempts = graded_attempts(organization_id, quiz_id, first_only=first_only)
    taught = catalogue.quizzes.get(quiz_id)
    if not attempts:
        if taught is None:
            raise NotFound
        return None
    asked = {question_id for attempt in attempts for question_id in attempt.marks}
    known = versions_of(asked)
    # Every paper is looked at only where a question has changed at some time.
    unchanged = len(known) == len(asked)
    kinds = paper_kinds(organization_id, quiz_id, first_only=first_only, newest_only=unchanged)
    versions = (
        {each.question.id: [each.question] for each in known.values()} if unchanged else _newest_first(kinds, known)
    )
    order = {question.id: place for place, question in enumerate(taught.questions if taught else ())}
    question_ids = sorted(asked & versions.keys(), key=lambda each: (order.get(each, len(order)), each))
    maximum = [versions[each][0].points for each in question_ids]
    worth = list(zip(question_ids, maximum, strict=True))
    # In points of the newest version: where a question once gave more or less, its share counts.
    marks = [
        [None if (share := attempt.marks.get(each)) is None else share * points for each, points in worth]
        for attempt in attempts
    ]
    by_score = Counter(attempt.score for attempt in attempts)
    thirds_of = thirds(by_score)
    marked = _by_verdict(question_ids, attempts, thirds_of)
    answers: defaultdict[str, list[EqualAnswers]] = defaultdict(list)
    for each in equal_answers(organization_id, quiz_id, first_only=first_only):
        answers[each.question_id].append(each)
    shown = _known_by_enough(question_ids, attempts)
    questions = [
        _question(number, item, versions[question_id], marked[question_id], answers[question_id], thirds_of)
        for number, (question_id, item) in enumerate(
            zip(question_ids, item_analysis(marks, maximum), strict=True), start=1
        )
        if question_id in shown
    ]
    return QuizAnalysis(
        quiz_id=quiz_id,
        title=kinds[0].title,
        pass_mark=kinds[0].pass_mark,
        people=len({attempt.user_id for attempt in attempts}),
        scores=score_statistics(marks, maximum),
        passed=sum(attempt.passed for attempt in attempts) / len(attempts),
        columns=_columns(by_score),
        thirds=_sizes((thirds_of[score], number) for score, number in by_score.items()),
        margin=discrimination_margin(len(attempts)),
        needed=MINIMUM_ATTEMPTS,
        questions=tuple(questions),
        withheld=len(question_ids) - len(questions),
        fewest_people=FEWEST_PEOPLE,
    )


def _known_by_enough(question_ids: Iterable[str], attempts: Sequence[GradedAttempt]) -> set[str]:
    """The questions that enough people had. Ends as soon as all of them are."""
    people: dict[str, set[str]] = {question_id: set() for question_id in question_ids}
    enough: set[str] = set()
    for attempt in attempts:
        if not people:
            break
        for question_id in people.keys() & attempt.marks.keys():
            people[question_id].add(attempt.user_id)
            if len(people[question_id]) >= FEWEST_PEOPLE:
                enough.add(question_id)
                del people[question_id]
    return enough


def _newest_first(kinds: Sequence[PaperKind], versions: Mapping[str, Version]) -> dict[str, list[Question]]:
    """Question -> its versions on these papers, the newest first."""
    found: defaultdict[str, list[Question]] = defaultdict(list)
    hashes = dict.fromkeys(each for kind in kinds for each in kind.question_hashes)
    for each in hashes:
        if version := versions.get(each):
            found[version.question.id].append(version.question)
    return dict(found)


def _by_verdict(
    question_ids: Iterable[str], attempts: Sequence[GradedAttempt], thirds_of: Mapping[float, Third]
) -> dict[str, Counter[tuple[str, Third]]]:
    """Question -> how many attempts of each third were marked how."""
    placed = [(attempt.verdicts, thirds_of[attempt.score]) for attempt in attempts]
    return {
        question_id: Counter((verdicts[question_id], third) for verdicts, third in placed if question_id in verdicts)
        for question_id in question_ids
    }


def _question(
    number: int,
    item: ItemStatistics,
    versions: Sequence[Question],
    marked: Mapping[tuple[str, Third], int],
    answers: Sequence[EqualAnswers],
    thirds_of: Mapping[float, Third],
) -> QuestionAnalysis:
    question = versions[0]
    choices = choices_of(versions, answers, marked, thirds_of)
    found = verdict(item, choices.counts, choices.right)
    return QuestionAnalysis(
        id=question.id,
        number=number,
        title=question.title,
        stem_html=question.stem_html,
        item=item,
        verdict=found,
        rival=choices.name_of(found.choice),
        lines=choices.lines,
        asked=_sizes((third, count) for (_, third), count in marked.items()),
        several_choices=question.type == "multiple",
        versions=len(versions),
    )


def _sizes(counts: Iterable[tuple[Third, int]]) -> ThirdSize:
    sizes: Counter[Third] = Counter()
    for third, number in counts:
        sizes[third] += number
    return ThirdSize(sizes[Third.LOWER], sizes[Third.MIDDLE], sizes[Third.UPPER])


def _columns(by_score: Mapping[float, int]) -> tuple[ScoreColumn, ...]:
    counts: Counter[int] = Counter()
    for score, number in by_score.items():
        # A hair is added: 0.3 times 10 is a little less than 3 in floating point.
        counts[min(COLUMNS - 1, int(score * COLUMNS + 1e-9))] += number
    width = 100 // COLUMNS
    return tuple(ScoreColumn(place * width, (place + 1) * width, counts[place]) for place in range(COLUMNS))
