"""What the files name, and what they say of each other: ids that are unique, references that lead somewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from learning.content.context import Kind, Named, Reference, Reply
from learning.content.model import Source
from learning.content.problems import Problem, quoted


@dataclass(frozen=True, slots=True)
class _Owner:
    """Where an id is defined, and as what."""

    file: str
    line: int
    kind: str
    module: str | None


class Registry:
    """Collects names and references of all documents."""

    def __init__(self) -> None:
        self._owners: dict[str, _Owner] = {}
        self._repeated: list[Problem] = []
        self._references: list[tuple[str, Reference]] = []
        #: Number of objectives by lesson; a lesson that has mistakes is not among them.
        self._objectives: dict[str, int] = {}

    def add(self, file: str, kind: Kind, reply: Reply, module: str | None) -> None:
        """Take up what a document names."""
        if reply.name is not None:
            self._own(reply.name, _Owner(file, reply.name.line, kind, module))
        for question in reply.questions:
            self._own(question, _Owner(file, question.line, "question", module))
        if reply.practice is not None:
            self._own(reply.practice, _Owner(file, reply.practice.line, "practice", module))
        if reply.lesson is not None:
            self._objectives[reply.lesson.id] = len(reply.lesson.objectives)
        self._references += [(file, reference) for reference in reply.references]

    def _own(self, name: Named, owner: _Owner) -> None:
        first = self._owners.setdefault(name.id, owner)
        if first is not owner:
            message = f"repeats the id `{name.id}` of {first.file}:{first.line}: choose another"
            self._repeated.append(Problem(owner.file, owner.line, message))

    def problems(self, sources: Iterable[Source] | None) -> list[Problem]:
        """Ids that stand twice and references that lead nowhere. ``None``: the sources are unknown."""
        known_sources = {source.id for source in sources} if sources is not None else None
        found = list(self._repeated)
        for file, reference in self._references:
            if reference.kind == "source":
                if known_sources is not None and reference.target not in known_sources:
                    message = f"names the unknown source `{reference.target}`: add it to sources.yaml"
                    found.append(Problem(file, reference.line, message))
            elif reference.kind != "figure" and (fault := self._fault(reference)):
                found.append(Problem(file, reference.line, fault))
        return found

    def _fault(self, reference: Reference) -> str | None:
        if reference.kind == "objective":
            return self._fault_of_objective(reference)
        owner = self._owners.get(reference.target)
        if owner is None or owner.kind != reference.kind:
            same = [name for name, other in self._owners.items() if other.kind == reference.kind]
            close = difflib.get_close_matches(reference.target, same, n=1, cutoff=0.85)
            mend = f"write {quoted(close)}, or add it" if close else "mend the id, or add it"
            return f"names the {reference.kind} `{reference.target}`, which does not exist: {mend}"
        if reference.within is not None and owner.module != reference.within:
            return f"lists `{reference.target}`, which is no lesson of `{reference.within}`: move it to its module"
        return None

    def _fault_of_objective(self, reference: Reference) -> str | None:
        lesson, _, number = reference.target.partition(".")
        owner = self._owners.get(lesson)
        if owner is None or owner.kind != "lesson" or owner.module != reference.within:
            return f"tests `{reference.target}`, but `{lesson}` is no lesson of this module: mend the id"
        known = self._objectives.get(lesson)
        if known is not None and int(number) > known:
            return f"tests `{reference.target}`, but `{lesson}` has {known} objectives: mend the number, or add it"
        return None
