"""The box of ideas"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005_ideas'
down_revision = '0005_campaigns'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('idea',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('saving', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('saving_unit', sa.Enum('money', 'kWh', 'm3', 'kg', name='saving_unit', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('user_id', sa.String(length=20), nullable=True),
    sa.Column('handed_in_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('new', 'planned', 'done', 'declined', name='state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.String(length=20), nullable=True),
    sa.CheckConstraint("state = 'new' OR answer IS NOT NULL", name=op.f('ck_idea_answered_when_decided')),
    sa.CheckConstraint('(answer IS NULL) = (answered_on IS NULL)', name=op.f('ck_idea_answered_on_a_day')),
    sa.CheckConstraint('(saving IS NULL) = (saving_unit IS NULL)', name=op.f('ck_idea_saving_has_a_unit')),
    sa.CheckConstraint('saving IS NULL OR saving > 0', name=op.f('ck_idea_saves_something')),
    sa.ForeignKeyConstraint(['answered_by'], ['user_account.id'], name=op.f('fk_idea_answered_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_idea_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_idea_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea'))
    )
    op.create_index(op.f('ix_idea_organization_id_state_handed_in_on'), 'idea', ['organization_id', 'state', 'handed_in_on'], unique=False)
    op.create_index(op.f('ix_idea_user_id'), 'idea', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_idea_user_id'), table_name='idea')
    op.drop_index(op.f('ix_idea_organization_id_state_handed_in_on'), table_name='idea')
    op.drop_table('idea')
