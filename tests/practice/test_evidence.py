"""Sign-offs in what is shown to others: the table of progress, its file, the record of a cohort, a transcript."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
from flask import Flask
from flask.testing import FlaskClient

from learning.certificates.service import issue_for
from learning.content.model import Catalogue
from learning.courses.standings import mirror_courses
from learning.practice import deciding, service
from learning.practice.deciding import Confirmer
from learning.practice.models import PracticeState
from learning.practice.sign_offs import SignOff, sign_offs
from learning.teaching.groups import everybody
from learning.teaching.matrix import SIGN_OFFS, matrix_page
from learning.teaching.matrix_people import Choice, State
from learning.web.identity import Member
from tests.certificates.completing import LESSON_ID, certificates_of, read, sit
from tests.conftest import Company
from tests.practice.test_handing_in import TASK_ID
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

ClientFor = Callable[[str | None], FlaskClient]
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
#: Nothing handed in, waiting, returned, confirmed.
STATES = (None, *PracticeState)


def text_of(content: bytes) -> str:
    assert b"pdfuaid:part" in content
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def one_in_each_state(
    company: Company, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> dict[PracticeState | None, str]:
    """Four people who have read the lesson and passed the quiz, each with their practice in another state."""
    mirror_courses(catalogue)
    people = dict(zip(STATES, make_learners(company, len(STATES)), strict=True))
    for state, user_id in people.items():
        member = Member(user_id, company.id)
        read(member, DAY)
        sit(member, DAY)
        if state is None:
            continue
        lesson = catalogue.lessons[LESSON_ID]
        handed = service.hand_in(member, lesson, "What I wrote.", None, folder, DAY + timedelta(days=1))
        if state is PracticeState.CONFIRMED:
            deciding.confirm(trainer, handed, 1, "What was said.", DAY + timedelta(days=2))
        elif state is PracticeState.RETURNED:
            deciding.send_back(trainer, handed, 1, "What was said.", DAY + timedelta(days=2))
    return people


def test_it_is_told_where_each_stands_since_when_and_by_whom(
    app: Flask, company: Company, other_company: Company, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> None:
    with app.app_context():
        people = one_in_each_state(company, trainer, catalogue, folder)
        found = sign_offs(company.id, list(people.values()))
        handed_in, decided = DAY + timedelta(days=1), DAY + timedelta(days=2)
        assert found == {
            people[PracticeState.HANDED_IN]: {TASK_ID: SignOff(PracticeState.HANDED_IN, handed_in, None)},
            people[PracticeState.RETURNED]: {TASK_ID: SignOff(PracticeState.RETURNED, decided, "River trainer")},
            people[PracticeState.CONFIRMED]: {TASK_ID: SignOff(PracticeState.CONFIRMED, decided, "River trainer")},
        }
        assert sign_offs(company.id, list(people.values()), ["another-task"]) == {}
        assert sign_offs(other_company.id, list(people.values())) == {}


def test_the_table_of_progress_and_its_file_show_required_sign_offs(
    app: Flask, company: Company, trainer: Confirmer, catalogue: Catalogue, folder: Path, client_for: ClientFor
) -> None:
    with app.app_context():
        people = one_in_each_state(company, trainer, catalogue, folder)
        page = matrix_page(everybody(company.id), list(catalogue.courses.values()), catalogue, Choice())
        assert page.columns[-1].id == SIGN_OFFS
        assert page.steps == 3
        rows = {row.person.user_id: row for row in page.rows}
        for state, user_id in people.items():
            (found,) = rows[user_id].cells[-1].sign_offs
            assert (found.state if found else None) is state
            complete_with = State.COMPLETE if state is PracticeState.CONFIRMED else State.STARTED
            assert page.state_of(rows[user_id]) is complete_with
    client = client_for(company.trainer)
    shown = client.get("/teaching/progress").text
    assert "Sign-offs" in shown
    assert "1 waits" in shown
    assert "1 returned" in shown
    assert "a sign-off that the course requires" in shown
    table = client.get("/teaching/exports/new/progress.csv").data.decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(table))
    state, since = (
        head.index("What leaves the gate was paid for: sign-off"),
        head.index("What leaves the gate was paid for: since"),
    )
    assert sorted((line[state], line[since]) for line in lines) == [
        ("Confirmed", "2026-03-07"),
        ("Not handed in", ""),
        ("Not handed in", ""),
        ("Returned", "2026-03-07"),
        ("Waits to be confirmed", "2026-03-06"),
    ]


def test_a_record_names_every_required_sign_off_and_nothing_that_was_handed_in(
    app: Flask, company: Company, trainer: Confirmer, catalogue: Catalogue, folder: Path, client_for: ClientFor
) -> None:
    with app.app_context():
        people = one_in_each_state(company, trainer, catalogue, folder)
        cohort_id = make_cohort(company, people.values())
        make_assignment(company, cohort_id, DAY.date(), DAY.date())
        member = Member(people[PracticeState.CONFIRMED], company.id)
    record = text_of(
        client_for(company.trainer).get(f"/teaching/exports/new/cohort-record.pdf?cohort={cohort_id}").data
    )
    assert "1 of 4 people completed it." in record
    assert record.count("0/1") == 3
    names = [f"Learner {number:04} What leaves the gate was paid for required" for number in range(4)]
    assert f"{names[0]} Not handed in – –" in record
    assert f"{names[1]} Waits to be confirmed 2026-03-06 –" in record
    assert f"{names[2]} Confirmed 2026-03-07 River trainer" in record
    assert f"{names[3]} Returned 2026-03-07 River trainer" in record
    for kept_back in ("What I wrote.", "What was said."):
        assert kept_back not in record
    transcript = text_of(client_for(company.trainer).get(f"/teaching/people/{member.user_id}/transcript.pdf").data)
    page = client_for(member.user_id).get("/certificates/transcript").text
    assert "3/3" in transcript
    assert "3 / 3" in page
    assert "What leaves the gate was paid for Confirmed 7 Mar 2026 River trainer" in transcript
    for text in (transcript, page):
        assert "Tried at work" in text
        assert "What I wrote." not in text


def test_the_record_and_the_certificate_show_the_same_sum_of_what_was_read(
    app: Flask, company: Company, trainer: Confirmer, catalogue: Catalogue, folder: Path, client_for: ClientFor
) -> None:
    with app.app_context():
        people = one_in_each_state(company, trainer, catalogue, folder)
        cohort_id = make_cohort(company, people.values())
        member = Member(people[PracticeState.CONFIRMED], company.id)
        assert issue_for(member, catalogue, DAY + timedelta(days=2)) == 1
        (certificate,) = certificates_of(member)
        assert certificate.read_hash
    trainers, own = client_for(company.trainer), client_for(member.user_id)
    record = text_of(trainers.get(f"/teaching/exports/new/cohort-record.pdf?cohort={cohort_id}").data)
    paper = text_of(own.get(f"/certificates/{certificate.id}/certificate.pdf").data)
    short = certificate.read_hash[:8]
    # All four read the same text: once for each of them, and once with the certificate.
    assert record.count(short) == 5
    assert f"VERSION READ {short}" in paper
    assert short in own.get("/certificates/transcript").text
    assert short in trainers.get(f"/teaching/certificates/{certificate.id}").text
