"""Practice at work: what is handed in and confirmed, colleagues who confirm, practice as a step of courses"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006_practice'
down_revision = '0005_measures'
branch_labels = None
depends_on = None

BEFORE = ('lesson', 'quiz')
AFTER = (*BEFORE, 'practice')


def upgrade() -> None:
    _kinds_of_steps(AFTER)
    op.create_table('cohort_confirmer',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('cohort_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('named_by', sa.String(length=20), nullable=True),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['named_by'], ['user_account.id'], name=op.f('fk_cohort_confirmer_named_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id', 'cohort_id'], ['cohort.organization_id', 'cohort.id'], name=op.f('fk_cohort_confirmer_organization_id_cohort_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_cohort_confirmer_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'cohort_id', 'user_id', name=op.f('pk_cohort_confirmer'))
    )
    op.create_index(op.f('ix_cohort_confirmer_organization_id_user_id'), 'cohort_confirmer', ['organization_id', 'user_id'], unique=False)
    op.create_table('practice_record',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('task_id', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_practice_record_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_practice_record_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'task_id', name=op.f('pk_practice_record'))
    )
    op.create_index(op.f('ix_practice_record_organization_id_task_id'), 'practice_record', ['organization_id', 'task_id'], unique=False)
    op.create_index(op.f('ix_practice_record_user_id'), 'practice_record', ['user_id'], unique=False)
    op.create_table('practice_submission',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('task_id', sa.String(length=64), nullable=False),
    sa.Column('lesson_id', sa.String(length=64), nullable=False),
    sa.Column('lesson_hash', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('handed-in', 'confirmed', 'returned', name='state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('photo', sa.String(length=32), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'handed-in') = (decided_at IS NULL)", name=op.f('ck_practice_submission_decided_at_a_time')),
    sa.CheckConstraint('decided_by <> user_id', name=op.f('ck_practice_submission_decided_by_another')),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_practice_submission_counted_from_one')),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_practice_submission_decided_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_practice_submission_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_practice_submission_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_submission')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_practice_submission_organization_id_id')),
    sa.UniqueConstraint('organization_id', 'user_id', 'task_id', name=op.f('uq_practice_submission_organization_id_user_id_task_id')),
    sa.UniqueConstraint('photo', name=op.f('uq_practice_submission_photo'))
    )
    op.create_index(op.f('ix_practice_submission_organization_id_state_handed_in_at_id'), 'practice_submission', ['organization_id', 'state', 'handed_in_at', 'id'], unique=False)
    op.create_index(op.f('ix_practice_submission_user_id'), 'practice_submission', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('practice_submission')
    op.drop_table('practice_record')
    op.drop_table('cohort_confirmer')
    _kinds_of_steps(BEFORE)


def _kinds_of_steps(kinds: tuple[str, ...]) -> None:
    """Make the table of steps anew with other kinds: SQLite cannot change a check. It is small, and kept row by row."""
    kept = [
        dict(row)
        for row in op.get_bind().execute(sa.text('SELECT course_id, kind, step_id FROM course_step')).mappings()
        if row['kind'] in kinds
    ]
    op.drop_table('course_step')
    kind = sa.Enum(*kinds, name='kind', native_enum=False, create_constraint=True, length=24)
    steps = op.create_table('course_step',
    sa.Column('course_id', sa.String(length=64), nullable=False),
    sa.Column('kind', kind, nullable=False),
    sa.Column('step_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('course_id', 'kind', 'step_id', name=op.f('pk_course_step'))
    )
    op.create_index(op.f('ix_course_step_kind_step_id'), 'course_step', ['kind', 'step_id'], unique=False)
    if kept:
        op.bulk_insert(steps, kept)
