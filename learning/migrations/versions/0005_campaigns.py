"""Campaigns: plans, waves, who is invited; mail sealed with a key"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005_campaigns'
down_revision = '0005_standings'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('instrument_id', sa.String(length=64), nullable=True),
    sa.Column('instrument_hash', sa.String(length=64), nullable=True),
    sa.Column('course_ids', sa.JSON(), nullable=False),
    sa.Column('purpose', sa.String(length=1000), nullable=False),
    sa.Column('measures', sa.String(length=1000), nullable=False),
    sa.Column('contact', sa.String(length=1000), nullable=False),
    sa.Column('k', sa.Integer(), nullable=False),
    sa.Column('accepted_promise', sa.Text(), nullable=True),
    sa.Column('council_agrees', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.String(length=20), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(opened_at IS NULL) = (instrument_hash IS NULL)', name=op.f('ck_campaign_frozen_when_opened')),
    sa.CheckConstraint('k >= 5', name=op.f('ck_campaign_k_has_a_floor')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_campaign_created_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['instrument_hash'], ['instrument_version.hash'], name=op.f('fk_campaign_instrument_hash')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_campaign_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_campaign_organization_id_id')),
    sa.UniqueConstraint('organization_id', 'title', name=op.f('uq_campaign_organization_id_title'))
    )
    op.create_table('campaign_group',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('campaign_id', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.Enum('mail', 'cards', name='channel', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('takes_people_without_department', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'campaign_id'], ['campaign.organization_id', 'campaign.id'], name=op.f('fk_campaign_group_organization_id_campaign_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'campaign_id', 'code', name=op.f('pk_campaign_group')),
    sa.UniqueConstraint('organization_id', 'campaign_id', 'name', name=op.f('uq_campaign_group_organization_id_campaign_id_name'))
    )
    op.create_index('uq_campaign_group_one_for_the_rest', 'campaign_group', ['organization_id', 'campaign_id'], unique=True, sqlite_where=sa.text('takes_people_without_department'), postgresql_where=sa.text('takes_people_without_department'))
    op.create_table('campaign_wave',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('campaign_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'opening', 'open', 'closing', 'closed', name='state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('opening_mark', sa.String(length=20), nullable=True),
    sa.Column('k', sa.Integer(), nullable=True),
    sa.Column('promise', sa.Text(), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ballots_id', sa.String(length=64), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_campaign_wave_closed_once')),
    sa.CheckConstraint("(state IN ('planned', 'opening')) = (opened_at IS NULL)", name=op.f('ck_campaign_wave_opened_once')),
    sa.CheckConstraint("state = 'planned' OR (k IS NOT NULL AND promise IS NOT NULL AND closes_at IS NOT NULL)", name=op.f('ck_campaign_wave_declared')),
    sa.CheckConstraint("(state IN ('planned', 'opening')) = (ballots_id IS NULL)", name=op.f('ck_campaign_wave_has_ballots_when_opened')),
    sa.CheckConstraint('k IS NULL OR k >= 5', name=op.f('ck_campaign_wave_k_has_a_floor')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_campaign_wave_counted_from_one')),
    sa.CheckConstraint('opens_on < closes_on', name=op.f('ck_campaign_wave_opens_before_it_closes')),
    sa.ForeignKeyConstraint(['organization_id', 'campaign_id'], ['campaign.organization_id', 'campaign.id'], name=op.f('fk_campaign_wave_organization_id_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_campaign_wave_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_wave')),
    sa.UniqueConstraint('ballots_id', name=op.f('uq_campaign_wave_ballots_id')),
    sa.UniqueConstraint('organization_id', 'campaign_id', 'number', name=op.f('uq_campaign_wave_organization_id_campaign_id_number')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_campaign_wave_organization_id_id'))
    )
    op.create_index(op.f('ix_campaign_wave_state_closes_at'), 'campaign_wave', ['state', 'closes_at'], unique=False)
    op.create_index('uq_campaign_wave_one_at_a_time', 'campaign_wave', ['organization_id', 'campaign_id'], unique=True, sqlite_where=sa.text("state IN ('opening', 'open', 'closing')"), postgresql_where=sa.text("state IN ('opening', 'open', 'closing')"))
    op.create_table('campaign_group_department',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('campaign_id', sa.String(length=20), nullable=False),
    sa.Column('department_id', sa.String(length=20), nullable=False),
    sa.Column('group_code', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'campaign_id', 'group_code'], ['campaign_group.organization_id', 'campaign_group.campaign_id', 'campaign_group.code'], name='fk_campaign_group_department_group', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'department_id'], ['department.organization_id', 'department.id'], name=op.f('fk_campaign_group_department_organization_id_department_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'campaign_id', 'department_id', name=op.f('pk_campaign_group_department'))
    )
    op.create_index(op.f('ix_campaign_group_department_organization_id_department_id'), 'campaign_group_department', ['organization_id', 'department_id'], unique=False)
    op.create_table('campaign_reminder',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('wave_id', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('mails', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'wave_id'], ['campaign_wave.organization_id', 'campaign_wave.id'], name=op.f('fk_campaign_reminder_organization_id_wave_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'wave_id', 'day', name=op.f('pk_campaign_reminder'))
    )
    op.create_table('campaign_wave_group',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('wave_id', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('invited', sa.Integer(), nullable=False),
    sa.CheckConstraint('invited >= 10', name=op.f('ck_campaign_wave_group_coarse')),
    sa.ForeignKeyConstraint(['organization_id', 'wave_id'], ['campaign_wave.organization_id', 'campaign_wave.id'], name=op.f('fk_campaign_wave_group_organization_id_wave_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'wave_id', 'code', name=op.f('pk_campaign_wave_group')),
    sa.UniqueConstraint('organization_id', 'wave_id', 'name', name=op.f('uq_campaign_wave_group_organization_id_wave_id_name'))
    )
    op.create_table('campaign_cards',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('wave_id', sa.String(length=20), nullable=False),
    sa.Column('group_code', sa.String(length=8), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(made_at IS NULL) = (sealed IS NOT NULL)', name=op.f('ck_campaign_cards_gone_when_made')),
    sa.ForeignKeyConstraint(['organization_id', 'wave_id', 'group_code'], ['campaign_wave_group.organization_id', 'campaign_wave_group.wave_id', 'campaign_wave_group.code'], name=op.f('fk_campaign_cards_organization_id_wave_id_group_code'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'wave_id', 'group_code', name=op.f('pk_campaign_cards'))
    )
    op.create_table('campaign_invited',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('wave_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('group_code', sa.String(length=8), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'wave_id', 'group_code'], ['campaign_wave_group.organization_id', 'campaign_wave_group.wave_id', 'campaign_wave_group.code'], name=op.f('fk_campaign_invited_organization_id_wave_id_group_code'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_campaign_invited_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'wave_id', 'user_id', name=op.f('pk_campaign_invited'))
    )
    op.create_index(op.f('ix_campaign_invited_user_id'), 'campaign_invited', ['user_id'], unique=False)
    op.add_column('outbox_message', sa.Column('sealed_with', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_outbox_message_sealed_with'), 'outbox_message', ['sealed_with'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_outbox_message_sealed_with'), table_name='outbox_message')
    op.drop_column('outbox_message', 'sealed_with')
    op.drop_index(op.f('ix_campaign_invited_user_id'), table_name='campaign_invited')
    op.drop_table('campaign_invited')
    op.drop_table('campaign_cards')
    op.drop_table('campaign_wave_group')
    op.drop_table('campaign_reminder')
    op.drop_index(op.f('ix_campaign_group_department_organization_id_department_id'), table_name='campaign_group_department')
    op.drop_table('campaign_group_department')
    op.drop_index('uq_campaign_wave_one_at_a_time', table_name='campaign_wave', sqlite_where=sa.text("state IN ('opening', 'open', 'closing')"), postgresql_where=sa.text("state IN ('opening', 'open', 'closing')"))
    op.drop_index(op.f('ix_campaign_wave_state_closes_at'), table_name='campaign_wave')
    op.drop_table('campaign_wave')
    op.drop_index('uq_campaign_group_one_for_the_rest', table_name='campaign_group', sqlite_where=sa.text('takes_people_without_department'), postgresql_where=sa.text('takes_people_without_department'))
    op.drop_table('campaign_group')
    op.drop_table('campaign')
