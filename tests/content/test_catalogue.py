"""The content folder as a whole: order, ids, references, and files nobody should trust."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded, load_catalogue
from learning.content.model import CourseModule, Figure
from tests.content.builders import COURSE, LESSON, SVG, lesson, replaced, write

Load = Callable[[Path], Loaded]


def problems(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in loaded.problems]


def test_a_folder_without_mistakes_becomes_a_catalogue(content: Path) -> None:
    loaded = load_catalogue(content)
    assert problems(loaded) == []
    found = loaded.catalogue
    assert found is not None
    assert list(found.lessons) == ["m01-l1", "m01-l2"]
    assert (found.modules["m01"].number, found.modules["m01"].lesson_ids) == (1, ("m01-l1", "m01-l2"))
    assert found.modules["m01"].quiz_id == "m01-quiz"
    assert len(found.quizzes["m01-quiz"].questions) == 8
    assert found.courses["employee-path"].modules == (CourseModule("m01", ("m01-l1",), "m01-quiz"),)
    assert found.constants["electricity-price"].value == "0.70"
    assert found.terms["material-balance"].also == ("mass balance",)
    assert found.sources["s1"].date == "2006-08-15"
    [figure] = found.figures
    assert (figure.module_id, figure.name) == ("m01", "offcut-cost.svg")
    assert f"?v={figure.hash[:12]}" in found.lessons["m01-l1"].html


def test_the_same_files_give_the_same_catalogue_wherever_they_lie(content: Path, tmp_path: Path, load: Load) -> None:
    other = tmp_path / "elsewhere" / "content"
    shutil.copytree(content, other)
    one, two = load(content).catalogue, load(other).catalogue
    assert one is not None
    assert one == two


@pytest.mark.parametrize("path", ["glossary.yaml", "modules/01-why/quiz.md", "modules/01-why/figures/offcut-cost.svg"])
def test_the_hash_follows_every_file(content: Path, load: Load, path: str) -> None:
    before = load(content).catalogue
    (content / path).write_text((content / path).read_text() + "\n")
    after = load(content).catalogue
    assert before is not None
    assert after is not None
    assert before.hash != after.hash


def test_a_course_takes_all_lessons_and_the_quiz_unless_it_says_otherwise(content: Path, load: Load) -> None:
    write(content, "courses/all.yaml", COURSE.replace("employee-path", "all").split("    lessons")[0])
    write(content, "courses/none.yaml", COURSE.replace("employee-path", "none").replace("quiz: true", "quiz: false"))
    found = load(content).catalogue
    assert found is not None
    assert found.courses["all"].modules == (CourseModule("m01", ("m01-l1", "m01-l2"), "m01-quiz"),)
    assert found.courses["none"].quiz_ids == ()


def test_modules_and_lessons_stand_in_the_order_of_their_names(content: Path, load: Load) -> None:
    text = lesson("Text.", sources="[own]")
    write(content, "modules/00-before/module.yaml", "id: m00\ntitle: Before\nsummary: First of all.\n")
    write(content, "modules/00-before/02-b.md", text.replace("m01-l1", "a-lesson"))
    write(content, "modules/00-before/01-z.md", text.replace("m01-l1", "z-lesson"))
    found = load(content).catalogue
    assert found is not None
    assert list(found.modules) == ["m00", "m01"]
    assert found.modules["m00"].lesson_ids == ("z-lesson", "a-lesson")


#: File, old text, new text, problem.
CROSS = [
    ("modules/01-why/02-start.md", "id: m01-l2", "id: m01-l1",
     "content/modules/01-why/02-start.md:2: repeats the id `m01-l1` of content/modules/01-why/01-gate.md:2"),
    ("courses/employee-path.yaml", "id: employee-path", "id: m01-q1",
     "content/courses/employee-path.yaml:1: repeats the id `m01-q1` of content/modules/01-why/quiz.md:"),
    ("modules/01-why/01-gate.md", "(lesson:m01-l2)", "(lesson:m01-l3)",
     "names the lesson `m01-l3`, which does not exist: mend the id"),
    ("modules/01-why/01-gate.md", "(lesson:m01-l2)", "(lesson:m01-quiz)", "names the lesson `m01-quiz`, which does not"),
    ("modules/01-why/quiz.md", "(lesson:m01-l2)", "(lesson:nowhere)",
     "content/modules/01-why/quiz.md:15: names the lesson `nowhere`"),
    ("courses/employee-path.yaml", "module: m01", "module: m02",
     "content/courses/employee-path.yaml:6: names the module `m02`"),
    ("courses/employee-path.yaml", "[m01-l1]", "[m01-l1, m01-l9]", "content/courses/employee-path.yaml:7: names the lesson"),
    ("courses/employee-path.yaml", "[m01-l1]", "[m01-l1, m01-l1]", "lists the lesson `m01-l1` twice"),
    ("constants.yaml", "source: own", "source: owm", "content/constants.yaml:5: names the unknown source `owm`"),
    ("constants.yaml", "0.70", "0,70", "content/constants.yaml:2: `value` with `0,70` must be a number"),
    ("glossary.yaml", "term: Rinse", "term: Mass Balance", "content/glossary.yaml:7: names `Mass Balance` as line 5"),
    ("glossary.yaml", "id: rinse", "id: material-balance", "content/glossary.yaml:6: repeats the id"),
    ("glossary.yaml", "  zh: 漂洗\n", "", "content/glossary.yaml:6: `zh` is missing"),
    ("sources.yaml", "https://example.org/growth", "javascript:alert(1)", "content/sources.yaml:5: `url` with"),
    ("sources.yaml", "id: own", "id: Own", "content/sources.yaml:6: `id` with `Own` must be an id"),
    ("modules/01-why/module.yaml", "id: m01", "id: M01", "content/modules/01-why/module.yaml:1: `id` with `M01`"),
    ("modules/01-why/module.yaml", "summary: ", "sumary: ", "write `summary`"),
    ("modules/01-why/quiz.md", "type=single", "type=single objective=m01-l1.2,m01-l1.3",
     "content/modules/01-why/quiz.md:9: tests `m01-l1.3`, but `m01-l1` has 2 objectives: mend the number, or add it"),
    ("modules/01-why/quiz.md", "type=single", "type=single objective=m02-l1.1",
     "content/modules/01-why/quiz.md:9: tests `m02-l1.1`, but `m02-l1` is no lesson of this module"),
    ("modules/01-why/quiz.md", "type=single", "type=single objective=m01-q1.1", "`m01-q1` is no lesson of this module"),
    ("modules/01-why/01-gate.md", "figures/offcut-cost.svg", "figures/other.svg", "which is not in this module"),
    ("modules/01-why/01-gate.md", "figures/offcut-cost.svg", "figures/other.svg",
     "content/modules/01-why/figures/offcut-cost.svg:1: is shown nowhere"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "words"), CROSS, ids=[words[-40:] for *_, words in CROSS])
def test_what_files_say_of_each_other_is_checked(
    content: Path, load: Load, path: str, old: str, new: str, words: str
) -> None:
    replaced(content, path, old, new)
    loaded = load(content)
    assert loaded.catalogue is None
    assert any(words in line for line in problems(loaded)), problems(loaded)


def test_a_lesson_of_another_module_cannot_stand_in_a_course(content: Path, load: Load) -> None:
    write(content, "modules/02-next/module.yaml", "id: m02\ntitle: Next\nsummary: Then.\n")
    write(content, "modules/02-next/01-a.md", lesson("Text.", sources="[own]").replace("m01-l1", "m02-l1"))
    line = replaced(content, "courses/employee-path.yaml", "[m01-l1]", "[m02-l1]")
    assert problems(load(content)) == [
        f"content/courses/employee-path.yaml:{line}: lists `m02-l1`, which is no lesson of `m01`: move it to its module"
    ]


def test_a_broken_list_file_is_told_once_and_not_in_every_lesson(content: Path, load: Load) -> None:
    replaced(content, "glossary.yaml", "term: Rinse", "term: 'Rinse")
    replaced(content, "sources.yaml", "- id: own", "  - id: own")
    assert {problem.file for problem in load(content).problems} == {"content/glossary.yaml", "content/sources.yaml"}


def test_modules_need_a_file_a_lesson_and_a_number_of_their_own(content: Path, load: Load) -> None:
    (content / "modules/01-again").mkdir()
    write(content, "modules/01-why/01-more.md", LESSON.replace("m01-l1", "m01-l3"))
    assert problems(load(content)) == [
        "content/modules/01-again/module.yaml:1: is a module without a lesson: add one as 01-name.md",
        "content/modules/01-again/module.yaml:1: is missing: write it with the keys `id`, `title` and `summary`",
        "content/modules/01-why/01-more.md:1: has the number of 01-gate.md: give it another",
        "content/modules/01-why/module.yaml:1: has the number of modules/01-again: rename the folder",
    ]


#: Path, content, line, words.
FILES = [
    ("modules/01-why/03-x.md", b"\xff\xfe text", 1, "is not UTF-8"),
    ("modules/01-why/03-x.md", b"---\nid: a\n\xc3(", 3, "is not UTF-8"),
    ("modules/01-why/03-x.md", b"---\nid: a\x00b", 2, "holds a NUL byte"),
    ("modules/01-why/03-x.md", b"", 1, "is empty"),
    ("modules/01-why/03-x.md", b" \n\n", 1, "is empty"),
    ("modules/01-why/03-x.md", b"a" * 300_000, 1, "larger than 256 kB"),
    ("modules/01-why/3-x.md", b"x", 1, "has no place here"),
    ("modules/01-why/Notes.txt", b"x", 1, "has no place here"),
    ("modules/01-why/figures/a.png", b"x", 1, "has no place here"),
    ("modules/why/module.yaml", b"x", 1, "folder that has no place here"),
    ("notes/x.md", b"x", 1, "folder that has no place here"),
    ("sources.yml", b"x", 1, "has no place here"),
]


@pytest.mark.parametrize(
    ("path", "data", "line", "words"), FILES, ids=[f"{words} {path}" for path, _, _, words in FILES]
)
def test_a_file_that_is_no_content_is_named(
    content: Path, load: Load, path: str, data: bytes, line: int, words: str
) -> None:
    file = content / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    loaded = load(content)
    assert loaded.catalogue is None
    assert any(words in problem.message and problem.line == line for problem in loaded.problems), problems(loaded)


def test_a_byte_order_mark_is_accepted(content: Path, load: Load) -> None:
    for path in ("glossary.yaml", "modules/01-why/01-gate.md", "modules/01-why/figures/offcut-cost.svg"):
        (content / path).write_bytes(b"\xef\xbb\xbf" + (content / path).read_bytes())
    assert problems(load(content)) == []


def test_hidden_files_and_the_readme_are_nobodys_business(content: Path, load: Load) -> None:
    for path in ("README.md", "LICENSE", ".DS_Store", "modules/01-why/.01-gate.md.swp"):
        (content / path).write_bytes(b"\x00")
    assert problems(load(content)) == []


def test_symbolic_links_are_refused_wherever_they_lead(content: Path, tmp_path: Path, load: Load) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(LESSON)
    (content / "modules/01-why/03-secret.md").symlink_to(secret)
    (content / "modules/01-why/04-inside.md").symlink_to(content / "modules/01-why/01-gate.md")
    (content / "modules/01-why/05-nowhere.md").symlink_to(tmp_path / "nowhere")
    (content / "modules/02-cycle").symlink_to(content / "modules")
    assert problems(load(content)) == [
        f"content/modules/{name}:1: is a symbolic link: put the file itself here"
        for name in ("01-why/03-secret.md", "01-why/04-inside.md", "01-why/05-nowhere.md", "02-cycle")
    ]


def test_folders_and_pipes_named_like_files_are_refused(content: Path, load: Load) -> None:
    (content / "modules/01-why/02-start.md").unlink()
    (content / "modules/01-why/02-start.md").mkdir()
    os.mkfifo(content / "modules/01-why/03-pipe.md")
    (content / "glossary.yaml").unlink()
    (content / "glossary.yaml").mkdir()
    named = {problem.file for problem in load(content).problems}
    assert {"content/modules/01-why/02-start.md", "content/modules/01-why/03-pipe.md", "content/glossary.yaml"} <= named


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_named(content: Path, load: Load) -> None:
    (content / "glossary.yaml").chmod(0)
    assert any("cannot be read" in line for line in problems(load(content)))


def test_a_folder_that_does_not_exist_is_a_problem(tmp_path: Path, load: Load) -> None:
    loaded = load(tmp_path / "content")
    assert loaded.catalogue is None
    assert problems(loaded) == ["content:1: is not a folder: create it as in docs/authoring.md, or set the right path"]


#: What a drawing may not hold.
DRAWINGS = [
    ("<rect", "<script>alert(1)</script><rect", 3, "element `script`"),
    ("<rect", "<foreignObject/><rect", 3, "element `foreignObject`"),
    ("<rect", "<image href='data:image/png;base64,AA'/><rect", 3, "element `image`"),
    ("<rect", "<a href='#x'/><rect", 3, "element `a`"),
    ("<rect", "<animate/><rect", 3, "element `animate`"),
    ("<rect", "<rect onclick='x'", 3, "handler `onclick`"),
    ("<rect", "<use href='https://example.org/a.svg#x'/><rect", 3, "refers to `https://example.org"),
    ("<rect", "<use xmlns:l='http://www.w3.org/1999/xlink' l:href='//example.org'/><rect", 3, "refers to `//example.org`"),
    ("<rect", "<rect style='fill:url(https://example.org)'", 3, "something outside"),
    ("<rect", "<style>@import 'https://example.org';</style><rect", 3, "something outside"),
    ("<rect", "<style>a{b:url( //example.org )}</style><rect", 3, "something outside"),
    ("<rect", "<?xml-stylesheet href='x'?><rect", 3, "instruction"),
    ("<rect", "<x:y xmlns:x='urn:x'/><rect", 3, "which is not SVG"),
    ("<svg", "<!DOCTYPE svg>\n<svg", 1, "has a DOCTYPE"),
    ("<svg", '<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg', 1, "declares an entity"),
    ("<title>Cost of one offcut</title>", "", 1, "has no title"),
    ("<title>Cost of one offcut</title>", "<title> </title>", 1, "has no title"),
    ('viewBox="0 0 300 200"', "", 1, "has no size"),
    ("</svg>", "", 5, "cannot be read as SVG"),
    ('xmlns="http://www.w3.org/2000/svg"', "", 1, "is not an SVG drawing"),
    ("<rect", "<g>" * 50 + "</g>" * 50 + "<rect", 3, "too deep"),
    ("<rect", "<g/>" * 6000 + "<rect", 3, "too many"),
    ("<rect", f"<!--{'x' * 210_000}--><rect", 1, "larger than 200 kB"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "words"), DRAWINGS, ids=[new[:30] or words for _, new, _, words in DRAWINGS]
)
def test_a_drawing_that_does_more_than_draw_is_refused(
    content: Path, load: Load, old: str, new: str, line: int, words: str
) -> None:
    path = "modules/01-why/figures/offcut-cost.svg"
    write(content, path, SVG.replace(old, new, 1))
    loaded = load(content)
    assert loaded.catalogue is None
    assert any(
        problem.file == f"content/{path}" and problem.line == line and words in problem.message
        for problem in loaded.problems
    ), problems(loaded)


def test_a_drawing_may_refer_to_its_own_parts(content: Path, load: Load) -> None:
    new = "<style>.a{fill:#123}</style><g id='g'/><use href='#g'/><rect stroke='url(#p)'"
    write(content, "modules/01-why/figures/offcut-cost.svg", SVG.replace("<rect", new))
    assert problems(load(content)) == []


def test_figures_are_listed_with_their_version(content: Path, load: Load) -> None:
    found = load(content).catalogue
    assert found is not None
    [figure] = found.figures
    assert replace(figure, hash="") == Figure("m01", "offcut-cost.svg", "")
    assert len(figure.hash) == 64


def test_a_question_tests_objectives_of_its_module_alone(content: Path, load: Load) -> None:
    write(content, "modules/02-next/module.yaml", "id: m02\ntitle: Next\nsummary: What follows.\n")
    write(content, "modules/02-next/01-a.md", lesson("Text.", sources="[own]").replace("m01-l1", "m02-l1"))
    line = replaced(content, "modules/01-why/quiz.md", "type=single", "type=single objective=m02-l1.1")
    (problem,) = load(content).problems
    assert str(problem).startswith(
        f"content/modules/01-why/quiz.md:{line}: tests `m02-l1.1`, but `m02-l1` is no lesson of"
    )


def test_a_broken_lesson_is_not_held_against_the_questions_about_it(content: Path, load: Load) -> None:
    replaced(content, "modules/01-why/quiz.md", "type=single", "type=single objective=m01-l1.2")
    replaced(content, "modules/01-why/01-gate.md", "minutes: 10", "minutes: ten")
    assert [problem.file for problem in load(content).problems] == ["content/modules/01-why/01-gate.md"]
