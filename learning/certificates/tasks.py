"""Certificates that are issued by themselves."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.certificates.service import issue_due
from learning.web.catalogue import the_catalogue


@task("certificates issue", minute="*/10")
def issue(now: datetime) -> None:
    """Issue what was missed; the usual ones are issued with the last step."""
    issue_due(the_catalogue(), now)
