"""kill -9 between two answers: what was acknowledged is there, and the session still holds."""

from __future__ import annotations

import http.client
import json
import random
import re
import shutil
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from learning import create_app
from learning.accounts.models import User
from learning.accounts.sessions import start_session
from learning.clock import now
from learning.config import load_settings
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.service import start_attempt
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import make_company
from tests.proof import times
from tests.server import Server

QUIZ_ID = "m01-quiz"


@dataclass
class Taker:
    """A browser that saves one answer after the other and writes down what was acknowledged."""

    port: int
    cookie: str
    attempt_id: str
    #: Question -> values that the browser may send.
    questions: dict[str, list[str]]
    csrf: str = ""
    #: Question -> revision -> value, for everything sent and for everything acknowledged.
    sent: dict[str, dict[int, str]] = field(default_factory=dict)
    acknowledged: dict[str, dict[int, str]] = field(default_factory=dict)

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """One request; raises OSError or HTTPException when the server dies."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Content-Type": "application/json", "X-CSRFToken": self.csrf}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.read().decode()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        connection.close()
        return response.status, answer

    def open_page(self) -> int:
        """Load the sitting, as after a restart; return the status."""
        status, page = self.request("GET", f"/attempts/{self.attempt_id}")
        match = re.search(r'name="csrf-token" content="([^"]+)"', page)
        if match:
            self.csrf = match.group(1)
        return status

    def save_until_it_dies(self) -> None:
        """Save answers until the connection breaks."""
        while True:
            question = random.choice(list(self.questions))
            revision = max(self.sent.get(question, {0: ""})) + 1
            value = random.choice(self.questions[question])
            self.sent.setdefault(question, {})[revision] = value
            body = json.dumps({"operation_id": str(uuid.uuid4()), "revision": revision, "value": [value]})
            try:
                status, answer = self.request("PUT", f"/attempts/{self.attempt_id}/answers/{question}", body)
            except (OSError, http.client.HTTPException):
                return
            assert status == 200, answer
            self.acknowledged.setdefault(question, {})[revision] = value


@pytest.mark.prove
def test_every_acknowledged_answer_survives_kill_9_and_so_does_the_session(
    tmp_path: Path, sqlite_template: Path, published: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "headwater.db")
    (tmp_path / "content").symlink_to(published)
    server = Server(tmp_path)
    settings = load_settings(data=tmp_path, public_url=server.url)
    app = create_app(settings)
    with app.app_context():
        company = make_company("river")
        member = Member(company.learner, company.id)
        with unit_of_work() as session:
            token = start_session(session, session.get_one(User, company.learner), now())
        quiz = the_catalogue().quizzes[QUIZ_ID]
        attempt_id = start_attempt(member, quiz, now())
    questions = {
        question.id: [option.id for option in question.options]
        for question in quiz.questions
        if question.type in {"single", "true-false"}
    }
    with app.test_request_context():
        cookie = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token})  # type: ignore[attr-defined,union-attr]
    taker = Taker(server.port, f"{app.config['SESSION_COOKIE_NAME']}={cookie}", attempt_id, questions)

    rounds = times(short=5, full=50)
    lost = 0
    for _ in range(rounds):
        server.start()
        assert taker.open_page() == 200, "the session did not survive"
        thread = threading.Thread(target=taker.save_until_it_dies)
        thread.start()
        thread.join(timeout=random.uniform(0.1, 0.6))  # the time to save; the thread ends with the server
        server.kill()
        thread.join(timeout=30)
        with app.app_context():
            stored = {
                row.question_id: (row.revision, json.loads(row.value) if isinstance(row.value, str) else row.value)
                for row in db.session.execute(text("SELECT question_id, revision, value FROM answer"))
            }
            assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            db.session.remove()
            db.engine.dispose()
        for question, revisions in taker.acknowledged.items():
            revision, value = stored.get(question, (0, []))
            lost += revision < max(revisions)
            if revision:
                assert value == [taker.sent[question][revision]], "a value that was never sent"
    acknowledged = sum(map(len, taker.acknowledged.values()))
    print(f"\nkill -9: {rounds} kills, {acknowledged} saves acknowledged, {lost} lost")
    assert acknowledged >= rounds
    assert lost == 0
