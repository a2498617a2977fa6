"""Check blocks of a lesson: a question answered on the spot. Works without JavaScript: each option opens."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Sequence

from learning.content import words
from learning.content.answers import Entry, read_options, split_explanation
from learning.content.markdown import Writer
from learning.content.problems import Problems
from learning.content.questions import check_choice
from learning.content.text import Line, Text

_CHECK = re.compile(r'!!! ?check +"(?P<title>[^"]*)" *')


def with_checks(body: Text, writer: Writer, problems: Problems) -> Text:
    """The body with each check block replaced by a token for its HTML, line for line."""
    done: list[Line] = []
    lines = deque(body.lines)
    while lines:
        line = lines.popleft()
        if not line.text.startswith("!!! check") and not line.text.startswith("!!!check"):
            done.append(line)
            continue
        block: list[Line] = []
        while lines and (lines[0].blank or lines[0].text.startswith(" ")):
            block.append(lines.popleft())
        # Empty lines on both sides keep the token in a paragraph of its own.
        token = writer.marks.put("block", _check(line, block, writer, problems), line.text, line.number)
        done += [Line(line.number, ""), Line(line.number, token), Line(line.number, "")]
    return Text(tuple(done))


def _check(head: Line, block: Sequence[Line], writer: Writer, problems: Problems) -> str:
    found = _CHECK.fullmatch(head.text)
    if found is None or not found["title"].strip():
        problems.add(head.number, 'is not a check: write `!!! check "Your turn"`')
    for line in block:
        if not line.blank and not line.text.startswith("    "):
            problems.add(line.number, "is indented too little for the check above: use four blanks")
    lines, explanation = split_explanation([Line(line.number, line.text[4:]) for line in block], head.number, problems)
    stem, entries = read_options(lines, problems)
    if stem.blank:
        problems.add(head.number, "is a check without a question: write it above the options")
    # Nothing is finished here: terms are marked on first use in the whole lesson, in its order.
    right = sum(entry.mark == "x" for entry in entries)
    check_choice(entries, "multiple" if right > 1 else "single", head.number, problems)
    title = writer.inline(Text((Line(head.number, found["title"] if found else ""),)))
    return "\n".join(
        [
            f'<section class="check"><p class="check-title">{title}</p>',
            f'<div class="stem">{writer.blocks(stem)}</div>',
            '<ul class="options">',
            *[_option(entry, writer) for entry in entries],
            "</ul>",
            f'<details class="explanation"><summary>{words.EXPLANATION}</summary>{writer.blocks(explanation)}</details>',
            "</section>",
        ]
    )


def _option(entry: Entry, writer: Writer) -> str:
    kind, verdict = ("right", words.RIGHT) if entry.mark == "x" else ("wrong", words.WRONG)
    feedback = writer.blocks(Text.at(entry.feedback)) if entry.feedback else ""
    return (
        f'<li><details class="option {kind}"><summary>{writer.inline(Text(tuple(entry.text)))}</summary>'
        f'<div class="feedback"><p class="verdict">{html.escape(verdict)}</p>{feedback}</div>'
        "</details></li>"
    )
