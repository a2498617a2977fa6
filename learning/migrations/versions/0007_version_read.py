"""Certificates say which version of each lesson the person read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007_version_read'
down_revision = '0007_days'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('certificate', sa.Column('read_hash', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('certificate', 'read_hash')
