"""Why a verb of the quizzes does not go on."""

from __future__ import annotations

from collections.abc import Iterable

from learning.errors import DomainError


class NothingToAsk(DomainError):
    """No question of the quiz can be shown."""

    def __init__(self) -> None:
        super().__init__(
            "This quiz has no question that can be shown yet. Tell your trainer, and go on with the lessons."
        )


class NoAttemptsLeft(DomainError):
    """The quiz allows no further attempt."""

    def __init__(self, allowed: int) -> None:
        super().__init__(
            f"This quiz allows {allowed} attempts and you have used them all. Ask your trainer for another one."
        )


class AttemptClosed(DomainError):
    """The attempt is handed in and takes no more answers."""

    def __init__(self) -> None:
        super().__init__("This attempt is handed in and takes no more answers. Its result stands on the review page.")


class StaleRevision(DomainError):
    """A newer answer is stored, from another tab or device."""

    def __init__(self, revision: int, value: list[str]) -> None:
        super().__init__(
            "A newer answer was saved in another tab. Reload the page to see it, then change it if you wish."
        )
        self.revision = revision
        self.value = value


class StalePage(DomainError):
    """A page was older than answers that are stored by now; nothing of it was saved."""

    def __init__(self, question_ids: Iterable[str]) -> None:
        super().__init__(
            "Some answers were changed in another tab. Both are shown below: choose the one you mean, then send the page again."
        )
        self.question_ids = frozenset(question_ids)


class UnfitAnswer(DomainError):
    """The answer does not fit the question."""

    status = 422
