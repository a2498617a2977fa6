"""Attempts that trainers grant beyond those a quiz allows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005_granted_attempts'
down_revision = '0004_cohorts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('granted_attempt',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('quiz_id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('granted_by', sa.String(length=20), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['granted_by'], ['user_account.id'], name=op.f('fk_granted_attempt_granted_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_granted_attempt_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_granted_attempt_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'quiz_id', 'number', name=op.f('pk_granted_attempt'))
    )
    op.create_index(op.f('ix_granted_attempt_user_id'), 'granted_attempt', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_granted_attempt_user_id'), table_name='granted_attempt')
    op.drop_table('granted_attempt')
