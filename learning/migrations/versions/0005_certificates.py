"""Certificates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0005_certificates'
down_revision = '0005_granted_attempts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('certificate',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('organization_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('course_id', sa.String(length=64), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('course_title', sa.String(length=200), nullable=False),
    sa.Column('person_name', sa.String(length=120), nullable=False),
    sa.Column('organization_name', sa.String(length=120), nullable=False),
    sa.Column('course_hash', sa.String(length=64), nullable=False),
    sa.Column('lessons', sa.Integer(), nullable=False),
    sa.Column('quiz_ids', sa.JSON(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('shows_name', sa.Boolean(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=20), nullable=True),
    sa.Column('revoked_reason', sa.String(length=300), nullable=True),
    sa.Column('doubted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(revoked_at IS NULL) = (revoked_reason IS NULL)', name=op.f('ck_certificate_revoked_with_reason')),
    sa.CheckConstraint('round >= 1', name=op.f('ck_certificate_round_from_one')),
    sa.CheckConstraint('valid_from <= valid_until', name=op.f('ck_certificate_valid_for_a_while')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_certificate_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['revoked_by'], ['user_account.id'], name=op.f('fk_certificate_revoked_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_certificate_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_certificate_organization_id_id')),
    sa.UniqueConstraint('organization_id', 'user_id', 'course_id', 'round', name=op.f('uq_certificate_organization_id_user_id_course_id_round'))
    )
    op.create_index(op.f('ix_certificate_organization_id_course_id_issued_at'), 'certificate', ['organization_id', 'course_id', 'issued_at'], unique=False)
    op.create_index(op.f('ix_certificate_organization_id_issued_at_id'), 'certificate', ['organization_id', 'issued_at', 'id'], unique=False)
    op.create_index(op.f('ix_certificate_user_id'), 'certificate', ['user_id'], unique=False)
    op.create_index('ix_certificate_doubted', 'certificate', ['organization_id'], unique=False, sqlite_where=sa.text('doubted_at IS NOT NULL'), postgresql_where=sa.text('doubted_at IS NOT NULL'))
    op.create_index('uq_certificate_one_living', 'certificate', ['organization_id', 'user_id', 'course_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL AND replaced_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL AND replaced_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_certificate_one_living', table_name='certificate', sqlite_where=sa.text('revoked_at IS NULL AND replaced_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL AND replaced_at IS NULL'))
    op.drop_index(op.f('ix_certificate_user_id'), table_name='certificate')
    op.drop_index(op.f('ix_certificate_organization_id_issued_at_id'), table_name='certificate')
    op.drop_index(op.f('ix_certificate_organization_id_course_id_issued_at'), table_name='certificate')
    op.drop_index('ix_certificate_doubted', table_name='certificate', sqlite_where=sa.text('doubted_at IS NOT NULL'), postgresql_where=sa.text('doubted_at IS NOT NULL'))
    op.drop_table('certificate')
