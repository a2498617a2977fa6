"""Words that the renderer itself puts on a page, in one place."""

from __future__ import annotations

RIGHT = "Right."
WRONG = "Not quite."
EXPLANATION = "Explanation"
TABLE = "Table"
BACK_TO_TEXT = "Back to the text, note {}"

#: The explanation of a question starts with this.
WHY = "**Why:**"
