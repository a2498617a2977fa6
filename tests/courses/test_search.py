"""Search finds lessons and terms in English and in Chinese."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.content.model import Catalogue, Course, CourseModule, Lesson, Module, Term
from learning.content.store import read_catalogue
from learning.courses.search import SearchIndex


def _lesson(id_: str, title: str, text: str) -> Lesson:
    return Lesson(
        id=id_,
        module_id="m",
        title=title,
        minutes=10,
        audience=("employee",),
        objectives=(),
        sources=(),
        html="",
        headings=(),
        text=text,
        terms=(),
        hash="",
    )


LESSONS = (
    _lesson("l1", "Leaks and idle running", "A compressor that leaks runs all night. Café water."),
    _lesson("l2", "Rinsing in steps", "Counter-current rinsing saves water. 清洁生产审核从源头削减开始。"),
)
CATALOGUE = Catalogue(
    hash="1",
    courses={"c": Course("c", "C", "", ("employee",), (CourseModule("m", ("l1", "l2"), None),))},
    modules={"m": Module("m", 1, "M", "", ("l1", "l2"), None)},
    lessons={lesson.id: lesson for lesson in LESSONS},
    quizzes={},
    instruments={},
    terms={"cp": Term("cp", "Cleaner production (CP)", "清洁生产", "A continuous preventive strategy", ("CP",))},
    sources={},
    constants={},
    figures=(),
)
INDEX = SearchIndex(CATALOGUE)


def _found(query: str) -> list[str]:
    return [hit.id for hit in INDEX.search(query)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("compressor", ["l1"]),
        ("LEAK", ["l1"]),
        ("leaking", ["l1"]),
        ("compr", ["l1"]),
        ("cafe", ["l1"]),
        ("water rinsing", ["l2"]),
        ("counter-current", ["l2"]),
        ("water", ["l1", "l2"]),
        ("cp", ["cp"]),
        ("清洁", ["cp", "l2"]),
        ("源头", ["l2"]),
        ("审核", ["l2"]),
        ("洁清", []),
        ("清洁 rinsing", ["l2"]),
        ("nowhere", []),
        ("", []),
        ('" OR NEAR( *', []),
    ],
)
def test_every_word_of_the_query_must_occur(query: str, ids: list[str]) -> None:
    assert sorted(_found(query)) == sorted(ids)


def test_a_match_in_the_title_comes_first() -> None:
    more = dataclasses.replace(
        CATALOGUE,
        lessons={"a": _lesson("a", "Other", "leaks " + "words " * 50), "l1": LESSONS[0]},
        courses={"c": Course("c", "C", "", ("employee",), (CourseModule("m", ("a", "l1"), None),))},
    )
    assert [hit.id for hit in SearchIndex(more).search("leaks")] == ["l1", "a"]


def test_the_snippet_marks_what_was_found_and_keeps_chinese_together() -> None:
    (hit,) = [hit for hit in INDEX.search("源头") if hit.kind == "lesson"]
    assert "源头" in [piece.text for piece in hit.snippet if piece.found]
    assert "清洁生产审核从源头削减开始" in "".join(piece.text for piece in hit.snippet)


def test_a_lesson_that_no_course_lists_is_not_found() -> None:
    assert SearchIndex(dataclasses.replace(CATALOGUE, courses={})).search("compressor") == []


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_may_be_searched(query: str) -> None:
    for hit in INDEX.search(query):
        assert hit.title


def test_several_threads_may_search_at_once() -> None:
    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append(_found("water"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(sorted(result) == ["l1", "l2"] for result in results)


def _key_term(lesson: Lesson, marked: Counter[str]) -> str:
    """What a lesson is about: the term it marks that the fewest lessons mark; of equals the one it marks first."""
    return min(lesson.terms, key=marked.__getitem__)


def test_every_lesson_is_found_by_its_key_term_in_both_languages(published: Path) -> None:
    catalogue = read_catalogue(published)
    index = SearchIndex(catalogue)
    marked = Counter(term for lesson in catalogue.lessons.values() for term in lesson.terms)
    missed = []
    for lesson in catalogue.lessons.values():
        term = catalogue.terms[_key_term(lesson, marked)]
        for words in (term.term, term.zh):
            lessons = [hit.id for hit in index.search(words) if hit.kind == "lesson"]
            if lesson.id not in lessons[:5]:
                missed.append((lesson.id, words))
    assert missed == []


def test_the_chinese_name_of_a_marked_term_leads_to_the_lesson_and_is_shown() -> None:
    lesson = dataclasses.replace(LESSONS[0], terms=("cp",))
    index = SearchIndex(dataclasses.replace(CATALOGUE, lessons={"l1": lesson}))
    (hit,) = [hit for hit in index.search("清洁生产") if hit.kind == "lesson"]
    assert "清洁生产" in [piece.text for piece in hit.snippet if piece.found]
