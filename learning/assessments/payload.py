"""The JSON that a page sends to save one answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from learning.assessments.errors import OldPage

#: Revisions are small whole numbers; a browser that sends more is not ours.
LARGEST_REVISION = 1_000_000


class AnswerPayload(BaseModel):
    """One answer: who changed what, in which order."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    operation_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    revision: Annotated[int, Field(ge=1, le=LARGEST_REVISION)]
    #: One choice.
    value: Annotated[list[str], Field(min_length=1, max_length=1)]

    @classmethod
    def read(cls, body: bytes) -> AnswerPayload:
        """Raises OldPage for anything that no page of ours sends."""
        try:
            return cls.model_validate_json(body)
        except ValidationError:
            raise OldPage from None
