"""The action plan of a campaign"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005_measures'
down_revision = '0005_ideas'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('measure',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('campaign_id', sa.String(length=20), nullable=False),
    sa.Column('proposal', sa.String(length=72), nullable=True),
    sa.Column('dimension_id', sa.String(length=64), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('what', sa.String(length=1000), nullable=False),
    sa.Column('lesson_id', sa.String(length=64), nullable=True),
    sa.Column('owner_id', sa.String(length=20), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('planned', 'going', 'done', 'dropped', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f('ck_measure_done_on_a_day')),
    sa.CheckConstraint("status != 'dropped' OR reason != ''", name=op.f('ck_measure_dropped_for_a_reason')),
    sa.ForeignKeyConstraint(['organization_id', 'campaign_id'], ['campaign.organization_id', 'campaign.id'], name=op.f('fk_measure_organization_id_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_measure_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_measure_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure')),
    sa.UniqueConstraint('organization_id', 'campaign_id', 'proposal', name=op.f('uq_measure_organization_id_campaign_id_proposal')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_measure_organization_id_id'))
    )
    op.create_index(op.f('ix_measure_organization_id_campaign_id'), 'measure', ['organization_id', 'campaign_id'], unique=False)
    op.create_index(op.f('ix_measure_owner_id'), 'measure', ['owner_id'], unique=False)
    op.create_table('measure_change',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('measure_id', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=20), nullable=True),
    sa.Column('status', sa.Enum('planned', 'going', 'done', 'dropped', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['user_account.id'], name=op.f('fk_measure_change_changed_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id', 'measure_id'], ['measure.organization_id', 'measure.id'], name=op.f('fk_measure_change_organization_id_measure_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_measure_change_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('organization_id', 'measure_id', 'revision', name=op.f('pk_measure_change'))
    )


def downgrade() -> None:
    op.drop_table('measure_change')
    op.drop_index(op.f('ix_measure_owner_id'), table_name='measure')
    op.drop_index(op.f('ix_measure_organization_id_campaign_id'), table_name='measure')
    op.drop_table('measure')
