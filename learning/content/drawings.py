"""Checks of SVG figures. A drawing is shown by <img>, yet it must be harmless when opened by itself, too."""

from __future__ import annotations

import re
from xml.parsers import expat

from learning.content.context import Drawing
from learning.content.problems import Problems, shortened

MOST_BYTES = 200 * 1024
MOST_ELEMENTS = 5000
MOST_DEPTH = 40

_SVG = "http://www.w3.org/2000/svg"
_FORBIDDEN = frozenset(
    [
        "script",
        "foreignobject",
        "iframe",
        "object",
        "embed",
        "animate",
        "animatetransform",
        "animatemotion",
        "set",
        "handler",
        "listener",
        "audio",
        "video",
        "image",
        "feimage",
        "a",
    ]
)
_LINKS = ("href", "src", "xlink:href")
_FOREIGN = re.compile(r"url\s*\(\s*['\"]?(?!\s*#)|@import|expression\s*\(|javascript:|-moz-binding|\\", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)(?:px)?")


class _Reader:
    """Follows the drawing element by element; expat itself neither fetches nor expands anything."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.XmlDeclHandler = lambda *_: None
        self.path: list[str] = []
        self.title = ""
        self.count = 0
        self.root: dict[str, str] = {}

    def _note(self, message: str) -> None:
        self.problems.add(self.parser.CurrentLineNumber, message)

    def _doctype(self, *_: object) -> None:
        self._note("has a DOCTYPE: delete it")

    def _entity(self, *_: object) -> None:
        self._note("declares an entity: delete it")

    def _instruction(self, target: str, _data: str) -> None:
        self._note(f"holds the instruction `<?{shortened(target, 20)}`: delete it")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self.count += 1
        self.path.append(name)
        if self.count == MOST_ELEMENTS or len(self.path) == MOST_DEPTH:
            self._note("has too many or too deep elements: draw it simpler")
        if len(self.path) == 1:
            self.root = attributes
            if name != "svg" or space != _SVG:
                self._note('is not an SVG drawing: start it with <svg xmlns="http://www.w3.org/2000/svg">')
        elif space != _SVG:
            self._note(f"holds `{shortened(name, 30)}`, which is not SVG: delete what the drawing program left")
        if name.lower() in _FORBIDDEN:
            self._note(f"holds the element `{name}`: delete it; a figure is only drawn")
        for key, value in attributes.items():
            self._attribute(key.rpartition(" ")[2], value)

    def _attribute(self, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            self._note(f"holds the handler `{shortened(name, 30)}`: delete it")
        elif name.lower() in _LINKS and not value.startswith("#"):
            self._note(f"refers to `{shortened(value, 40)}`: only references inside the drawing (#id) can stand")
        elif _FOREIGN.search(value):
            self._note(f"refers in `{shortened(name, 30)}` to something outside: delete it")

    def _text(self, data: str) -> None:
        if self.path[-1:] == ["style"] and _FOREIGN.search(data):
            self._note("has a style that refers to something outside: delete it")
        if self.path == ["svg", "title"]:
            self.title += data

    def _end(self, _tag: str) -> None:
        self.path.pop()


def check_drawing(name: str, text: str, file_hash: str, problems: Problems) -> Drawing | None:
    """The figure if it is a harmless SVG with a title, else None and problems."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        problems.add(1, "is larger than 200 kB: draw it simpler")
        return None
    reader = _Reader(problems)
    try:
        reader.parser.Parse(text, True)
    except expat.ExpatError as error:
        problems.add(error.lineno, f"cannot be read as SVG ({expat.ErrorString(error.code)}): mend the XML here")
        return None
    if not reader.title.strip():
        problems.add(1, "has no title: put <title>what it shows</title> right below <svg>")
    size = _size(reader.root)
    if size is None:
        problems.add(1, 'has no size: write viewBox="0 0 width height" in <svg>')
    if problems or size is None:
        return None
    return Drawing(name, file_hash, *size)


def _size(root: dict[str, str]) -> tuple[int, int] | None:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = box[2:4] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    found = [_LENGTH.fullmatch(side) for side in sides]
    width, height = (round(float(match[1])) if match else 0 for match in found)
    return (width, height) if width > 0 and height > 0 else None
