"""What the editorial check says to the author."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A place that an editor would look at again. ``rule`` names an entry of ``editorial.RULES``."""

    file: str
    line: int
    rule: str
    #: What is wrong, and how to mend it.
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.rule}]"
