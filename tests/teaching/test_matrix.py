"""People by modules: every order, filter and page against a count by hand over all rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from learning.accounts.models import Membership, User
from learning.clock import now
from learning.content.model import Catalogue, Course
from learning.courses.completion import course_progress
from learning.courses.models import CourseStanding, LessonProgress
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.teaching.groups import Group, cohort_group, everybody
from learning.teaching.matrix import Cell, MatrixPage, QuizMark, Row, columns_of, matrix_page
from learning.teaching.matrix_people import Choice, Listed, Sort, State
from learning.web.catalogue import the_catalogue
from tests.conftest import Company
from tests.proof import times
from tests.teaching.crowd import Crowd, add_crowd

SEEDS = times(1, 20)


def all_pages(group: Group, courses: list[Course], choice: Choice) -> tuple[list[Row], MatrixPage]:
    """Every page after the other, and the first one."""
    rows: list[Row] = []
    first = page = matrix_page(group, courses, the_catalogue(), choice)
    while True:
        rows += page.rows
        if page.next_after is None:
            return rows, first
        after = Choice(choice.sort, choice.name_contains, choice.department_id, choice.state, page.next_after)
        page = matrix_page(group, courses, the_catalogue(), after)


class ByHand:
    """The same table from all rows, person by person."""

    def __init__(self, company: Company, people: list[str], courses: list[Course], catalogue: Catalogue) -> None:
        self.courses, self.catalogue = courses, catalogue
        self.read: dict[str, dict[str, datetime]] = {user: {} for user in people}
        self.sat: dict[str, list[tuple[str, datetime, float, bool]]] = {user: [] for user in people}
        for user, lesson, at in db.session.execute(
            select(LessonProgress.user_id, LessonProgress.lesson_id, LessonProgress.completed_at)
        ):
            if user in self.read:
                self.read[user][lesson] = at
        for user, quiz, at, points, maximum, passed in db.session.execute(
            select(
                Attempt.user_id, Attempt.quiz_id, Attempt.started_at, Grading.points, Grading.maximum, Grading.passed
            ).join(Grading, Grading.attempt_id == Attempt.id)
        ):
            if user in self.sat:
                self.sat[user].append((quiz, at, points / maximum, passed))
        passed = {user: {quiz for quiz, _at, _share, right in sat if right} for user, sat in self.sat.items()}
        self.done = {
            user: sum(course_progress(course, read.keys(), passed[user]).done for course in courses)
            for user, read in self.read.items()
        }
        #: In the order of the database, whatever it thinks of letters.
        self.people = db.session.execute(
            select(User.id, User.name, Membership.department_id)
            .join(Membership, Membership.user_id == User.id)
            .where(User.id.in_(people), Membership.organization_id == company.id)
            .order_by(User.name, User.id)
        ).all()

    def last(self, user: str) -> datetime | None:
        moments = [*self.read[user].values(), *(at for _quiz, at, _share, _passed in self.sat[user])]
        return max(moments, default=None)

    def cells(self, user: str) -> tuple[Cell, ...]:
        found = []
        for column in columns_of(self.courses, self.catalogue):
            shares = [(share, passed) for quiz, _at, share, passed in self.sat[user] if quiz == column.quiz_id]
            mark, best = None, None
            if column.quiz_id:
                passed = any(right for _share, right in shares)
                mark = QuizMark.PASSED if passed else QuizMark.FAILING if shares else QuizMark.NOT_TRIED
                best = int(100 * max(share for share, _right in shares) + 1e-9) if shares else None
            read = sum(lesson in self.read[user] for lesson in column.lesson_ids)
            found.append(Cell(read, len(column.lesson_ids), mark, best))
        return tuple(found)

    def rows(self, choice: Choice, steps: int) -> list[str]:
        def fits(user: str, name: str, department: str | None) -> bool:
            done = self.done[user]
            state = State.NOT_STARTED if done == 0 else State.COMPLETE if done == steps else State.STARTED
            return (
                choice.name_contains.lower() in name.lower()
                and choice.department_id in (None, department)
                and choice.state in (None, state)
            )

        chosen = [user for user, name, department in self.people if fits(user, name, department)]
        early = datetime.min.replace(tzinfo=now().tzinfo)
        keys: dict[Sort, Callable[[str], object]] = {
            Sort.NAME: lambda user: 0,
            Sort.LEAST_DONE: lambda user: self.done[user],
            Sort.MOST_DONE: lambda user: -self.done[user],
            Sort.LONGEST_AGO: lambda user: self.last(user) or early,
            Sort.LATEST: lambda user: -(self.last(user) or early).timestamp(),
        }
        return sorted(chosen, key=keys[choice.sort])  # type: ignore[arg-type]


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_order_filter_and_page_is_as_counted_by_hand(app: Flask, company: Company, seed: int) -> None:
    with app.app_context():
        catalogue = the_catalogue()
        crowd = add_crowd(company.id, 64, catalogue, now(), seed)
        department = db.session.scalar(select(Membership.department_id).where(Membership.user_id == crowd.people[seed]))
        cohort = cohort_group(company.id, crowd.cohort, now())
        groups: list[tuple[Group, list[str], list[Course]]] = [
            (cohort, list(crowd.people), list(cohort.courses(catalogue))),
            (cohort, list(crowd.people), [catalogue.courses["employee-path"]]),
            (everybody(company.id), [*crowd.people, company.learner], list(catalogue.courses.values())),
        ]
        for group, people, courses in groups:
            by_hand = ByHand(company, people, courses, catalogue)
            filters = [("", None, None), ("an", None, State.STARTED), ("", department, None)]
            filters += [("", None, state) for state in State]
            for sort, (name, where, state) in itertools.product(Sort, filters):
                choice = Choice(sort, name, where, state)
                rows, first = all_pages(group, courses, choice)
                assert [row.person.user_id for row in rows] == by_hand.rows(choice, first.steps), choice
                assert first.people == len(rows)
            for row in all_pages(group, courses, Choice())[0]:
                user = row.person.user_id
                assert row.person.done == by_hand.done[user]
                assert row.last_activity == by_hand.last(user)
                assert row.cells == by_hand.cells(user)


def made(app: Flask, company: Company, people: int = 60) -> tuple[Crowd, Group, list[Course]]:
    crowd = add_crowd(company.id, people, the_catalogue(), now())
    group = cohort_group(company.id, crowd.cohort, now())
    return crowd, group, list(group.courses(the_catalogue()))


def test_who_left_is_gone_and_the_next_page_still_begins_behind_them(app: Flask, company: Company) -> None:
    with app.app_context():
        _crowd, group, courses = made(app, company)
        page = matrix_page(group, courses, the_catalogue(), Choice(Sort.MOST_DONE))
        before, _first = all_pages(group, courses, Choice(Sort.MOST_DONE))
        with unit_of_work() as session:
            session.execute(
                update(Membership).where(Membership.user_id == page.rows[-1].person.user_id).values(left_at=now())
            )
        following = matrix_page(group, courses, the_catalogue(), Choice(Sort.MOST_DONE, after=page.next_after))
        assert following.rows == tuple(before[len(page.rows) :])


def test_somebody_who_goes_on_between_two_pages_moves_nobody_else(app: Flask, company: Company) -> None:
    """The page carries what the last person was sorted by, so that their next step opens no gap."""
    with app.app_context():
        _crowd, group, courses = made(app, company)
        choice = Choice(Sort.LEAST_DONE)
        page = matrix_page(group, courses, the_catalogue(), choice)
        before, _first = all_pages(group, courses, choice)
        last = page.rows[-1].person
        with unit_of_work() as session:
            goes_on = update(CourseStanding).where(CourseStanding.user_id == last.user_id)
            assert session.execute(goes_on.values(done=CourseStanding.done + 30)).rowcount
        following = matrix_page(group, courses, the_catalogue(), Choice(Sort.LEAST_DONE, after=page.next_after))
        others = [row.person for row in following.rows if row.person.user_id != last.user_id]
        assert others == [row.person for row in before[len(page.rows) :]]


@pytest.mark.parametrize("after", ["", "x", "1", "5.nobody", "-1.x", "9" * 30 + ".x", "１.x", "0." + "x" * 500])
def test_a_cursor_that_says_nothing_shows_the_first_page(app: Flask, company: Company, after: str) -> None:
    with app.app_context():
        group = everybody(company.id)
        page = matrix_page(group, list(the_catalogue().courses.values()), the_catalogue(), Choice(after=after))
        assert [row.person.name for row in page.rows] == ["River learner"]


def test_a_person_of_another_organization_is_no_place_to_go_on_from(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        page = matrix_page(everybody(company.id), [], the_catalogue(), Choice(after=f"0.{other_company.learner}"))
        assert [row.person for row in page.rows] == [Listed(company.learner, "River learner", "Dye house", 0)]


def test_a_module_shows_the_lessons_that_one_of_the_courses_asks_for(app: Flask, company: Company) -> None:
    with app.app_context():
        courses = the_catalogue().courses
        alone = columns_of([courses["employee-path"]], the_catalogue())
        both = columns_of([courses["employee-path"], courses["foundations"]], the_catalogue())
        assert [column.id for column in alone] == ["m01", "m02", "m09", "m10", "m14", "employee-path-final"]
        assert (len(alone[0].lesson_ids), alone[0].quiz_id) == (3, None)
        assert (len(both[0].lesson_ids), both[0].quiz_id) == (4, "m01-quiz")
