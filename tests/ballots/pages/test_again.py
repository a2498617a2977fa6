"""What is sent again, and devices on which many answer one after another."""

from __future__ import annotations

import re

from flask import Flask

from learning.ballots.closing import close_wave
from learning.ballots.models import SealedResponse
from tests.ballots.answering import Respondent, open_wave
from tests.ballots.pages.test_walk import private_code, rows, say_nothing, scores


def test_the_same_form_sent_twice_counts_once_and_shows_the_result_again(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill()
    form = person.form.fields
    first = person.send()
    again = app.test_client().post("/answer/send", data=form)
    assert private_code(again.text) == private_code(first.text)
    assert rows(app, SealedResponse) == 1


def test_what_is_sent_again_with_other_answers_is_not_counted_and_not_shown(app: Flask) -> None:
    """The way back of the browser leads to the form, which may be changed: what was kept stands, and is what is shown."""
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill(place=0)
    form = person.form.fields
    first = person.send()
    assert "these changes are not counted" not in first.text
    for given, told in ((form["given"], False), ("3" + form["given"][1:], True), ("-" * len(form["given"]), True)):
        again = app.test_client().post("/answer/send", data=form | {"given": given})
        assert scores(again.text) == scores(first.text)
        assert ("Your answers were sent before; these changes are not counted." in again.text) is told
    assert rows(app, SealedResponse) == 1


def test_whose_word_of_it_was_lost_finds_the_result_after_the_wave_has_closed(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.fill()
    form = person.form.fields
    first = person.send()
    with app.app_context():
        close_wave(wave.id, say_nothing)
    again = app.test_client().post("/answer/send", data=form)
    assert again.status_code == 200
    assert private_code(again.text) == private_code(first.text)
    assert scores(again.text) == scores(first.text)


def links(page: str) -> set[str]:
    """Where a page leads to, but to a place of itself."""
    return set(re.findall(r'<a [^>]*href="([^"#]+)', page))


def test_a_kiosk_leads_nowhere_else_and_says_how_to_clear_the_screen(app: Flask) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0], start="/answer/kiosk")
    assert links(person.page) == {"/answer/kiosk"}
    person.fill()
    assert 'data-kiosk="/answer/kiosk"' in person.page
    form = person.form.fields
    for path, fields in (("/answer/", {"given": "canary"}), ("/answer/", {"x": "y" * 20_000}), ("/answer/nowhere", {})):
        answer = person.client.post(path, data=form | fields)
        assert answer.status_code in {400, 404, 413}
        if answer.status_code != 413:
            assert 'data-kiosk="/answer/kiosk"' in answer.text
            assert links(answer.text) == {"/answer/kiosk"}
    result = person.send()
    assert 'data-kiosk="/answer/kiosk"' in result.text
    assert links(result.text) == {"/answer/kiosk"}


def test_whoever_goes_back_at_a_kiosk_sees_nothing_of_the_one_before(app: Flask) -> None:
    """A browser without scripts sends the last form again; a script only while the page it sent from stands open."""
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0], start="/answer/kiosk")
    person.fill()
    form = person.form.fields
    assert "Already sent" not in app.test_client().post("/answer/", data=form | {"go": "check"}).text
    code = private_code(person.send().text)
    back = {"Sec-Fetch-Mode": "navigate"}
    for headers, path, step in (({}, "/answer/send", ""), (back, "/answer/send", ""), (back, "/answer/", "check")):
        again = app.test_client().post(path, data=form | {"go": step}, headers=headers)
        assert again.status_code == 200
        assert "Already sent" in again.text
        assert code not in again.text
        assert scores(again.text) == []
        assert form["given"] not in again.text
        assert links(again.text) == {"/answer/kiosk"}
    lost = app.test_client().post("/answer/send", data=form, headers={"Sec-Fetch-Mode": "cors"})
    assert private_code(lost.text) == code, "the page that heard nothing asks again by its script"
    with app.app_context():
        close_wave(wave.id, say_nothing)
    assert code not in app.test_client().post("/answer/send", data=form).text
    assert rows(app, SealedResponse) == 0
