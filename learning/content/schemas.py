"""What an author may write in YAML, key by key. Each class is one kind of file or entry."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from learning.content.model import REVIEW_PARTS, Audience, FeedbackMoment, ReviewPart

_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_ADDRESS = re.compile(r"https?://[^\s\\<>\"]{3,2000}")


def is_id(value: str) -> bool:
    """Whether a word may serve as a permanent id."""
    return _ID.fullmatch(value) is not None


def _id(value: str) -> str:
    if not is_id(value):
        raise ValueError("must be an id: lower-case letters, digits and hyphens, at most 64, starting with a letter")
    return value


def _plain(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise ValueError("is empty: write it")
    return text


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise ValueError("must be a number written with a point, such as 0.70")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be a web address that starts with https:// or http://")
    return value


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise ValueError("must be a name for formulas: lower-case letters, digits and `_`, starting with a letter")
    return value


Variable = Annotated[str, AfterValidator(_variable)]
Id = Annotated[str, AfterValidator(_id)]
#: One line of plain text; line breaks of a folded YAML text become blanks.
Plain = Annotated[str, Field(max_length=4000), AfterValidator(_plain)]
Short = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
Number = Annotated[str, AfterValidator(_number)]
Address = Annotated[str, AfterValidator(_address)]


class Entry(BaseModel):
    """Common rules: no unknown keys, and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LessonFront(Entry):
    """Front matter of a lesson."""

    id: Id
    title: Short
    minutes: int = Field(ge=1, le=60)
    audience: list[Audience] = Field(min_length=1, max_length=3)
    objectives: list[Plain] = Field(min_length=1, max_length=12)
    sources: list[Id] = Field(min_length=1, max_length=40)


class CalculatorInputEntry(Entry):
    """What a reader may set in a calculator."""

    id: Variable
    label: Short
    unit: Short | None = None
    minimum: float = Field(alias="min", allow_inf_nan=False)
    maximum: float = Field(alias="max", allow_inf_nan=False)
    default: float = Field(allow_inf_nan=False)


class CalculatorOutputEntry(Entry):
    """What a calculator shows."""

    id: Variable
    label: Short
    unit: Short | None = None
    decimals: int = Field(ge=0, le=6)
    formula: Plain
    expect: float = Field(allow_inf_nan=False)


class CalculatorBlock(Entry):
    """A fenced block ``calculator`` of a lesson."""

    id: Id
    title: Short
    inputs: list[CalculatorInputEntry] = Field(min_length=1, max_length=12)
    outputs: list[CalculatorOutputEntry] = Field(min_length=1, max_length=8)


class QuizFront(Entry):
    """Front matter of a quiz."""

    id: Id
    title: Short
    pass_mark: int = Field(ge=0, le=100)
    attempts: int = Field(default=0, ge=0, le=1000)
    shuffle_questions: bool = True
    shuffle_options: bool = True
    time_limit: int = Field(default=0, ge=0, le=1440)
    pause: int = Field(default=0, ge=0, le=43_200)
    draw: int | None = Field(default=None, ge=1, le=500)
    draw_per_lesson: dict[Id, Annotated[int, Field(ge=1, le=100)]] | None = Field(default=None, min_length=1)
    feedback: FeedbackMoment = "after-submit"
    retry_penalty: int | None = Field(default=None, ge=0, le=100)
    one_at_a_time: bool = False
    certainty: bool = False
    review: list[ReviewPart] = Field(default=list(REVIEW_PARTS), max_length=4)


class ModuleFile(Entry):
    """module.yaml."""

    id: Id
    title: Short
    summary: Plain


class CoursePart(Entry):
    """One module of a course."""

    module: Id
    lessons: list[Id] | None = Field(default=None, min_length=1, max_length=200)
    quiz: bool = True


class FinalEntry(Entry):
    """The quiz at the end of a course."""

    id: Id
    title: Short
    pass_mark: int = Field(ge=0, le=100)
    draw_per_module: int = Field(ge=1, le=50)
    attempts: int = Field(default=0, ge=0, le=1000)
    time_limit: int = Field(default=0, ge=0, le=1440)
    pause: int = Field(default=0, ge=0, le=43_200)


class CertificateEntry(Entry):
    """What whoever completes a course is given."""

    title: Short
    valid_months: int | None = Field(default=None, ge=1, le=120)


class CourseFile(Entry):
    """courses/<name>.yaml."""

    id: Id
    title: Short
    summary: Plain
    audience: list[Audience] = Field(min_length=1, max_length=3)
    modules: list[CoursePart] = Field(min_length=1, max_length=200)
    final: FinalEntry | None = None
    certificate: CertificateEntry | None = None
    sign_offs: Literal["required", "optional"] = "optional"


class TermEntry(Entry):
    """An entry of glossary.yaml."""

    id: Id
    term: Short
    zh: Short
    meaning: Plain
    also: list[Short] = Field(default_factory=list, max_length=20)


class SourceEntry(Entry):
    """An entry of sources.yaml."""

    id: Id
    title: Plain
    publisher: Plain
    date: Short | None = None
    url: Address | None = None
    note: Plain | None = None


class ConstantEntry(Entry):
    """An entry of constants.yaml."""

    id: Id
    value: Number
    unit: Short
    meaning: Plain
    source: Id


class BandEntry(Entry):
    """A band of a headline score."""

    low: int = Field(alias="from", ge=0, le=99)
    title: Short
    text: Plain


class HeadlineEntry(Entry):
    """A headline score of an instrument."""

    id: Id
    title: Short
    short: Plain
    minimum_weight: float = Field(ge=0, le=1, allow_inf_nan=False)
    interval_floor: float = Field(ge=0, le=50, allow_inf_nan=False)
    bands: list[BandEntry] = Field(default_factory=list, max_length=20)


class LowerRecommendationEntry(Entry):
    """Where a score in one of the lower bands leads."""

    below: int = Field(ge=1, le=99)
    lesson: Id
    then: Id | None = None
    measure: Plain


class RecommendationEntry(Entry):
    """Where a low score leads."""

    lesson: Id
    then: Id | None = None
    measure: Plain
    lower: list[LowerRecommendationEntry] = Field(default_factory=list, max_length=10)


class CompanyMeasureEntry(Entry):
    """What a company can do about a low score."""

    title: Annotated[Plain, Field(max_length=120)]
    what: Annotated[Plain, Field(max_length=1000)]


class KnowledgeOptionEntry(Entry):
    """A choice of a knowledge item."""

    text: Plain
    right: bool = False
    feedback: Plain


class ItemEntry(Entry):
    """An item of any kind; which keys it needs depends on its dimension's kind."""

    id: Id
    text: Plain
    guidance: Plain
    why: Plain | None = None
    anchors: list[Plain] | None = None
    key: Literal["positive", "negative"] | None = None
    options: list[KnowledgeOptionEntry] | None = None


class DimensionEntry(Entry):
    """A page of an instrument."""

    id: Id
    headline: Id
    title: Short
    weight: float = Field(gt=0, le=1000, allow_inf_nan=False)
    about: Plain
    kind: Literal["anchored", "agreement", "knowledge"]
    recommend: RecommendationEntry | None = None
    measures: list[CompanyMeasureEntry] = Field(default_factory=list, max_length=5)
    items: list[ItemEntry] = Field(min_length=1, max_length=60)


class ComparableEntry(Entry):
    """What a new version says of the one before."""

    version: int = Field(alias="from", ge=1)
    items: list[Id] = Field(min_length=1, max_length=1000)


class InstrumentFile(Entry):
    """instruments/<name>.yaml and, in another language, instruments/<name>.<language>.yaml."""

    id: Id
    version: int = Field(ge=1, le=100_000)
    comparable: ComparableEntry | None = None
    title: Short
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    purpose: str = Field(min_length=1)
    minutes: int = Field(ge=1, le=120)
    status: Plain
    headlines: list[HeadlineEntry] = Field(min_length=1, max_length=12)
    dimensions: list[DimensionEntry] = Field(min_length=1, max_length=60)
    contradictory_pairs: list[list[Id]] = Field(default_factory=list, max_length=200)
