"""Spaced review: cards of questions, and whether a person wants it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = 'review'
down_revision = '0002_guided_assessment'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_card',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_review_card_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_review_card_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', 'question_id', name=op.f('pk_review_card'))
    )
    op.create_index(op.f('ix_review_card_user_id'), 'review_card', ['user_id'], unique=False)
    op.create_table('review_setting',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_review_setting_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_review_setting_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'user_id', name=op.f('pk_review_setting'))
    )
    op.create_index(op.f('ix_review_setting_user_id'), 'review_setting', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_review_setting_user_id'), table_name='review_setting')
    op.drop_table('review_setting')
    op.drop_index(op.f('ix_review_card_user_id'), table_name='review_card')
    op.drop_table('review_card')
