"""What tests of people need: passwords, forms sent as a browser sends them, the mails that wait."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from learning.accounts.authentication import Visitor
from learning.accounts.models import User
from learning.accounts.passwords import hash_password
from learning.accounts.sessions import start_session
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.models import OutboxMessage
from tests.conftest import PASSWORD, csrf_token

OTHER_PASSWORD = "nine slow barges drift"
HOME = Visitor("192.0.2.7", None, "Firefox, Linux")
#: Made once: hashing is slow on purpose.
PASSWORD_HASH = hash_password(PASSWORD)


def give_password(app: Flask, user_id: str) -> None:
    """Let a person sign in with PASSWORD."""
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, user_id).password_hash = PASSWORD_HASH


def send(client: FlaskClient, path: str, form_page: str | None = None, **fields: Any) -> TestResponse:
    """Send a form as the page that holds it would."""
    token = csrf_token(client, form_page or path)
    return client.post(path, data={**fields, "csrf_token": token})


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, **fields: Any) -> TestResponse:
    """Fill in the sign-in page."""
    return send(client, "/people/sign-in", login=login, password=password, **fields)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the server knows who this browser is."""
    return client.get("/people/account").status_code == 200


def mails(app: Flask) -> list[OutboxMessage]:
    """What waits in the outbox, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id)))


def link_in(mail: OutboxMessage) -> str:
    """The path of the link that a mail carries."""
    match = re.search(r"http://127\.0\.0\.1(/\S+)", mail.body)
    assert match, mail.body
    return match.group(1)


def without_csrf(text: str) -> str:
    """A page without its CSRF tokens, which differ from browser to browser."""
    return re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]+', r"\1", text)


def open_session_of(user_id: str) -> str:
    """Sign a person in without a browser, within an app context; gives the token of the session."""
    with unit_of_work() as session:
        return start_session(session, session.get_one(User, user_id), now())


class Interrupted(str):
    """A password at whose hashing something else happens first: the moment in which a verb holds no lock."""

    def __new__(cls, text: str, meanwhile: Callable[[], None]) -> Interrupted:
        made = super().__new__(cls, text)
        made.meanwhile = meanwhile
        return made

    meanwhile: Callable[[], None]

    def encode(self, *arguments: Any, **options: Any) -> bytes:
        self.meanwhile()
        return super().encode(*arguments, **options)
