"""Cohorts, assignments, openings of lessons, time zones"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0004_cohorts'
down_revision = 'review'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lesson_opening',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('lesson_id', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('furthest_heading', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_lesson_opening_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_lesson_opening_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'lesson_id', name=op.f('pk_lesson_opening'))
    )
    op.create_index(op.f('ix_lesson_opening_organization_id_lesson_id'), 'lesson_opening', ['organization_id', 'lesson_id'], unique=False)
    op.create_index(op.f('ix_lesson_opening_user_id'), 'lesson_opening', ['user_id'], unique=False)
    op.create_table('note',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_by', sa.String(length=20), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_note_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_note_user_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by'], ['user_account.id'], name=op.f('fk_note_written_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note'))
    )
    op.create_index(op.f('ix_note_organization_id_user_id_written_at'), 'note', ['organization_id', 'user_id', 'written_at'], unique=False)
    op.create_table('reminder',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('by-trainer', 'due-soon', 'overdue', 'digest', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('sent_by', sa.String(length=20), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_reminder_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by'], ['user_account.id'], name=op.f('fk_reminder_sent_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_reminder_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'day', name=op.f('pk_reminder'))
    )
    op.create_index(op.f('ix_reminder_user_id'), 'reminder', ['user_id'], unique=False)
    op.create_table('reminder_setting',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('muted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_reminder_setting_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_reminder_setting_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', name=op.f('pk_reminder_setting'))
    )
    op.create_index(op.f('ix_reminder_setting_user_id'), 'reminder_setting', ['user_id'], unique=False)
    op.create_table('cohort',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('department_id', sa.String(length=20), nullable=True),
    sa.Column('created_by', sa.String(length=20), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_cohort_created_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_cohort_department_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_cohort_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_cohort_organization_id_id')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_cohort_organization_id_name'))
    )
    op.create_index(op.f('ix_cohort_department_id'), 'cohort', ['department_id'], unique=False)
    op.create_table('assignment',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('cohort_id', sa.String(length=20), nullable=False),
    sa.Column('series_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('course', 'quiz', 'assessment', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('content_id', sa.String(length=64), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('repeat_months', sa.Integer(), nullable=True),
    sa.Column('is_refresh', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.String(length=20), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('opens_on <= due_on', name=op.f('ck_assignment_opens_before_due')),
    sa.CheckConstraint('repeat_months IS NULL OR repeat_months BETWEEN 1 AND 60', name=op.f('ck_assignment_repeats_within_years')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_assignment_created_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id', 'cohort_id'], ['cohort.organization_id', 'cohort.id'], name=op.f('fk_assignment_organization_id_cohort_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_assignment_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_assignment_organization_id_id')),
    sa.UniqueConstraint('organization_id', 'series_id', 'opens_on', name=op.f('uq_assignment_organization_id_series_id_opens_on'))
    )
    op.create_index(op.f('ix_assignment_organization_id_cohort_id'), 'assignment', ['organization_id', 'cohort_id'], unique=False)
    op.create_table('cohort_member',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('cohort_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'cohort_id'], ['cohort.organization_id', 'cohort.id'], name=op.f('fk_cohort_member_organization_id_cohort_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_cohort_member_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'cohort_id', 'user_id', name=op.f('pk_cohort_member'))
    )
    op.create_index(op.f('ix_cohort_member_organization_id_user_id'), 'cohort_member', ['organization_id', 'user_id'], unique=False)
    op.create_table('cohort_trainer',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('cohort_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'cohort_id'], ['cohort.organization_id', 'cohort.id'], name=op.f('fk_cohort_trainer_organization_id_cohort_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_cohort_trainer_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'cohort_id', 'user_id', name=op.f('pk_cohort_trainer'))
    )
    op.create_index(op.f('ix_cohort_trainer_organization_id_user_id'), 'cohort_trainer', ['organization_id', 'user_id'], unique=False)
    op.create_table('extension',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('assignment_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('granted_by', sa.String(length=20), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['granted_by'], ['user_account.id'], name=op.f('fk_extension_granted_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id', 'assignment_id'], ['assignment.organization_id', 'assignment.id'], name=op.f('fk_extension_organization_id_assignment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_extension_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'assignment_id', 'user_id', name=op.f('pk_extension'))
    )
    op.create_index(op.f('ix_extension_organization_id_user_id'), 'extension', ['organization_id', 'user_id'], unique=False)
    op.add_column('organization', sa.Column('time_zone', sa.String(length=64), nullable=False, server_default='UTC'))
    op.add_column('user_account', sa.Column('time_zone', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('user_account', 'time_zone')
    op.drop_column('organization', 'time_zone')
    op.drop_index(op.f('ix_extension_organization_id_user_id'), table_name='extension')
    op.drop_table('extension')
    op.drop_index(op.f('ix_cohort_trainer_organization_id_user_id'), table_name='cohort_trainer')
    op.drop_table('cohort_trainer')
    op.drop_index(op.f('ix_cohort_member_organization_id_user_id'), table_name='cohort_member')
    op.drop_table('cohort_member')
    op.drop_index(op.f('ix_assignment_organization_id_cohort_id'), table_name='assignment')
    op.drop_table('assignment')
    op.drop_index(op.f('ix_cohort_department_id'), table_name='cohort')
    op.drop_table('cohort')
    op.drop_index(op.f('ix_reminder_setting_user_id'), table_name='reminder_setting')
    op.drop_table('reminder_setting')
    op.drop_index(op.f('ix_reminder_user_id'), table_name='reminder')
    op.drop_table('reminder')
    op.drop_index(op.f('ix_note_organization_id_user_id_written_at'), table_name='note')
    op.drop_table('note')
    op.drop_index(op.f('ix_lesson_opening_user_id'), table_name='lesson_opening')
    op.drop_index(op.f('ix_lesson_opening_organization_id_lesson_id'), table_name='lesson_opening')
    op.drop_table('lesson_opening')
