"""Mails that are asked again before they leave, and that can be stopped with one click"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007_mail_reasons'
down_revision = '0007_ideas_done'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox_message', sa.Column('reason', sa.String(length=64), nullable=True))
    op.add_column('outbox_message', sa.Column('unsubscribe_link', sa.String(length=500), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox_message', 'unsubscribe_link')
    op.drop_column('outbox_message', 'reason')
