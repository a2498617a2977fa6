"""Why a verb of the quizzes does not go on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from learning.errors import DomainError
from learning.web.formats import moment_in_words


class NoAttemptsLeft(DomainError):
    """The quiz allows no further attempt."""

    def __init__(self, allowed: int) -> None:
        super().__init__(
            ngettext(
                "This quiz allows one attempt and you have used it. Ask your trainer for another one.",
                "This quiz allows %(num)d attempts and you have used them all. Ask your trainer for another one.",
                allowed,
            )
        )


class PauseNotOver(DomainError):
    """The quiz asks for a pause between attempts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            _(
                "This quiz asks for a pause between attempts. You can start again from %(moment)s.",
                moment=moment_in_words(until),
            )
        )


class QuizNotOpen(DomainError):
    """The trainer has said that it opens later."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(_("This quiz opens on %(moment)s. Come back then.", moment=moment_in_words(opens_at)))


class QuizClosed(DomainError):
    """The trainer has said that it is over."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            _(
                "This quiz closed on %(moment)s. Ask your trainer if you still need to sit it.",
                moment=moment_in_words(closes_at),
            )
        )


class WindowUpsideDown(DomainError):
    """A quiz cannot close before it opens."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("The quiz would close before it opens. Choose a closing date after the opening date."))


class AttemptClosed(DomainError):
    """The attempt is handed in and takes no more answers."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(
            text or _("This attempt is handed in and takes no more answers. Its result stands on the review page.")
        )


class TimeIsUp(AttemptClosed):
    """The attempt was handed in as it stood at its deadline; what closed it is noted beside it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The time of this attempt is up. It was handed in with the answers saved until then; "
                "what came later does not count."
            )
        )


class QuestionClosed(DomainError):
    """The question has been checked and takes no other answer."""

    def __init__(self) -> None:
        super().__init__(
            _("This question is checked and its answer stands. Reload the page and go on with the next one.")
        )


class NothingToCheck(DomainError):
    """Only an answer can be checked."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("There is no answer to check yet. Answer the question, then check it."))


class NoReason(DomainError):
    """Marking again asks for a reason, which the people concerned will read."""

    status = 422

    def __init__(self, longest: int) -> None:
        super().__init__(
            _("Say in 1 to %(most)d characters why it is marked again; the people concerned read it.", most=longest)
        )


class LeaseLost(DomainError):
    """Another tab or device has taken over the attempt."""

    def __init__(self) -> None:
        super().__init__(_("This attempt was opened in another tab or on another device, which saves now."))


class StaleRevision(DomainError):
    """A newer answer is stored, from another tab or device."""

    def __init__(self, revision: int, value: list[str], certainty: int | None) -> None:
        super().__init__(
            _("A newer answer was saved in another tab. Reload the page to see it, then change it if you wish.")
        )
        self.revision = revision
        self.value = value
        self.certainty = certainty


class StalePage(DomainError):
    """A page was older than answers that are stored by now; nothing of it was saved."""

    def __init__(self, question_ids: Iterable[str]) -> None:
        super().__init__(
            _(
                "Some answers were changed in another tab. Both are shown below: choose the one you mean, then send the page again."
            )
        )
        self.question_ids = frozenset(question_ids)


class UnfitAnswer(DomainError):
    """The answer does not fit the question."""

    status = 422
