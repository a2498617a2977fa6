"""A trainer revokes a certificate, for good and with a reason. Marking again never does it by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.certificates.errors import NoReason, Revoked
from learning.certificates.numbers import grouped
from learning.certificates.queries import inscription_of
from learning.certificates.service import issue_due, look_again, revoke
from learning.clock import now
from learning.content.model import Catalogue, Quiz
from learning.errors import NotFound
from learning.quizzes.regrading import regrade
from learning.web.identity import Member
from tests.certificates.completing import QUIZ_ID, certificates_of, complete, sit
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def trainer(company: Company) -> Member:
    return Member(company.trainer, company.id)


def failing(catalogue: Catalogue) -> Quiz:
    """The quiz with the keys of its choices turned round, so that whoever had all right does not pass any more."""
    quiz = catalogue.quizzes[QUIZ_ID]
    turned = []
    for question in quiz.questions:
        if question.type in ("single", "multiple", "true-false"):
            options = tuple(replace(each, right=not each.right) for each in question.options)  # type: ignore[union-attr]
            turned.append(replace(question, options=options, points=10))
        else:
            turned.append(question)
    return replace(quiz, questions=tuple(turned))


def test_a_pass_that_is_taken_away_leaves_the_certificate_and_tells_the_trainer(
    app: Flask, learner: Member, catalogue: Catalogue, client_for: Clients, company: Company
) -> None:
    with app.app_context():
        found = complete(learner, now())
        assert regrade(company.id, failing(catalogue), "The keys were wrong.", now()) == 1
        assert issue_due(catalogue, now()) == 0
        (after,) = certificates_of(learner)
        assert after.doubted_at is not None
        assert after.revoked_at is None
    assert "This certificate is valid" in client_for(None).get(f"/verify/{grouped(found.number)}").text
    client = client_for(company.trainer)
    listed = client.get("/teaching/certificates/?state=doubted").text
    assert "1 certificate stands on a quiz that is no longer passed" in listed
    assert "River learner" in listed
    assert "no longer passed" in client.get(f"/teaching/certificates/{found.id}").text
    assert "no longer passed" not in client_for(learner.user_id).get("/certificates/").text


def test_the_doubt_goes_away_when_the_quiz_is_passed_again(
    app: Flask, learner: Member, catalogue: Catalogue, company: Company
) -> None:
    with app.app_context():
        complete(learner, DAY)
        regrade(company.id, failing(catalogue), "The keys were wrong.", DAY)
        assert look_again(company.id, DAY) == 1
        assert look_again(company.id, DAY) == 0
        sit(learner, DAY + timedelta(days=1))
        assert look_again(company.id, DAY + timedelta(days=1)) == 1
        assert certificates_of(learner)[0].doubted_at is None


def test_another_attempt_that_passes_keeps_it_out_of_doubt(
    app: Flask, learner: Member, catalogue: Catalogue, company: Company
) -> None:
    with app.app_context():
        complete(learner, DAY)
        regrade(company.id, failing(catalogue), "The keys were wrong.", DAY)
        sit(learner, DAY)
        look_again(company.id, DAY)
        assert certificates_of(learner)[0].doubted_at is None


def test_the_trainer_who_marks_again_has_it_looked_at_at_once(
    app: Flask, learner: Member, client_for: Clients, company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, now())
        regrade(company.id, failing(catalogue), "The keys were wrong.", now())
    client = client_for(company.trainer)
    path = f"/teaching/quizzes/{QUIZ_ID}/regrade"
    client.post(path, data={"csrf_token": csrf_token(client, path), "reason": "Once more."})
    with app.app_context():
        assert certificates_of(learner)[0].doubted_at is None, "by today's key it is passed again"


def test_the_holder_reads_the_reason_and_whoever_verifies_does_not(
    app: Flask, learner: Member, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        found = complete(learner, now())
    client = client_for(company.trainer)
    path = f"/teaching/certificates/{found.id}"
    data = {"csrf_token": csrf_token(client, path), "reason": "Somebody else\n sat the quiz."}
    assert "The certificate is revoked." in client.post(path, data=data, follow_redirects=True).text
    assert "Somebody else sat the quiz." in client.get(path).text
    assert "Revoke this certificate" not in client.get(path).text
    mine = client_for(learner.user_id).get("/certificates/").text
    assert "Somebody else sat the quiz." in mine
    assert "Open the PDF" not in mine
    verified = client_for(None).get(f"/verify/{grouped(found.number)}").text
    assert "This certificate was revoked" in verified
    assert "Somebody else" not in verified
    assert client_for(learner.user_id).get(f"/certificates/{found.id}/certificate.pdf").status_code == 410
    with app.app_context(), pytest.raises(Revoked):
        inscription_of(learner, found.id)


def test_it_is_revoked_once_and_the_first_reason_stays(app: Flask, learner: Member, trainer: Member) -> None:
    with app.app_context():
        found = complete(learner, DAY)
        revoke(trainer, found.id, "The first reason.", DAY)
        revoke(trainer, found.id, "Another reason.", DAY + timedelta(days=1))
        (after,) = certificates_of(learner)
        assert (after.revoked_reason, after.revoked_at, after.revoked_by) == (
            "The first reason.",
            DAY,
            trainer.user_id,
        )


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 301])
def test_a_reason_is_needed_and_what_was_typed_is_kept(
    app: Flask, learner: Member, company: Company, trainer: Member, client_for: Clients, reason: str
) -> None:
    with app.app_context():
        found = complete(learner, DAY)
        with pytest.raises(NoReason):
            revoke(trainer, found.id, reason, DAY)
    client = client_for(company.trainer)
    path = f"/teaching/certificates/{found.id}"
    page = client.post(path, data={"csrf_token": csrf_token(client, path), "reason": reason})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert reason.strip() in page.text
    with app.app_context():
        assert certificates_of(learner)[0].revoked_at is None


def test_a_trainer_of_another_organization_revokes_nothing(app: Flask, learner: Member, other_company: Company) -> None:
    with app.app_context():
        found = complete(learner, DAY)
        with pytest.raises(NotFound):
            revoke(Member(other_company.trainer, other_company.id), found.id, "Not mine.", DAY)
        assert certificates_of(learner)[0].revoked_at is None
