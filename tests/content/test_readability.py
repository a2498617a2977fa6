"""The Flesch-Kincaid grade: published figures, words of known length, and what counts as a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.readability import grade, sentences_of, syllables, words_of

#: Words of the course with their spoken syllables.
SPOKEN = {
    1: "waste steam heat used rinsed pipes tonnes gauge the free pipe fire hour washed mixed scale leave planned drained",
    2: "water reuse metre pressure cleaner valves' added treatment balance region heated simple quiet careful statement "
    "being noises gauges litres losses tables handled quarter special patient",
    3: "production energy reduction company idea area solution chemical efficient recycling period hazardous serious "
    "employer continue conditions seemingly",
    4: "material environment efficiency temperature evaluate actually kilometres annually associate",
    5: "electricity sustainability",
}


def test_syllables_are_as_spoken_in_nine_words_of_ten() -> None:
    counted = [(word, number, syllables(word)) for number, words in SPOKEN.items() for word in words.split()]
    wrong = [entry for entry in counted if entry[1] != entry[2]]
    assert len(wrong) <= len(counted) / 10, wrong
    assert abs(sum(entry[2] - entry[1] for entry in counted)) <= len(counted) / 20


def test_an_abbreviation_is_spelled_out() -> None:
    assert [syllables(word) for word in ("COD", "CNY", "GWH")] == [3, 3, 5]


@given(st.text(min_size=1, max_size=30))
def test_every_word_has_a_syllable(text: str) -> None:
    assert all(syllables(word) >= 1 for word in words_of(text))


def test_the_grade_is_the_formula_of_1975() -> None:
    # Six words of one syllable in one sentence.
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    # Six words of eleven syllables in two sentences of two paragraphs.
    assert grade(["Reduction helps.", "The company saves water."]) == pytest.approx(0.39 * 3 + 11.8 * 11 / 6 - 15.59)
    assert grade([]) == grade(["12 ÷ 4 = 3"]) == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ('"Free?" It costs 0.076 CNY. Mrs. Wu knows.', 3),
        ("It takes 60 L. Six are left.", 2),
        ("See Art. 27 of the law, i.e. The Law.", 1),
        ("Dr. Li read J. P. Kincaid. He said so.", 2),
        ("no capital after this. so it goes on", 1),
        ("", 0),
    ],
)
def test_a_sentence_ends_where_another_begins(text: str, count: int) -> None:
    assert len(sentences_of(text)) == count


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "use makes cleaned called waste the rinse years through filled valve"),
        (2, "table uses needed metre useful client nation movement careful safely water"),
        (3, "idea supplier video manual reaction ratio energy company"),
        (4, "material environment responsible operation"),
        (5, "organization participation refrigerator"),
    ],
)
def test_a_word_has_the_syllables_of_the_dictionary(count: int, words: str) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_initials_are_spelled_out_and_a_possessive_adds_nothing() -> None:
    assert (syllables("ISO"), syllables("company's"), syllables("company’s")) == (3, 3, 3)


def test_the_formula_gives_the_figures_that_are_published_for_it() -> None:
    # The lowest grade there is: one word of one syllable in each sentence.
    assert grade(["Shut. Stop. Look."]) == pytest.approx(-3.40)
    # Six words, six syllables.
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)


def test_a_long_sentence_of_long_words_asks_for_more_school_than_a_plain_one() -> None:
    plain = "Shut the valve. Then call the shift lead."
    hard = "Responsibility for environmental communication necessitates organizational participation and documentation."
    assert grade([plain]) < 3 < 9 < grade([hard])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("No full stop at all", 1),
        ("One. Two! Three?", 3),
        ("One. And the rest", 2),
        ('He said "stop it." Then he went.', 2),
        ("It costs 1.5 kWh.", 1),
        ("Look about, e.g. at the store.", 1),
    ],
)
def test_sentences_end_at_a_full_stop_and_not_inside_a_number(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences


def test_a_text_without_words_asks_for_nothing() -> None:
    assert grade([]) == grade([""]) == grade([" ... - !"]) == 0.0


@given(st.text(max_size=200))
def test_any_text_can_be_measured(text: str) -> None:
    assert all(syllables(word) >= 1 for word in words_of(text))
    assert isinstance(grade([text]), float)


@given(st.lists(st.sampled_from(["Shut the valve.", "Weigh the scrap.", "Ask why."]), min_size=1, max_size=6))
def test_repeating_a_text_does_not_change_its_grade(sentences: list[str]) -> None:
    assert grade(sentences * 2) == pytest.approx(grade(sentences))
