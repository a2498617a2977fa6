"""The day on which an idea was answered as done"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007_ideas_done'
down_revision = '0007_version_read'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('idea') as batch:
        batch.add_column(sa.Column('done_on', sa.Date(), nullable=True))
    # Of ideas that are done already only the day of the last answer is known.
    op.execute("UPDATE idea SET done_on = answered_on WHERE state = 'done'")
    with op.batch_alter_table('idea') as batch:
        batch.create_check_constraint(op.f('ck_idea_done_on_a_day'), "(state = 'done') = (done_on IS NOT NULL)")


def downgrade() -> None:
    with op.batch_alter_table('idea') as batch:
        batch.drop_constraint(op.f('ck_idea_done_on_a_day'), type_='check')
        batch.drop_column('done_on')
