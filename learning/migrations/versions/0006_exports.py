"""Exports that are made in the background"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0006_exports'
down_revision = '0006_practice'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('export_job',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('owner_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('file_format', sa.Enum('xlsx', 'csv', 'pdf', name='file_format', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'working', 'ready', 'failed', name='state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=32), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=300), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=True),
    sa.CheckConstraint("state NOT IN ('working', 'ready') OR claim IS NOT NULL", name=op.f('ck_export_job_worked_under_a_claim')),
    sa.CheckConstraint('done >= 0 AND total >= 0', name=op.f('ck_export_job_counts_up')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_export_job_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_export_job_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_job')),
    sa.UniqueConstraint('claim', name=op.f('uq_export_job_claim'))
    )
    op.create_index(op.f('ix_export_job_organization_id_owner_id'), 'export_job', ['organization_id', 'owner_id'], unique=False)
    op.create_index(op.f('ix_export_job_owner_id'), 'export_job', ['owner_id'], unique=False)
    op.create_index(op.f('ix_export_job_state_touched_at'), 'export_job', ['state', 'touched_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_export_job_state_touched_at'), table_name='export_job')
    op.drop_index(op.f('ix_export_job_owner_id'), table_name='export_job')
    op.drop_index(op.f('ix_export_job_organization_id_owner_id'), table_name='export_job')
    op.drop_table('export_job')
