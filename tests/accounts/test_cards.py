"""People without an e-mail address, and the cards by which they sign in first."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learning.accounts import limits
from learning.accounts.cards import ALPHABET, new_code
from learning.accounts.models import Membership, OneTimeToken, User
from learning.accounts.qr import draw
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.identity import Role
from tests.accounts.people import OTHER_PASSWORD, is_signed_in, send, sign_in, without_csrf
from tests.conftest import PASSWORD, Company

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def manager(company: Company, client_for: ClientFor) -> FlaskClient:
    return client_for(company.manager)


def add(manager: FlaskClient, name: str = "Bo Chen", number: str = "1042", **fields: str) -> str:
    """Add a person and return the code on the card."""
    fields = {"name": name, "number": number, "role": "learner", "department_id": ""} | fields
    response = send(manager, "/organization/people/add", **fields)
    assert response.status_code == 200, response.text
    return code_on(response.text)


def code_on(page: str) -> str:
    codes = re.findall(r'class="one-time-code">([^<]+)<', page)
    assert codes, page
    return str(codes[0])


def use(client: FlaskClient, code: str, login: str = "river-1042", password: str = OTHER_PASSWORD) -> int:
    step = send(client, "/people/first-sign-in", login=login, code=code)
    if step.status_code != 200:
        return step.status_code
    return send(
        client, "/people/first-sign-in/password", "/people/first-sign-in", login=login, code=code, password=password
    ).status_code


def count(app: Flask, kind: type[User] | type[OneTimeToken]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_card_leads_to_a_password_and_a_session(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager, department_id=company.departments[1])
    worker = app.test_client()
    assert use(worker, code) == 302
    assert "river-1042" in worker.get("/people/account").text
    assert sign_in(app.test_client(), "river-1042", OTHER_PASSWORD).status_code == 302


def test_capitals_and_spaces_of_the_code_do_not_matter(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    assert use(app.test_client(), " " + code.lower().replace(" ", "-"), login=" River-1042 ") == 302


def test_a_code_has_eighty_bits_of_letters_that_nobody_mistakes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("IO01") & set(ALPHABET)
    code = new_code()
    assert re.fullmatch(r"[A-Z2-9]{4}( [A-Z2-9]{4}){3}", code)
    assert len({new_code() for _ in range(100)}) == 100


def test_a_code_works_once(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    assert use(app.test_client(), code) == 302
    assert use(app.test_client(), code, password=PASSWORD) == 401


def test_a_code_works_for_fourteen_days(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(timedelta(days=14))
        assert use(app.test_client(), code) == 401


def test_the_code_is_kept_as_a_hash_and_shown_once(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    with app.app_context():
        row = str(db.session.scalars(select(OneTimeToken)).one().__dict__)
        user_id = db.session.scalar(select(User.id).where(User.sign_in_name == "river-1042"))
    for form in (code, code.replace(" ", "")):
        assert form not in row
        assert form not in manager.get(f"/organization/people/{user_id}").text


def test_nothing_secret_stands_in_an_address_that_a_server_sees(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    fields = {"name": "Bo Chen", "number": "1042", "role": "learner", "department_id": ""}
    page = send(manager, "/organization/people/add", **fields).text
    code = code_on(page).replace(" ", "")
    assert f'd="{draw(f"http://127.0.0.1/people/first-sign-in#login=river-1042&code={code}").path}"' in page
    assert "style=" not in page
    assert f"?code={code}" not in page


def test_a_wrong_code_an_unknown_name_and_a_used_code_look_the_same(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    code = add(manager)
    use(app.test_client(), code)
    answers = set()
    for login, tried in (("river-1042", code), ("river-1042", "AAAA BBBB CCCC DDDD"), ("river-9999", code)):
        response = send(app.test_client(), "/people/first-sign-in", login=login, code=tried)
        answers.add((response.status_code, without_csrf(response.text).replace(login, "").replace(tried, "")))
    assert len(answers) == 1


def test_wrong_codes_count_with_wrong_passwords(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    worker = app.test_client()
    use(worker, code)
    stranger = app.test_client()
    for number in range(limits.PER_ACCOUNT):
        door = use(stranger, "AAAA BBBB") if number % 2 else sign_in(stranger, "river-1042", PASSWORD).status_code
        assert door == 401
    assert use(stranger, "AAAA BBBB") == 429
    assert sign_in(stranger, "river-1042", OTHER_PASSWORD).status_code == 429


def test_a_stranger_cannot_shut_out_somebody_who_holds_a_card(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    code = add(manager)
    stranger = app.test_client()
    for _ in range(limits.PER_ACCOUNT + 1):
        sign_in(stranger, "river-1042", PASSWORD)
    assert use(app.test_client(), code) == 302


def test_a_weak_password_is_refused_and_the_code_still_works(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    code = add(manager)
    worker = app.test_client()
    assert use(worker, code, password="river-1042-bo-chen") == 422
    assert use(worker, code) == 302


def test_a_new_card_ends_the_old_one_and_signs_out_when_it_is_used(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    first = add(manager)
    with app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.sign_in_name == "river-1042"))
    page = f"/organization/people/{user_id}"
    unused = code_on(send(manager, f"{page}/card", page).text)
    assert use(app.test_client(), first) == 401
    worker = app.test_client()
    assert use(worker, unused) == 302
    again = code_on(send(manager, f"{page}/card", page).text)
    assert is_signed_in(worker)
    assert sign_in(app.test_client(), "river-1042", OTHER_PASSWORD).status_code == 302
    assert use(app.test_client(), again, password=PASSWORD) == 302
    assert not is_signed_in(worker)


def test_no_card_is_made_for_somebody_with_an_address_or_with_another_organization(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    """Else a manager could take over an account that is not theirs."""
    add(manager)
    with app.app_context(), unit_of_work() as session:
        user = session.scalars(select(User).where(User.sign_in_name == "river-1042")).one()
        session.add(Membership(organization_id=other_company.id, user_id=user.id, role=Role.LEARNER, joined_at=now()))
    for user_id in (company.learner, user.id, other_company.learner):
        response = send(manager, f"/organization/people/{user_id}/card", "/organization/people/add")
        assert response.status_code == 404


def test_the_card_of_somebody_who_left_does_not_work(app: Flask, company: Company, manager: FlaskClient) -> None:
    code = add(manager)
    with app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.sign_in_name == "river-1042"))
    send(manager, f"/organization/people/{user_id}/end")
    assert use(app.test_client(), code) == 401


def test_a_number_that_is_taken_is_named_beside_its_field(app: Flask, company: Company, manager: FlaskClient) -> None:
    add(manager)
    response = send(manager, "/organization/people/add", name="Mo", number="1042", role="learner", department_id="")
    assert response.status_code == 422
    assert "river-1042 is taken already" in response.text


def test_a_pasted_list_makes_a_card_for_each_person(app: Flask, company: Company, manager: FlaskClient) -> None:
    text = "Bo Chen, 1042\n\nLopez, Ana; 1043\r\n王小明\t1044\n"
    fields = {"people": text, "role": "learner", "department_id": company.departments[0]}
    page = send(manager, "/organization/people/add-several", **fields).text
    codes = re.findall(r'class="one-time-code">([^<]+)<', page)
    assert len(codes) == 3
    for name in ("Bo Chen", "Lopez, Ana", "王小明"):
        assert f"<h2>{name}</h2>" in page
    for number, code in zip((1042, 1043, 1044), codes, strict=True):
        assert use(app.test_client(), code, login=f"river-{number}") == 302


def test_every_problem_of_a_list_is_named_by_line_and_nothing_is_added(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    add(manager, number="7")
    before = count(app, User), count(app, OneTimeToken)
    text = "Bo Chen, 1042\nNo number\n, 3\nMo, 1 2\nAna, 1042\nEve, 7\nJo, 8"
    response = send(manager, "/organization/people/add-several", people=text, role="learner", department_id="")
    page = html.unescape(response.text)
    assert response.status_code == 422
    lines = re.findall(r"Line (\d+): ([^<]+)", page)
    assert [number for number, _ in lines] == ["2", "3", "4", "5", "6"]
    sentences = dict(lines)
    assert "no number" in sentences["2"]
    assert "name is missing" in sentences["3"]
    assert "cannot be used" not in sentences["5"]
    assert "stands in line 1 already" in sentences["5"]
    assert "river-7 is taken already" in sentences["6"]
    assert "Bo Chen, 1042" in page
    assert (count(app, User), count(app, OneTimeToken)) == before


def test_an_empty_list_says_what_to_write(company: Company, manager: FlaskClient) -> None:
    response = send(manager, "/organization/people/add-several", people="\n \n", role="learner", department_id="")
    assert response.status_code == 422
    assert "one person on each line" in response.text


def test_a_name_cannot_carry_markup_onto_the_card(app: Flask, company: Company, manager: FlaskClient) -> None:
    fields = {"name": "<script>alert(1)</script>", "number": "5", "role": "learner", "department_id": ""}
    assert "<script>alert" not in send(manager, "/organization/people/add", **fields).text
