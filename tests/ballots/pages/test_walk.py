"""The way through anonymous answering, as a browser without scripts walks it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from learning.ballots import codes, service
from learning.ballots.closing import close_wave
from learning.ballots.database import reading, the_engine
from learning.ballots.models import Ballot, Permit, SealedResponse, SealedResult
from learning.ballots.records import OpenWave
from learning.clock import now
from learning.content.instrument_versions import instrument_hash
from learning.psychometrics.release import Release, ReleaseRefused
from learning.psychometrics.report import Refusal
from learning.web.catalogue import the_catalogue
from tests.ballots.answering import GROUPS, PROMISE, Respondent, answer_at_once, everything, open_wave, opening

USED_UP = "This code cannot be used"


def rows(app: Flask, table: Any) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def say_nothing(*arguments: object) -> Release:
    """A release of a wave that few answered."""
    raise ReleaseRefused(Refusal.TOO_FEW_ANSWERS, 5)


def private_code(page: str) -> str:
    found = re.search(r'answer-code-shown">([^<]+)<', page)
    assert found
    return found.group(1)


def test_from_the_code_to_ones_own_result_and_back_to_it_later(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.press("Go on", code=person.code.lower().replace("-", " "))
    assert "River Works" in person.page
    assert "the group “Dye house”" in person.page
    assert "No result is shown for fewer than 5 answers" in person.page
    person.fill()
    assert "This cannot be taken back" in person.page
    assert rows(app, Ballot) == 24
    result = person.send()
    assert "Thank you. Your answers are sent" in result.text
    assert "of 100" in result.text
    assert 'href="/courses/foundations/' in result.text
    assert (rows(app, Ballot), rows(app, Permit), rows(app, SealedResponse), rows(app, SealedResult)) == (23, 0, 1, 1)

    later = app.test_client()
    again = later.post("/answer/result", data={"private_code": private_code(result.text)})
    assert scores(again.text) == scores(result.text) != []
    assert "Thank you" not in again.text


def scores(page: str) -> list[str]:
    return re.findall(r'<p class="score-figure"><strong>(\d+)', page)


def test_the_scores_are_those_of_the_answers(app: Flask) -> None:
    """The lowest sentence everywhere in part A, the third of five in part B."""
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    for form in person.pages():
        form.fields |= {name: values[0 if name.startswith("a") else 2] for name, values in form.choices.items()}
    person.press("Go on")
    person.press("Go on")
    assert scores(person.send().text) == ["0", "50"]


def test_one_goes_back_and_forth_without_loss(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    first = next(iter(person.form.choices))
    person.press("Go on", **{first: "3"})
    second = next(iter(person.form.choices))
    person.press("Back", **{second: "k"})
    assert person.form.fields[first] == "3"
    person.press("Go on")
    assert person.form.fields[second] == "k"
    person.press("Check all answers")
    assert "1 of 3 answered" in person.page


def test_what_was_left_out_is_named_and_leads_back_to_its_page(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    with app.app_context():
        asked = the_catalogue().instruments["employee-awareness"]
    person.press("Check all answers", **{asked.dimensions[0].items[0].id: "2"})
    assert f"{len(asked.items) - 1} questions have no answer" in person.page
    left_out = asked.dimensions[0].items[1]
    person.press(left_out.text)
    assert f"<h1>{asked.dimensions[0].title}" in person.page
    assert left_out.id in person.form.choices


def test_the_promise_is_on_every_page_once_the_wave_is_known(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.press("Go on", code=person.code)
    assert "canary-promise" in person.page
    person.press("Begin")
    for _form in person.pages():
        assert "canary-promise" in person.page
    for words in ("Go on", "Go on"):
        assert "canary-promise" in person.page
        person.press(words)
    assert "canary-promise" in person.page


def test_a_mistyped_code_is_told_from_an_unusable_one_without_asking_the_database(app: Flask) -> None:
    wave = open_wave(app)
    typed = wave.codes["dye"][0]
    wrong = ("X" if typed[0] != "X" else "Y") + typed[1:]
    with app.app_context():
        event.listen(the_engine(), "before_cursor_execute", refuse_to_answer)
    client = app.test_client()
    for code in (wrong, "", "K7QD", typed + "0"):
        for path in ("/answer/", "/answer/send"):
            answer = client.post(path, data={"code": code})
            assert answer.status_code == 422
            assert "mistyped" in answer.text or "Type the code" in answer.text
            assert USED_UP not in answer.text
    with app.app_context():
        event.remove(the_engine(), "before_cursor_execute", refuse_to_answer)


def refuse_to_answer(*arguments: object) -> None:
    raise OperationalError("SELECT canary", {}, Exception("disk I/O error"))


@pytest.mark.parametrize("path", ["/answer/", "/answer/send"])
def test_spent_unknown_and_closed_codes_look_the_same_byte_by_byte(app: Flask, path: str) -> None:
    """At the first page only a closed or unknown wave is refused: whether a code is spent is not told to who looks."""
    wave = open_wave(app)
    answer_at_once(app, wave.codes["dye"][0])
    prefix = codes.read_code(wave.codes["dye"][0])
    assert prefix
    unknown = codes.shown(codes.new_code(prefix[:4]))
    foreign = codes.shown(codes.new_code(codes.new_prefix()))
    with app.app_context():
        over = service.open_wave(opening(now() - timedelta(hours=1)), now() - timedelta(days=1))
        closed = service.open_wave(opening(now() + timedelta(days=1)), now())
        close_wave(closed.id, say_nothing)
    person = Respondent(app.test_client(), wave.codes["dye"][1])
    person.fill()
    form = person.form.fields | {"permit": codes.new_permit()}
    client = app.test_client()
    before = everything(app)
    pages = set()
    cases = {"foreign": foreign, "closed": closed.codes["dye"][0]}
    if path == "/answer/send":
        cases |= {"spent": wave.codes["dye"][0], "unknown": unknown, "over": over.codes["dye"][0]}
    for code in cases.values():
        answer = client.post(path, data={**form, "code": code, "key": codes.new_response_key()})
        assert answer.status_code == 404
        assert USED_UP in answer.text
        pages.add(re.sub(r'(?<=name="key" value=")\w+', "", answer.text.replace(code, "…")))
    assert len(pages) == 1
    assert everything(app) == before


def test_with_an_unusable_code_everything_that_was_typed_is_kept_and_the_code_can_be_corrected(app: Flask) -> None:
    wave = open_wave(app)
    answer_at_once(app, wave.codes["dye"][0])
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill(place=0)
    assert USED_UP in person.send().text
    assert "Everything that you answered is still here" in person.page
    person.press("Go on", code=wave.codes["boiler"][0])
    assert "This cannot be taken back" in person.page
    assert scores(person.send().text)[0] == "0"
    assert rows(app, SealedResponse) == 2


def test_a_wave_that_closes_in_the_middle_takes_nothing_away_from_the_form(app: Flask) -> None:
    wave, other = open_wave(app), open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    item = next(iter(person.form.choices))
    with app.app_context():
        close_wave(wave.id, say_nothing)
    person.press("Go on", **{item: "3"})
    assert USED_UP in person.page
    person.press("Go on", code=other.codes["dye"][0])
    person.press("Check all answers")
    assert "1 of 3 answered" in person.page


def test_nothing_is_lost_when_the_database_does_not_answer(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill()
    form = person.form.fields
    app.testing = False
    with app.app_context():
        event.listen(the_engine(), "before_cursor_execute", refuse_to_answer)
    answer = person.send()
    assert answer.status_code == 503
    assert "canary" not in answer.text
    with app.app_context():
        event.remove(the_engine(), "before_cursor_execute", refuse_to_answer)
    assert person.form.fields == form
    person.press("Send it again")
    assert "Thank you" in person.page


def test_looking_changes_nothing(app: Flask) -> None:
    """Every GET, and every step before sending: scanners of mail and previews of links spend no code."""
    wave = open_wave(app)
    code = wave.codes["dye"][0]
    client = app.test_client()
    before = everything(app)
    for path in (
        "/answer/",
        "/answer/kiosk",
        "/answer/result",
        "/answer/send",
        f"/answer/{code}",
        f"/answer/?code={code}",
    ):
        for method in (client.get, client.head, client.options):
            method(path)
    person = Respondent(client, code)
    person.fill()
    assert everything(app) == before


def test_no_page_tells_whether_others_have_answered(app: Flask) -> None:
    wave = open_wave(app)
    before = walk_through(app, wave.codes["dye"][11])
    for code in wave.codes["dye"][:8]:
        answer_at_once(app, code)
    assert rows(app, SealedResponse) == 8
    assert walk_through(app, wave.codes["dye"][11]) == before


def walk_through(app: Flask, code: str) -> list[str]:
    """Pages before sending, with keys of one's own making."""
    person = Respondent(app.test_client(), code)
    person.press("Go on", code=code, permit="0" * codes.PERMIT_LENGTH, key="0" * codes.RESPONSE_KEY_LENGTH)
    pages = [person.page]
    for step in ("1", "13", "check", "trust", "last"):
        pages.append(person.client.post("/answer/", data=person.form.fields | {"go": step}).text)
    return pages


def test_a_code_alone_sends_nothing(app: Flask) -> None:
    """Only a form that has come all the way does."""
    wave = open_wave(app)
    before = everything(app)
    answer = app.test_client().post("/answer/send", data={"code": wave.codes["dye"][0]})
    assert "What is promised to you" in answer.text
    assert everything(app) == before


def test_what_no_page_sends_is_refused_and_spends_nothing(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    page = person.form.fields
    item = next(iter(person.form.choices))
    person.press("Check all answers")
    person.press("Go on")
    person.press("Go on")
    form = person.form.fields
    before = everything(app)
    client = app.test_client()
    for path, tampered in (
        ("/answer/", page | {item: "9"}),
        ("/answer/", page | {item: "1; DROP TABLE ballot"}),
        ("/answer/send", form | {"given": "9" * len(form["given"])}),
        ("/answer/send", form | {"given": form["given"] + "1"}),
        ("/answer/send", form | {"given": "\0"}),
        ("/answer/send", form | {"trust": "9"}),
    ):
        assert client.post(path, data=tampered).status_code == 400
    many = {f"x{number}": "1" for number in range(10_000)}
    assert client.post("/answer/send", data=form | many).status_code == 413
    parts = {f"x{number}": "1" for number in range(200)}
    assert client.post("/answer/send", data=form | parts, content_type="multipart/form-data").status_code == 413
    assert everything(app) == before
    unknown = client.post("/answer/send", data=form | {"stranger": "1", "a1-99": "3", "group": "boiler"})
    assert unknown.status_code == 200
    assert rows(app, SealedResponse) == 1


def test_answers_to_other_questions_are_not_taken_for_this_wave(app: Flask) -> None:
    with app.app_context():
        asked = the_catalogue().instruments["employee-awareness"]
    shorter = replace(asked, version=2, dimensions=asked.dimensions[1:], hash="", comparable=None)
    shorter = replace(shorter, hash=instrument_hash(shorter))
    wave, other = open_wave(app), open_wave(app, shorter)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill()
    form = person.form.fields | {"code": other.codes["dye"][0]}
    before = everything(app)
    answer = app.test_client().post("/answer/send", data=form)
    assert answer.status_code == 404
    assert USED_UP in answer.text
    assert form["given"] in answer.text
    assert everything(app) == before


@pytest.mark.parametrize("typed", ["", "x", "K7QD-2M9P", "ABCD-VY80-9XMC-MYEQ-55"])
def test_a_private_code_that_is_mistyped_is_told_so(app: Flask, typed: str) -> None:
    answer = app.test_client().post("/answer/result", data={"private_code": typed})
    assert answer.status_code == 422
    assert "mistyped" in answer.text


def test_a_private_code_without_a_result_finds_none(app: Flask) -> None:
    open_wave(app)
    answer = app.test_client().post("/answer/result", data={"private_code": codes.shown(codes.new_response_key())})
    assert answer.status_code == 404
    assert "There is no result" in answer.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_preview_shows_every_step_and_can_send_nothing(app: Flask) -> None:
    with app.test_request_context("/organization/campaigns/x/preview"):
        from learning.ballots.pages import show_preview, steps

        declared = opening(now() + timedelta(days=1))
        wave = OpenWave(
            "",
            declared.title,
            declared.organization,
            declared.instrument,
            PROMISE,
            declared.lessons,
            declared.closes_at,
            declared.last_day,
            5,
            GROUPS[0],
        )
        for step in steps(declared.instrument):
            page = show_preview(wave, step, "/organization/campaigns/x/preview")
            assert "<form" not in page
            assert "<button" not in page
            assert "<script" not in page
            assert "<strong>Preview</strong>" in page
            assert "canary-promise" in page
        for step in re.findall(r'href="/organization/campaigns/x/preview\?step=(\w+)', page):
            assert step in steps(declared.instrument)
