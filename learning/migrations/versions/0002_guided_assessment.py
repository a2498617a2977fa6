"""the guided self-assessment: scope, consent, revisions of answers, reading list, actions, figures on quality"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002_guided_assessment'
down_revision = 'quiz_rules'
branch_labels = None
depends_on = None

SCOPE = sa.Enum('organization', 'department', name='scope', native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table('assessment') as batch:
        batch.add_column(sa.Column('scope', SCOPE, nullable=False, server_default='organization'))
        batch.add_column(sa.Column('consented', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_unique_constraint(op.f('uq_assessment_organization_id_id'), ['organization_id', 'id'])
        batch.create_check_constraint(op.f('ck_assessment_consent_at_the_end'), 'finished_at IS NOT NULL OR NOT consented')
    with op.batch_alter_table('assessment') as batch:
        batch.alter_column('scope', server_default=None)
        batch.alter_column('consented', server_default=None)
    with op.batch_alter_table('item_answer') as batch:
        batch.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
        batch.add_column(sa.Column('operation_id', sa.String(length=64), nullable=False, server_default=''))
    with op.batch_alter_table('item_answer') as batch:
        batch.alter_column('revision', server_default=None)
        batch.alter_column('operation_id', server_default=None)
    op.create_table('assessment_reading',
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('lesson_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'assessment_id'], ['assessment.organization_id', 'assessment.id'], name=op.f('fk_assessment_reading_organization_id_assessment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'assessment_id', 'lesson_id', name=op.f('pk_assessment_reading'))
    )
    op.create_table('assessment_action',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remind', sa.Boolean(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('due_on IS NOT NULL OR NOT remind', name=op.f('ck_assessment_action_reminder_needs_a_day')),
    sa.ForeignKeyConstraint(['organization_id', 'assessment_id'], ['assessment.organization_id', 'assessment.id'], name=op.f('fk_assessment_action_organization_id_assessment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_action'))
    )
    op.create_index(op.f('ix_assessment_action_organization_id_assessment_id'), 'assessment_action', ['organization_id', 'assessment_id'], unique=False)
    op.create_index(op.f('ix_assessment_action_due_on'), 'assessment_action', ['due_on'], unique=False)
    op.create_table('quality_release',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('instrument_hash', sa.String(length=64), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['instrument_hash'], ['instrument_version.hash'], name=op.f('fk_quality_release_instrument_hash')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quality_release'))
    )
    op.create_index(op.f('ix_quality_release_instrument_hash'), 'quality_release', ['instrument_hash'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_quality_release_instrument_hash'), table_name='quality_release')
    op.drop_table('quality_release')
    op.drop_index(op.f('ix_assessment_action_due_on'), table_name='assessment_action')
    op.drop_index(op.f('ix_assessment_action_organization_id_assessment_id'), table_name='assessment_action')
    op.drop_table('assessment_action')
    op.drop_table('assessment_reading')
    with op.batch_alter_table('item_answer') as batch:
        batch.drop_column('operation_id')
        batch.drop_column('revision')
    with op.batch_alter_table('assessment') as batch:
        batch.drop_constraint(op.f('ck_assessment_consent_at_the_end'), type_='check')
        batch.drop_constraint(op.f('uq_assessment_organization_id_id'), type_='unique')
        batch.drop_column('consented')
        batch.drop_constraint('scope', type_='check')
        batch.drop_column('scope')
