"""Try-it-at-work boxes that ask for a sign-off: `!!! try "Try it at work" {#m10-l1-try sign-off}`.

Only what stands behind the title is read and taken away here; the box itself is rendered as every other one.
"""

from __future__ import annotations

import re

from learning.content.context import Named
from learning.content.model import PracticeTask
from learning.content.problems import Problems, shortened
from learning.content.prose import passages
from learning.content.schemas import is_id
from learning.content.text import Line, Text

_BOX = re.compile(r'(?P<box>(?P<indent> *)!!! ?(?P<kind>[\w-]+) +"(?P<title>[^"]*)") *\{(?P<list>[^{}]*)\} *')
_SIGN_OFF = "sign-off"
_WRITE = 'write `!!! try "Try it at work" {#m01-l1-try sign-off}`'


class PracticeTasks:
    """The task of a lesson that asks for a sign-off: at most one."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.found: PracticeTask | None = None
        #: Its id with its line; known even where the box has other mistakes.
        self.name: Named | None = None

    def taken_from(self, body: Text) -> Text:
        """The body without the attributes of boxes, line for line."""
        lines: list[Line] = []
        asking: tuple[int, str, str] | None = None
        for line in body.lines:
            box = _BOX.fullmatch(line.text)
            if box is None:
                lines.append(line)
                continue
            lines.append(Line(line.number, box["box"]))
            identifier = self._read(line.number, box)
            if identifier is None:
                continue
            if asking is not None:
                self._problems.add(
                    line.number, f"asks for a second sign-off: line {asking[0]} of this lesson asks for one"
                )
                continue
            asking = line.number, identifier, box["title"].strip()
            self.name = Named(identifier, line.number)
        bare = Text(tuple(lines))
        if asking is not None:
            self.found = PracticeTask(asking[1], asking[2], _words(bare, asking[0]))
        return bare

    def _read(self, line: int, box: re.Match[str]) -> str | None:
        """The id in the attributes of a box; None if it is of no use."""
        words = box["list"].split()
        ids = [word[1:] for word in words if word.startswith("#")]
        if unknown := [word for word in words if not word.startswith("#") and word != _SIGN_OFF]:
            self._problems.add(line, f"has the unknown attribute `{shortened(unknown[0])}`: {_WRITE}")
        elif box["kind"] != "try":
            self._problems.add(line, f"asks for a sign-off of a box that is no task: {_WRITE}")
        elif box["indent"]:
            self._problems.add(line, "asks for a sign-off inside something else: start the box at the margin")
        elif words.count(_SIGN_OFF) != 1 or len(ids) != 1:
            self._problems.add(line, f"asks for a sign-off without saying so once, with one id: {_WRITE}")
        elif not is_id(ids[0]):
            self._problems.add(
                line,
                f"has the id `{shortened(ids[0])}`: use lower-case letters, digits and hyphens, starting with a letter",
            )
        else:
            return ids[0]
        return None


def _words(body: Text, line: int) -> str:
    """What the box says, a line for each paragraph and entry of a list."""
    end = next(
        (each.number for each in body.lines if each.number > line and not each.blank and each.text[0] != " "),
        body.lines[-1].number + 1,
    )
    return "\n".join(passage.words for passage in passages(body) if line < passage.line < end)
