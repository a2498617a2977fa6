"""Questions on their way in and out. Runs in the child process of ``learning.content.renderer``."""

from __future__ import annotations

from dataclasses import replace

from learning.content.context import Context, Reference, Reply, Request, Sheet
from learning.content.drafts import QuestionDraft, read_draft
from learning.content.frontmatter import split_front_matter, validated
from learning.content.gift.ids import id_of, unique_id
from learning.content.gift.kept import LeftOut
from learning.content.gift.mapping import draft_of
from learning.content.gift.reader import category_title, read_gift
from learning.content.gift.records import GiftQuestion
from learning.content.gift.writer import written_gift
from learning.content.headings import split_questions
from learning.content.markdown import Writer
from learning.content.model import Question
from learning.content.problems import Problems, Remark
from learning.content.question_writer import faithful, written_question
from learning.content.questions import QuestionReader
from learning.content.schemas import QuizFront, is_id
from learning.content.text import Text


def read_questions(request: Request, text: str, problems: Problems) -> Reply:
    """Questions in Markdown; front matter may stand above them."""
    body, title = Text.of(text), ""
    if text.startswith("---"):
        document, body = split_front_matter(text, problems)
        front = validated(QuizFront, document, problems) if document else None
        title = front.title if front else ""
    writer = Writer(request.context, problems)
    reader = QuestionReader(writer, problems)
    intro, sources = split_questions(body)
    reader.html(intro)
    questions = [reader.question(heading, lines) for heading, lines in sources]
    writer.scanner.check_notes()
    writer.finisher.check_anchors()
    if not sources:
        problems.add(body.line, "holds no question: start one with `## …? {#m01-q1 type=single}`")
    drafts = [(heading.number, read_draft(heading, lines, Problems(""))) for heading, lines in sources]
    whole = [(line, draft) for line, draft in drafts if draft is not None]
    unread = [
        Remark(line, "is left out: its variants have no place in GIFT", "left-out") for line, d in drafts if d is None
    ]
    # With mistakes in it, GIFT would show the questions wrongly or not at all.
    gift, losses = ("", []) if problems else written_gift(whole, title or "Questions")
    losses += unread if gift or not whole else []
    if gift and not intro.blank:
        losses.append(Remark(intro.line, "is an introduction, which GIFT has no place for", "changed"))
    shown = tuple(question for question in questions if question is not None)
    sheet = Sheet(title, shown, text, gift, losses=tuple(sorted(losses)))
    return Reply(questions=tuple(reader.names), references=tuple(writer.references.found), sheet=sheet)


def read_gift_questions(request: Request, text: str, problems: Problems) -> Reply:
    """Questions in GIFT, as far as ours can hold them; each is checked as an author's would be."""
    file = read_gift(Text.of(text).lines, problems)
    arrivals = _Arrivals(request)
    for question in file.questions:
        arrivals.take(question)
    title = category_title(file.categories[0][1]) if file.categories else ""
    for line, category in file.categories[1:]:
        if category != file.categories[0][1]:
            arrivals.remarks.append(
                Remark(line, "starts another category: the questions all go into one quiz", "changed")
            )
    if not file.questions and not problems:
        problems.add(1, "holds no question: write one as `Which is right? {=this ~that}`")
    markdown = "".join(f"{written_question(draft)}\n\n" for _, draft in arrivals.drafts).rstrip("\n")
    gift, losses = written_gift(arrivals.drafts, title or "Questions")
    sheet = Sheet(
        title, tuple(arrivals.questions), markdown, gift, tuple(sorted(arrivals.remarks)), tuple(sorted(losses))
    )
    return Reply(references=tuple(arrivals.references), sheet=sheet)


class _Arrivals:
    """What arrives from GIFT, question by question."""

    def __init__(self, request: Request) -> None:
        self.context: Context = request.context
        self.drafts: list[tuple[int, QuestionDraft]] = []
        self.questions: list[Question] = []
        self.references: dict[Reference, None] = {}
        self.remarks: list[Remark] = []
        _, sources = split_questions(Text.of(request.joins))
        found = [read_draft(heading, lines, Problems("")) for heading, lines in sources]
        self.present = {draft.id: draft for draft in found if draft is not None}
        self.taken = {*request.taken, *self.present}

    def take(self, question: GiftQuestion) -> None:
        """Take one question over, or say why not."""
        try:
            draft, remarks = draft_of(question)
            wanted = draft.id if is_id(draft.id) else id_of(draft.id or question.name or draft.title)
            if self.present.get(wanted) == replace(draft, id=wanted):
                self.remarks.append(Remark(question.line, f"is in the file already, as `{wanted}`", "hint"))
                return
            draft = replace(draft, id=unique_id(wanted, self.taken))
            shown = self._checked(question.line, draft)
        except LeftOut as reason:
            self.remarks.append(Remark(reason.line, f"is left out: {reason}", "left-out"))
            return
        self.taken.add(draft.id)
        self.drafts.append((question.line, draft))
        self.questions.append(shown)
        self.remarks += remarks
        if question.id and question.id != draft.id:
            self.remarks.append(Remark(question.line, f"gets the id `{draft.id}` instead of `{question.id}`", "hint"))

    def _checked(self, line: int, draft: QuestionDraft) -> Question:
        """The question as it will show. Raises LeftOut if an author would have to mend it."""
        if not faithful(draft):
            raise LeftOut(line, "its text holds a line that would be read as another part of the question")
        problems = Problems("")
        writer = Writer(self.context, problems)
        _, sources = split_questions(Text.of(written_question(draft)))
        found = QuestionReader(writer, problems).question(*sources[0])
        writer.scanner.check_notes()
        writer.finisher.check_anchors()
        if problems or found is None:
            told = "; ".join(dict.fromkeys(problem.message for problem in problems.sorted()))
            raise LeftOut(line, f"as a question of ours it {told}")
        for reference in writer.references.found:
            self.references[Reference(reference.kind, reference.target, line, reference.within)] = None
        return found
