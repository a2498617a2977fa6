"""More time ends before the year 2200: a day at the end of the calendar has no day after it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0007_days'
down_revision = '0006_exports'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE extension SET due_on = '2199-12-31' WHERE due_on > '2199-12-31'"))
    with op.batch_alter_table('extension') as batch:
        batch.create_check_constraint(op.f('ck_extension_in_our_time'), "due_on < '2200-01-01'")


def downgrade() -> None:
    with op.batch_alter_table('extension') as batch:
        batch.drop_constraint(op.f('ck_extension_in_our_time'), type_='check')
