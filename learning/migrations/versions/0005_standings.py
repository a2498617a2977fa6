"""Standings in courses and quizzes, kept so that lists of thousands are fast"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005_standings'
down_revision = '0005_certificates'
branch_labels = None
depends_on = None

KIND = sa.Enum('lesson', 'quiz', name='kind', native_enum=False, create_constraint=True, length=24)

#: What the latest gradings of the attempts come to, as learning/quizzes/records.py keeps it from now on.
RECORDS = """
INSERT INTO quiz_record (
    organization_id, user_id, quiz_id, attempts, passes, total, best, first_passed_at, last_passed_at, last_submitted_at
)
SELECT attempt.organization_id, attempt.user_id, attempt.quiz_id, count(*),
       sum(CASE WHEN grading.passed THEN 1 ELSE 0 END),
       coalesce(sum(1000.0 * grading.points / nullif(grading.maximum, 0)), 0),
       cast(coalesce(max(1000 * cast(grading.points AS BIGINT) / nullif(grading.maximum, 0)), 0) AS INTEGER),
       min(CASE WHEN grading.passed THEN attempt.submitted_at END),
       max(CASE WHEN grading.passed THEN attempt.submitted_at END),
       max(attempt.submitted_at)
FROM attempt
JOIN grading ON grading.organization_id = attempt.organization_id AND grading.attempt_id = attempt.id
WHERE NOT EXISTS (
    SELECT 1 FROM grading AS later
    WHERE later.organization_id = grading.organization_id AND later.attempt_id = grading.attempt_id
      AND later.number > grading.number
)
GROUP BY attempt.organization_id, attempt.user_id, attempt.quiz_id
"""

#: Who read a lesson has opened it.
OPENINGS = """
INSERT INTO lesson_opening (organization_id, user_id, lesson_id, opened_at, furthest_heading)
SELECT organization_id, user_id, lesson_id, completed_at, 0 FROM lesson_progress
WHERE NOT EXISTS (
    SELECT 1 FROM lesson_opening
    WHERE lesson_opening.organization_id = lesson_progress.organization_id
      AND lesson_opening.user_id = lesson_progress.user_id AND lesson_opening.lesson_id = lesson_progress.lesson_id
)
"""


def upgrade() -> None:
    op.create_table('course_step',
    sa.Column('course_id', sa.String(length=64), nullable=False),
    sa.Column('kind', KIND, nullable=False),
    sa.Column('step_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('course_id', 'kind', 'step_id', name=op.f('pk_course_step'))
    )
    op.create_index(op.f('ix_course_step_kind_step_id'), 'course_step', ['kind', 'step_id'], unique=False)
    op.create_table('quiz_record',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('quiz_id', sa.String(length=64), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('passes', sa.Integer(), nullable=False),
    sa.Column('best', sa.Integer(), nullable=False),
    sa.Column('total', sa.Double(), nullable=False),
    sa.Column('first_passed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_passed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(first_passed_at IS NULL) = (last_passed_at IS NULL)', name=op.f('ck_quiz_record_passed_has_both_times')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_quiz_record_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_quiz_record_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'quiz_id', name=op.f('pk_quiz_record'))
    )
    op.create_index(op.f('ix_quiz_record_user_id'), 'quiz_record', ['user_id'], unique=False)
    op.create_table('course_standing',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('course_id', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('done > 0', name=op.f('ck_course_standing_something_done')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_course_standing_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_course_standing_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'course_id', 'user_id', name=op.f('pk_course_standing'))
    )
    op.create_index(op.f('ix_course_standing_user_id'), 'course_standing', ['user_id'], unique=False)
    op.create_index(op.f('ix_course_standing_organization_id_course_id_done'), 'course_standing', ['organization_id', 'course_id', 'done'], unique=False)
    op.execute(RECORDS)
    op.execute(OPENINGS)


def downgrade() -> None:
    op.drop_table('course_standing')
    op.drop_table('quiz_record')
    op.drop_table('course_step')
