"""What a trainer sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from learning.accounts.models import Membership, User
from learning.assessments import answering
from learning.assessments import service as assessments
from learning.clock import now
from learning.courses.service import complete_lesson
from learning.database import unit_of_work
from learning.extensions import db
from learning.teaching import queries
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]


def _add_learners(company: Company, count: int, department: int = 0) -> list[str]:
    moment = now()
    with unit_of_work() as session:
        ids = []
        for number in range(count):
            user = User(name=f"Learner {number:03}", sign_in_name=f"river-{department}-{number}", created_at=moment)
            session.add(user)
            session.flush()
            session.add(
                Membership(
                    organization_id=company.id,
                    user_id=user.id,
                    role=Role.LEARNER,
                    department_id=company.departments[department],
                    joined_at=moment,
                )
            )
            ids.append(user.id)
    return ids


def _page(company: Company, **choice: str | None) -> queries.PeoplePage:
    return queries.people_page(
        company.id,
        the_catalogue(),
        department_id=choice.get("department_id"),
        name_contains=choice.get("name_contains") or "",
        after=choice.get("after"),
        active_since=now() - timedelta(days=7),
    )


def test_the_table_shows_learners_and_nobody_else(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        assert [row.user_id for row in _page(company).rows] == [company.learner]


def test_progress_and_last_activity_follow_what_was_read(app: Flask, company: Company) -> None:
    with app.app_context():
        moment = now()
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), moment)
        page = _page(company)
        (row,) = page.rows
        place = [course.id for course in page.courses].index("foundations")
        assert row.courses[place].lessons_read == 1
        assert row.last_activity == moment
        assert page.active == 1


def test_of_the_self_assessment_only_the_fact_is_shown(app: Flask, company: Company, client_for: Clients) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        assessment_id = assessments.start(member, "employee-awareness", the_catalogue(), now())
        answering.save_dimension(member, assessment_id, "a1", {"a1-1": "4"}, now())
        assert not _page(company).rows[0].assessment_done
        assessments.finish(member, assessment_id, now())
        assert _page(company).rows[0].assessment_done
    trainer = client_for(company.trainer)
    for path in ("/teaching/", f"/teaching/people/{company.learner}"):
        assert assessment_id not in trainer.get(path).text


def test_the_filter_narrows_by_department_and_name(app: Flask, company: Company) -> None:
    with app.app_context():
        _add_learners(company, 3, department=1)
        assert _page(company, department_id=company.departments[1]).people == 3
        assert _page(company, name_contains="learner 00").people == 3
        assert _page(company, name_contains="LEARNER 002").people == 1
        assert _page(company, name_contains="%").people == 0


def test_a_department_of_another_organization_shows_nobody(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        assert _page(company, department_id=other_company.departments[0]).rows == ()


def test_pages_follow_each_other_without_gaps_or_repetitions(app: Flask, company: Company) -> None:
    with app.app_context():
        ids = set(_add_learners(company, 120)) | {company.learner}
        seen: list[str] = []
        after = None
        while True:
            page = _page(company, after=after)
            seen += [row.user_id for row in page.rows]
            after = page.next_after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 121
        assert set(seen) == ids


def test_who_left_is_not_shown(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context(), unit_of_work() as session:
        session.query(Membership).filter_by(user_id=company.learner).one().left_at = now()
    with app.app_context():
        assert _page(company).rows == ()
    assert client_for(company.trainer).get(f"/teaching/people/{company.learner}").status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(
    app: Flask, company: Company, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)

    def count() -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get("/teaching/").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = count()
    with app.app_context():
        people = _add_learners(company, 45)
        for user_id in people[:10]:
            complete_lesson(Member(user_id, company.id), "foundations", "m01-l1", the_catalogue(), now())
    assert count() == few


def test_a_person_of_another_organization_has_no_record_here(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)
    assert trainer.get(f"/teaching/people/{company.learner}").status_code == 200
    assert trainer.get(f"/teaching/people/{other_company.learner}").status_code == 404
    assert trainer.get(f"/teaching/people/{company.manager}").status_code == 404


def test_an_empty_organization_is_told_what_to_do(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context(), unit_of_work() as session:
        session.query(Membership).filter_by(user_id=company.learner).one().left_at = now()
    assert "Nobody learns here yet" in client_for(company.trainer).get("/teaching/").text
