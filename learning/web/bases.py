"""What a page of questions knew of its answers when it was sent.

A page that stood on an older answer must not overwrite a newer one in silence; but what its own script saved just
before it was sent is no answer of another page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Form fields: this and the id of the question. The revision that the page showed;
BASE = "r-"
#: and, parted by spaces, the saves that its script had begun.
OPERATIONS = "own-"


@dataclass(frozen=True, slots=True)
class Base:
    """What a page knew of one answer."""

    #: The revision that the page showed, 0 for none.
    revision: int
    #: Saves of this answer that the page itself had begun and may not have heard of.
    operations: frozenset[str] = frozenset()

    def is_older_than(self, revision: int, operation_id: str) -> bool:
        """Whether the answer stored by this operation came from elsewhere, after the page."""
        return self.revision < revision and operation_id not in self.operations


def read_bases(form: Mapping[str, str]) -> dict[str, Base]:
    """Question -> what the page knew of its answer. What is no revision is left out."""
    return {
        (question_id := name.removeprefix(BASE)): Base(
            int(text), frozenset(form.get(OPERATIONS + question_id, "").split())
        )
        for name, text in form.items()
        if name.startswith(BASE) and text.isascii() and text.isdigit() and len(text) < 10
    }
