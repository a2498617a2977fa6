"""Rules of sitting a quiz: certainty, checked answers, one page that saves, opening and closing dates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = 'quiz_rules'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attempt', sa.Column('lease', sa.String(length=36), nullable=True))
    op.add_column('answer', sa.Column('certainty', sa.Integer(), nullable=True))
    op.create_table('checked_answer',
    sa.Column('attempt_id', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('certainty', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_checked_answer_attempt_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_checked_answer_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('attempt_id', 'question_id', 'number', name=op.f('pk_checked_answer'))
    )
    op.create_index(op.f('ix_checked_answer_organization_id_attempt_id'), 'checked_answer', ['organization_id', 'attempt_id'], unique=False)
    op.create_table('quiz_window',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('quiz_id', sa.String(length=64), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_quiz_window_opens_before_it_closes')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_quiz_window_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'quiz_id', name=op.f('pk_quiz_window'))
    )


def downgrade() -> None:
    op.drop_table('quiz_window')
    op.drop_index(op.f('ix_checked_answer_organization_id_attempt_id'), table_name='checked_answer')
    op.drop_table('checked_answer')
    op.drop_column('answer', 'certainty')
    op.drop_column('attempt', 'lease')
