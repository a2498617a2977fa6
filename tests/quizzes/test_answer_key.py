"""The answer key never leaves the server before an attempt is handed in.

A content folder holds a canary in every secret of every question type. A learner visits all there is,
with an open attempt: no canary may be in any answer. After handing in, the review has those that belong there.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.content.model import Quiz
from learning.content.plain import text_of_html
from learning.content.store import publish
from tests.conftest import Company, csrf_token
from tests.content.builders import quiz as quiz_file
from tests.content.builders import write, write_content

QUIZ = quiz_file(
    """\
## Which measure acts at the source? {#m01-q1 type=single points=2}

- [ ] A second settling tank
    > canary-single-wrong
- [x] The last rinse as the first
    > canary-single-right

> **Why:** canary-single-why

## Which are inputs? {#m01-q2 type=multiple}

- [x] Water
    > canary-multiple-right
- [ ] Scrap
    > canary-multiple-wrong

> **Why:** canary-multiple-why

## Waste is bought. {#m01-q3 type=true-false}

- [x] True
    > canary-true
- [ ] False
    > canary-false

> **Why:** canary-true-false-why

## How much energy? {#m01-q4 type=numeric}

= 73911.25 kWh
    > canary-numeric-right
!= 86427.5
    > canary-numeric-mistake

> **Why:** canary-numeric-why

## What is it called? {#m01-q5 type=short}

= canary-short-accepted

> **Why:** canary-short-why

## Match them. {#m01-q6 type=matching}

| Stream | Kind |
|---|---|
| scrap | solid |
| rinse | liquid |

> **Why:** canary-matching-why

## Put them in order. {#m01-q7 type=ordering}

1. walk
2. measure
3. choose

> **Why:** canary-ordering-why

## Fill the gap. {#m01-q8 type=cloze}

The last rinse is {{reused|drained}} as the {{=canary-gap}}.

> **Why:** canary-cloze-why
"""
)
SECRET = re.compile(r"canary-[a-z-]+|(?<![\w-])(?:73[ ,.]?911|86[ ,.]?427)")
ADDRESS = re.compile(r'(?:href|src|action|data-save-url)="([^"#]+)')


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the canaries."""
    root = tmp_path_factory.mktemp("canaries")
    folder = write_content(root)
    write(folder, "modules/01-why/quiz.md", QUIZ)
    loaded = publish(folder, root / "published")
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    return root / "published"


def crawl(client: FlaskClient, starts: list[str]) -> dict[str, str]:
    """Visit everything that can be reached by links; address -> headers and body."""
    waiting, seen = list(starts), dict[str, str]()
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        response = client.get(address)
        body = response.get_data().decode("utf-8", "replace")
        seen[address] = f"{response.status_code} {response.headers}\n{body}"
        if response.location:
            waiting.append(urlsplit(response.location).path)
        for found in ADDRESS.findall(body) if "html" in response.content_type else ():
            link = urlsplit(urljoin(address, html.unescape(found)))
            if not link.netloc and link.path.startswith("/"):
                waiting.append(link.path + (f"?{link.query}" if link.query else ""))
    return seen


@pytest.mark.parametrize("with_an_attempt", [False, True])
def test_no_page_before_handing_in_holds_any_of_the_key(
    app: Flask, company: Company, client_for: Callable[[str | None], FlaskClient], with_an_attempt: bool
) -> None:
    client = client_for(company.learner)
    starts = ["/", "/quizzes/m01-quiz/", "/glossary/", "/search?q=canary", "/search?q=rinse", "/nowhere", "/courses/"]
    answers = []
    if with_an_attempt:
        token = csrf_token(client, "/quizzes/m01-quiz/")
        sitting = client.post("/quizzes/m01-quiz/start", data={"csrf_token": token}).location
        starts += [sitting, f"{sitting}/check", f"{sitting}/review"]
        for number, value in enumerate((["73911.25"], ["86427.5"], ["x" * 201], ["forged"]), start=1):
            for question in range(1, 9):
                body = {"operation_id": f"op-{question}-{number}", "revision": number, "value": value}
                response = client.put(f"{sitting}/answers/m01-q{question}", json=body, headers={"X-CSRFToken": token})
                answers.append(f"{response.headers}{response.get_data(as_text=True)}")
        # What the learner typed comes back; the key may not. So something else is typed before the crawl.
        cleared = {"operation_id": "op-clear", "revision": 9, "value": ["5"]}
        client.put(f"{sitting}/answers/m01-q4", json=cleared, headers={"X-CSRFToken": token})
    seen = crawl(client, starts)
    assert len(seen) > 20, sorted(seen)
    assert any(address.startswith("/figures/") for address in seen)
    assert any(address.startswith("/static/") for address in seen)
    found = {
        address: SECRET.findall(body)
        for address, body in seen.items()
        if SECRET.search(body.replace("q=canary", "").replace('value="canary"', ""))
    }
    assert not found
    assert not [answer for answer in answers if "canary" in answer or "73911" in answer]


def test_neither_order_nor_ids_tell_what_belongs_together(
    app: Flask, company: Company, client_for: Callable[[str | None], FlaskClient], quiz: Quiz
) -> None:
    matching, ordering = (
        next(each for each in quiz.questions if each.type == kind) for kind in ("matching", "ordering")
    )
    assert matching.type == "matching"
    assert ordering.type == "ordering"
    for pair in matching.pairs:
        for known in (f"{matching.id}\n{pair.prompt_html}\n0", f"{matching.id}\n{text_of_html(pair.prompt_html)}\n0"):
            assert hashlib.sha256(known.encode()).hexdigest()[:8] != pair.id
    client = client_for(company.learner)
    token = csrf_token(client, "/quizzes/m01-quiz/")
    page = client.get(client.post("/quizzes/m01-quiz/start", data={"csrf_token": token}).location).get_data(
        as_text=True
    )
    offered = re.findall(rf'name="o-{ordering.id}" value="([^"]+)"', page)
    assert sorted(offered) == sorted(item.id for item in ordering.items)
    assert offered != [item.id for item in ordering.items]


def test_after_handing_in_the_review_explains_everything(
    app: Flask, company: Company, client_for: Callable[[str | None], FlaskClient], quiz: Quiz
) -> None:
    client = client_for(company.learner)
    shown = ""
    for right, number in ((True, "73911.25"), (False, "86427.5")):
        token = csrf_token(client, "/quizzes/m01-quiz/")
        sitting = client.post("/quizzes/m01-quiz/start", data={"csrf_token": token}).location
        fields: dict[str, object] = {
            f"q-{question.id}": [option.id for option in question.options if option.right is right]
            for question in quiz.questions
            if question.type in {"single", "multiple", "true-false"}
        }
        asked = [f"m01-q{each}" for each in range(1, 9)]
        fields |= {"q-m01-q4": number, "on-page": asked, "csrf_token": token, "action": "hand-in"}
        shown += client.get(client.post(f"{sitting}/submit", data=fields).location).get_data(as_text=True)
    belongs = set(re.findall(r"canary-[a-z-]+", QUIZ))
    assert len(belongs) == 18
    assert belongs <= set(SECRET.findall(shown))
    assert "73911.25" in shown
