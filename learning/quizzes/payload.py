"""The JSON that a page sends to save one answer."""

from __future__ import annotations

from typing import Annotated

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from learning.grading.responses import LONGEST_TEXT
from learning.quizzes.answering import LARGEST_REVISION, LONGEST_OPERATION_ID
from learning.quizzes.errors import UnfitAnswer
from learning.quizzes.models import LEASE_LENGTH

#: Most values that one answer can have: options, rows or gaps.
MOST_VALUES = 40
PAGE_ID = rf"^[0-9A-Za-z-]{{1,{LEASE_LENGTH}}}$"


class AnswerPayload(BaseModel):
    """One answer: who changed what, in which order."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    operation_id: Annotated[str, StringConstraints(pattern=rf"^[0-9A-Za-z-]{{1,{LONGEST_OPERATION_ID}}}$")]
    revision: int
    value: list[str]
    certainty: int | None = None
    #: The page that sends it; None for pages that take no lease.
    lease: Annotated[str, StringConstraints(pattern=PAGE_ID)] | None = None

    @classmethod
    def read(cls, body: bytes) -> AnswerPayload:
        """Raises UnfitAnswer for anything that no page of ours sends."""
        try:
            payload = cls.model_validate_json(body)
        except ValidationError:
            raise UnfitAnswer(_("The page that sent this answer is out of date. Reload it and answer again.")) from None
        if not 1 <= payload.revision <= LARGEST_REVISION or len(payload.value) > MOST_VALUES:
            raise UnfitAnswer(_("The page that sent this answer is out of date. Reload it and answer again."))
        if any(len(value) > LONGEST_TEXT for value in payload.value):
            raise UnfitAnswer(_("An answer may have %(most)d characters. Shorten it.", most=LONGEST_TEXT))
        return payload
