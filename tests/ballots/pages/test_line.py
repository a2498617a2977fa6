"""What whoever watches the line, or reads the log of the proxy, learns of answers: nothing, not by the length of a page."""

from __future__ import annotations

import gzip
import random
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from learning import LANGUAGES
from learning.ballots import codes
from learning.ballots.padding import PLAIN_STEP, STEP
from learning.ballots.sent import SIGNS, offered_signs
from learning.ballots.views import LARGEST_FORM
from learning.config import PROJECT
from learning.content.model import Instrument
from learning.psychometrics.responses import Missing
from learning.psychometrics.wave_table import Group
from learning.web.catalogue import the_catalogue
from tests.ballots.answering import Respondent, open_wave
from tests.proof import times

#: What is compressed has the first size, for a browser that takes none of it the second one.
ENCODINGS = {"gzip, deflate, br": STEP, "identity": PLAIN_STEP}


def some_answers(instrument: Instrument, chance: random.Random) -> str:
    """Signs of somebody: of all kinds, of those who skip or know nothing, and of those who answer everything alike."""
    kind = chance.choice(("any", "any", "values", "low", "high", *SIGNS))
    signs = []
    for item in instrument.items:
        offered = sorted(offered_signs(item))
        values = [sign for sign in offered if sign.isdigit()]
        signs.append(
            {"any": chance.choice(offered), "values": chance.choice(values), "low": values[0], "high": values[-1]}.get(
                kind
            )
            or (SIGNS[Missing(kind)] if SIGNS[Missing(kind)] in offered else chance.choice(offered))
        )
    return "".join(signs)


@pytest.mark.prove
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a14_pages_with_answers_are_equally_long_whatever_was_answered(app: Flask, encoding: str) -> None:
    people = times(short=25, full=400)
    wave = open_wave(app, groups=(Group("dye", "Dye house", people),))
    with app.app_context():
        instrument = the_catalogue().instruments["employee-awareness"]
    client, chance = app.test_client(), random.Random(17)
    form = _last_form(client, wave.codes["dye"][0])
    lengths: dict[str, set[int]] = {}
    plain: dict[str, set[int]] = {}

    def send(page: str, path: str, **fields: str) -> TestResponse:
        headers = {"Accept-Encoding": encoding, "Accept-Language": chance.choice(LANGUAGES)}
        answer = client.post(path, data=fields, headers=headers)
        assert answer.status_code == 200
        assert answer.content_length == len(answer.data)
        assert answer.cache_control.no_transform
        lengths.setdefault(page, set()).add(len(answer.data))
        zipped = answer.headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(answer.data) if zipped else answer.data
        assert text.rstrip().endswith(b"</html>")
        plain.setdefault(page, set()).add(len(text.rstrip()))
        return answer

    for code in wave.codes["dye"]:
        key = codes.new_response_key()
        filled = form | {
            "code": code,
            "given": some_answers(instrument, chance),
            "key": key,
            "permit": codes.new_permit(),
        }
        for step in ("1", str(len(instrument.dimensions)), "check", "last"):
            send(step if step == "check" else "step", "/answer/", **filled, go=step)
        send("result", "/answer/send", **filled)
        send("result", "/answer/result", private_code=codes.shown(key))
    step = ENCODINGS[encoding]
    print(
        f"A14: {2 * people} pages with results had {len(plain['result'])} lengths, and {len(lengths['result'])} on the line"
    )
    assert lengths == {"step": {step}, "check": {2 * step}, "result": {2 * step}}
    assert len(plain["result"]) > people / 2, "the pages themselves are of many lengths"
    assert max(plain["result"]) < 2 * PLAIN_STEP * 0.75, "room for a language of longer words"


def _last_form(client: FlaskClient, code: str) -> dict[str, str]:
    person = Respondent(client, code)
    person.begin()
    for words in ("Check all answers", "Go on", "Go on"):
        person.press(words)
    return person.form.fields


def test_a_refusal_is_as_long_as_a_result(app: Flask) -> None:
    wave = open_wave(app)
    form = _last_form(app.test_client(), wave.codes["dye"][0])
    statuses, lengths = set(), set()
    for changed in ({}, {"key": codes.new_response_key(), "permit": codes.new_permit()}, {"trust": "9"}):
        answer = app.test_client().post("/answer/send", data=form | changed, headers={"Accept-Encoding": "gzip"})
        statuses.add(answer.status_code)
        lengths.add(len(answer.data))
    assert (statuses, lengths) == ({200, 404, 400}, {2 * STEP})


# The proxy


def blocks(config: str) -> dict[str, str]:
    """Head of each location of the configuration -> what stands in it."""
    return dict(re.findall(r"location (\S+) \{([^{}]*)\}", config))


@pytest.mark.prove
def test_a14_the_proxy_logs_nothing_of_answering() -> None:
    """The configuration that operators copy."""
    config = re.search(r"```nginx\n(.*?)```", (PROJECT / "docs" / "operating.md").read_text(), re.DOTALL)
    assert config
    found = blocks(config.group(1))
    print(f"A14: {len(found)} places of the proxy, of which {len(found) - 1} must log nothing")
    assert set(found) == {"/", "/answer", "/static"}
    said = {head: [" ".join(line.split()) for line in body.strip().splitlines()] for head, body in found.items()}
    for head in ("/answer", "/static"):
        assert {"access_log off;", "error_log /dev/null crit;"} <= set(said[head])
        assert 'proxy_set_header X-Forwarded-For "";' in said[head], "else what the browser says passes"
    assert "access_log off;" not in said["/"]
    answering = dict(line.rstrip(";").rsplit(" ", 1) for line in said["/answer"])
    assert answering["gzip"] == "off"
    assert answering["proxy_max_temp_file_size"] == "0"
    for name in ("client_max_body_size", "client_body_buffer_size"):
        assert int(answering[name].rstrip("k")) * 1024 >= LARGEST_FORM, "what is longer goes into a file"
    assert answering["client_max_body_size"] == answering["client_body_buffer_size"]
    for head in found:
        assert {line for line in said[head] if "X-Forwarded-Proto" in line or "Host" in line} == {
            "proxy_set_header Host $host;",
            "proxy_set_header X-Forwarded-Proto $scheme;",
            "proxy_set_header X-Forwarded-Host $host;",
        }
