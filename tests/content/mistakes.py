"""Twenty mistakes that authors make, put into any content folder: the small one of the tests, and the real one."""

from __future__ import annotations

import re
from pathlib import Path

#: Appended to a lesson, one paragraph each: text and the line of the mistake in it.
_IN_LESSON = (
    ("Some <b>bold</b> words.", 1),
    ("The [[no such term at all]] here.", 1),
    ("See [another lesson](lesson:no-such-lesson).", 1),
    ("As one says [@no-such-source].", 1),
    ("It costs {{constant:no-such-constant}}.", 1),
    ('![A drawing](figures/no-such-figure.svg "Caption")', 1),
    ("# A title", 1),
    ("Two lines,\nand [a link](javascript:alert(1)).", 2),
    ("A formula $\\frac{a$ here.", 1),
    ('!!! check "Your turn"\n    Which?\n\n    - [ ] One\n    - [ ] Two\n\n    > **Why:** none.', 4),
)
#: Appended to a quiz.
_IN_QUIZ = (
    ("## Two right? {#seeded-1 type=single}\n\n- [x] One\n- [x] Two\n\n> **Why:** both.", 4),
    ("## No explanation? {#seeded-2 type=true-false}\n\n- [x] True\n- [ ] False", 1),
    ("## What type? {#seeded-3 type=essay}\n\n> **Why:** none.", 1),
    ("## How much? {#seeded-4 type=numeric}\n\n= 42,5 ± 0.5 kWh\n\n> **Why:** a comma.", 3),
)


def seed_mistakes(folder: Path) -> list[tuple[str, int]]:
    """Put twenty mistakes into a copy of a content folder without mistakes; returns file and line of each.

    The folder needs one module with two lessons and a quiz, and a glossary. Additions stand at the end of
    files, so that they move no other line.
    """
    module, first, second = _module_with_two_lessons(folder)
    found = [*_append(folder, first, _IN_LESSON), *_append(folder, module / "quiz.md", _IN_QUIZ)]
    found.append(_repeat_question(folder, module / "quiz.md"))
    found.append(_change(folder, second, r"^minutes:.*$", "minutes: ten"))
    found.append(_repeat_term(folder))
    found.append(_write(folder, folder / "courses" / "zz-seeded.yaml", "  - module: no-such-module\n", 6))
    found.append(_write(folder, folder / "modules" / module.name / "figures" / "zz-seeded.svg", "", 1))
    found.append(_write(folder, folder / "modules" / module.name / "98-seeded.md", "A lesson without keys.\n", 1))
    return found


def _module_with_two_lessons(folder: Path) -> tuple[Path, Path, Path]:
    for module in sorted((folder / "modules").iterdir()):
        lessons = sorted(module.glob("[0-9][0-9]-*.md"))
        if len(lessons) >= 2 and (module / "quiz.md").is_file():
            return module, lessons[0], lessons[1]
    raise AssertionError("no module with two lessons and a quiz")


def _label(folder: Path, file: Path) -> str:
    return f"{folder.name}/{file.relative_to(folder).as_posix()}"


def _append(folder: Path, file: Path, pieces: tuple[tuple[str, int], ...]) -> list[tuple[str, int]]:
    text = file.read_text(encoding="utf-8").rstrip("\n") + "\n"
    found = []
    for piece, line in pieces:
        text += "\n"
        found.append((_label(folder, file), text.count("\n") + line))
        text += piece + "\n"
    file.write_text(text, encoding="utf-8")
    return found


def _repeat_question(folder: Path, quiz: Path) -> tuple[str, int]:
    """Give a question the id of the first one."""
    first = re.search(r"\{#([a-z0-9-]+)", quiz.read_text(encoding="utf-8"))
    assert first is not None
    piece = f"## Again? {{#{first[1]} type=true-false}}\n\n- [x] True\n- [ ] False\n\n> **Why:** twice."
    return _append(folder, quiz, ((piece, 1),))[0]


def _repeat_term(folder: Path) -> tuple[str, int]:
    """A second glossary entry for the first term, in other letters."""
    glossary = folder / "glossary.yaml"
    text = glossary.read_text(encoding="utf-8").rstrip("\n") + "\n"
    first = re.search(r"^  term: [\"']?(.+?)[\"']?$", text, re.MULTILINE)
    assert first is not None
    line = text.count("\n") + 2
    glossary.write_text(
        f'{text}- id: seeded-term\n  term: "{first[1].upper()}"\n  zh: 词\n  meaning: Again\n', encoding="utf-8"
    )
    return _label(folder, glossary), line


def _change(folder: Path, file: Path, pattern: str, new: str) -> tuple[str, int]:
    text = file.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    assert found is not None
    file.write_text(text[: found.start()] + new + text[found.end() :], encoding="utf-8")
    return _label(folder, file), text[: found.start()].count("\n") + 1


def _write(folder: Path, file: Path, last: str, line: int) -> tuple[str, int]:
    """A new file that is a mistake as a whole, or whose last line is one."""
    if file.suffix == ".yaml":
        last = f"id: zz-seeded\ntitle: A\nsummary: B\naudience: [employee]\nmodules:\n{last}"
    if file.suffix == ".svg":
        last = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>T</title></svg>\n'
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(last, encoding="utf-8")
    return _label(folder, file), line
