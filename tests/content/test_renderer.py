"""The reading process: hostile documents are read or refused in time, and the next one is read as ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from learning.content.context import Kind, Request
from learning.content.renderer import Renderer
from tests.content.builders import lesson, quiz
from tests.content.conftest import CONTEXT
from tests.proof import PROVE, times


def lines(text: str, count: int) -> str:
    return "\n".join([text] * count)


def blocks(text: str, count: int) -> str:
    return "\n\n".join([text] * count)


#: Short texts that keep parsers busy.
HOSTILE = {
    "2,500 brackets": "[" * 2500,
    "20,000 brackets": "[" * 20_000,
    "5,000 images": "![" * 5000,
    "5,000 links": "[a](" * 5000,
    "brackets below the cap, in many blocks": blocks("[" * 499, 120),
    "open links below the cap, in many blocks": blocks("[a](" * 240, 100),
    "open images below the cap, in many blocks": blocks("![a](" * 240, 100),
    "links with open quotes": blocks("[a](\"'" * 240, 60),
    "links with open brackets": "[a](" + "(" * 9000,
    "a run of backticks": "`" * 9000,
    "backticks in pairs": lines("`a" * 4500, 20),
    "backtick runs of all lengths": lines(" ".join("`" * size for size in range(1, 130)), 25),
    "open stars": lines("*a " * 3000, 25),
    "open double stars": lines("**a " * 2400, 25),
    "stars and underscores": lines("*_" * 4900, 20),
    "triple stars": lines("***a" * 2000, 25),
    "closing triple stars": lines("a***" * 2000, 25),
    "a wall of stars": lines("*" * 9900, 25),
    "underscores in words": lines("a_b_c " * 1600, 25),
    "4,000 quotes deep": "> " * 4000,
    "19 quotes deep, often": blocks("> " * 19 + "x", 400),
    "3,000 lists in a line": "- " * 3000 + "x",
    "200 lists deep": "\n".join("    " * depth + "- a" for depth in range(200)),
    "19 lists deep, often": lines("\n".join("    " * depth + "- a" for depth in range(19)), 100),
    "boxes in boxes": "\n".join("    " * depth + '!!! note "x"' for depth in range(19)),
    "4,000 columns": lines("|" + "a|" * 4000, 2).replace("a", "-", 0) + "\n|" + "-|" * 4000,
    "a table of 30,000 rows": "|a|b|\n|-|-|\n" + lines("|a|b|", 30_000),
    "a wide table": "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n" + lines("|" + "a|" * 60, 1900),
    "a wall of pipes": lines("|" * 9900, 20),
    "pipes in backticks": lines("`|" * 4000, 2) + "\n|-|",
    "entities": lines("&amp;" * 1900, 25),
    "ampersands": lines("&" * 9900, 25),
    "numbered entities": lines("&#60;" * 1900, 25),
    "open tags": lines("<a" * 4500, 25),
    "tags": lines("<b>" * 3000, 25),
    "comments": lines("<!--" * 2400, 25),
    "backslashes": lines("\\" * 9900, 25),
    "escapes": lines("\\*" * 4900, 25),
    "braces in a formula": "$" + "{" * 5000 + "$",
    "a formula 900 fractions deep": "$" + "\\frac{" * 900 + "$",
    "a formula of roots": "$" + "\\sqrt" * 400 + "x$",
    "a formula of powers": "$" + "x^" * 500 + "y$",
    "a formula of open brackets": "$" + "\\left(" * 300 + "a" + "\\right)" * 300 + "$",
    "a formula of matrices": "$" + "\\begin{matrix}" * 150 + "$",
    "many formulas": lines("$a$ " * 2400, 25),
    "many dollars": lines("$ " * 4900, 25),
    "8,000 footnotes": "".join(f"a[^{number}]\n\n[^{number}]: n\n\n" for number in range(8000)),
    "a footnote in itself": "[^a]\n\n[^a]: [^a]",
    "footnotes in a circle": "[^a]\n\n[^a]: [^b]\n\n[^b]: [^a]",
    "definitions": lines(":   a", 20_000),
    "30,000 headings": blocks("## a", 30_000),
    "30,000 rules": blocks("---", 30_000),
    "50,000 entries": lines("- a", 50_000),
    "50,000 loose entries": blocks("- a", 50_000),
    "80,000 paragraphs": blocks("a", 80_000),
    "250,000 empty lines": "\n" * 250_000,
    "60,000 tabs": "\t" * 60_000,
    "2,500 checks": blocks('!!! check "x"\n    q\n\n    - [ ] a\n    - [x] b\n\n    > **Why:** z', 2500),
    "open braces": lines("{{" * 4900, 25),
    "unknown constants": lines("{{constant:x}}" * 700, 25),
    "unknown terms": blocks("[[a]]" * 120, 300),
    "combining marks": lines("e" + "\u0301" * 9000, 10),
    "one byte too many": "a " * 131_072,
}


@pytest.fixture(scope="module")
def own() -> Iterator[Renderer]:
    # Less time for each of many documents that use all they get; the full proof takes the real limit.
    with Renderer(cpu_seconds=0.5 if not PROVE else 2) as renderer:
        yield renderer


def read(renderer: Renderer, text: str, kind: Kind = "lesson") -> tuple[bool, float]:
    """Whether a document was read or refused with a place, and the seconds it took."""
    start = time.monotonic()
    reply = renderer.read(Request(kind, "content/document", text, "cd" * 32, CONTEXT))
    took = time.monotonic() - start
    record = reply.lesson or reply.quiz or reply.instrument or reply.terms is not None
    assert record or reply.problems
    assert all(problem.line >= 1 and problem.file == "content/document" for problem in reply.problems)
    assert not any("fault of Headwater" in problem.message for problem in reply.problems), reply.problems
    return bool(record), took


def patience() -> float:
    """Seconds a document may take: 5, and more where other work keeps the processor from the child."""
    return 5 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_lesson_is_read_or_refused_in_time(own: Renderer, name: str) -> None:
    _, took = read(own, lesson(HOSTILE[name]))
    assert took < patience()
    good, _ = read(own, lesson("Still here."))
    assert good


@pytest.mark.prove
@pytest.mark.parametrize("name", list(HOSTILE)[:: times(6, 1)])
def test_a_hostile_quiz_is_read_or_refused_in_time(own: Renderer, name: str) -> None:
    _, took = read(
        own, quiz(f"## Q? {{#q1 type=single}}\n\n{HOSTILE[name]}\n\n- [x] a\n- [ ] b\n\n> **Why:** c"), "quiz"
    )
    assert took < patience()


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "{" * 20_000, "- " * 5000, "? " * 3000, "'" * 30_001, "a: &a [*a]\n", "&a " * 3000, "- a\n" * 60_000,
     "x: " + "a " * 100_000, "".join(f"k{number}: v\n" for number in range(20_000)),
     "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hostile_yaml_is_refused_in_time(own: Renderer, text: str) -> None:
    _, took = read(own, text, "glossary")
    assert took < patience()


def test_a_document_that_takes_too_long_is_killed_and_named() -> None:
    with Renderer(cpu_seconds=0.2) as renderer:
        reply = renderer.read(Request("lesson", "content/slow.md", lesson(lines("*_" * 4900, 20)), "", CONTEXT))
        assert ["takes too long" in problem.message for problem in reply.problems] == [True]
        assert renderer.restarts == 1
        assert read(renderer, lesson("Still here."))[0]


def test_a_child_that_stops_answering_is_killed() -> None:
    with Renderer(wall_seconds=0.5) as renderer:
        assert read(renderer, lesson("Text."))[0]
        assert renderer._child is not None
        os.kill(renderer._child.pid, 19)
        assert not read(renderer, lesson("Text."))[0]
        assert read(renderer, lesson("Text."))[0]


def test_a_child_that_was_killed_is_replaced() -> None:
    with Renderer() as renderer:
        read(renderer, lesson("Text."))
        assert renderer._child is not None
        renderer._child.kill()
        renderer._child.wait()
        assert read(renderer, lesson("Text."))[0]


def test_the_child_cannot_take_the_memory_of_the_machine() -> None:
    code = (
        "import sys, types\n"
        "package = types.ModuleType('learning'); package.__path__ = ['learning']; sys.modules['learning'] = package\n"
        "from learning.content import renderer, documents\n"
        "renderer._limit_memory()\n"
        "try:\n    bytearray(300 * 1024 * 1024)\nexcept MemoryError:\n    print('refused')"
    )
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert result.stdout == "refused\n"


def test_the_child_sees_no_secrets_and_loads_no_site() -> None:
    with Renderer() as renderer:
        read(renderer, lesson("Text."))
        assert renderer._child is not None
        process = Path(f"/proc/{renderer._child.pid}")
        if not process.exists():
            pytest.skip("needs /proc")
        assert (process / "environ").read_bytes() == b"LANG=C.UTF-8\x00"
        maps = (process / "maps").read_text()
        assert "sqlalchemy" not in maps
        assert "argon2" not in maps


def test_the_child_ends_with_its_parent() -> None:
    code = (
        "import os, sys; from learning.content.renderer import Renderer; from learning.content.context import Request\n"
        "renderer = Renderer(); renderer.read(Request('module', 'content/x', 'id: a'))\n"
        "print(renderer._child.pid, flush=True); os._exit(1)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(result.stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if status == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the child is still running")


SOME = settings(
    max_examples=times(60, 1000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: Text that looks like Markdown often enough to get somewhere.
MARKED = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "[[", "]]", "[@", "{{", "}}", "$", "$$", "`", "*", "**", "_", "\\", "<", ">", "&", "#", "## ",
         "|", "|---|---|", "- ", "- [x] ", "1. ", "> ", "> **Why:** ", "!!! note \"x\"\n    ", "!!! check \"x\"\n    ", "\n",
         "\n\n", "    ", "[^a]", "[^a]: ", ":   ", "![a](figures/offcut-cost.svg \"c\")", "lesson:", "= 5 ± 1 kg", "a", " ",
         "é", "物", "\t", "{#a}", "=", "!=", "---", "javascript:", "constant:", "rinse"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@pytest.mark.prove
@SOME
@given(text=st.text(max_size=400) | MARKED)
@example("`\n[^]:[^]:`")
def test_any_text_as_a_lesson_yields_a_result_or_problems(renderer: Renderer, text: str) -> None:
    read(renderer, lesson(text))
    read(renderer, text)


@pytest.mark.prove
@SOME
@given(text=MARKED, kind=st.sampled_from(["single", "numeric", "short", "matching", "ordering", "cloze"]))
def test_any_text_as_a_question_yields_a_result_or_problems(renderer: Renderer, text: str, kind: str) -> None:
    read(renderer, quiz(f"## Q? {{#q1 type={kind}}}\n\n{text}\n\n> **Why:** {text}"), "quiz")


@pytest.mark.prove
@SOME
@given(text=st.text(max_size=300), kind=st.sampled_from(["glossary", "instrument", "module", "course", "figure"]))
def test_any_text_as_a_file_of_any_kind_yields_a_reply(renderer: Renderer, text: str, kind: Kind) -> None:
    reply = renderer.read(Request(kind, "content/document", text))
    assert not any("fault of Headwater" in problem.message for problem in reply.problems), reply.problems


def test_text_with_lone_surrogates_is_refused(renderer: Renderer) -> None:
    assert not read(renderer, lesson("a\ud800b"))[0]
