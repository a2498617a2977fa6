"""Nothing joins a person with an answer, and nobody can write a word that would: A19, A21."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import select

from learning.ballots.database import BallotsTable, the_engine
from learning.ballots.sent import CARRIED
from learning.database import Table
from learning.extensions import db
from learning.ideas.models import Idea
from tests.attacks.campaign import Campaign
from tests.attacks.pages import Browsers, of_campaigns, shown
from tests.ballots.answering import Respondent
from tests.ballots.attacks.looking import OF_PEOPLE
from tests.ballots.test_apart import PEOPLE, graph_of, printed, reachable
from tests.campaigns.planned import everything
from tests.web.routes import OWNED

pytestmark = pytest.mark.prove

CANARY = "Zanzibar-7731"


def forms_of_value(value: object) -> Iterable[str]:
    """How a value may stand in a table or a file that somebody exports."""
    match value:
        case bytes() | memoryview():
            yield bytes(value).hex()
        case str():
            yield value
        case date():
            yield value.isoformat()


def keys_of_answers() -> set[str]:
    """What could serve as a key in rows of single people: all that is no small number."""
    tables = [table for table in BallotsTable.metadata.sorted_tables if table.name in OF_PEOPLE]
    with the_engine().connect() as connection:
        rows = [row for table in tables for row in connection.execute(select(table))]
    return {form for row in rows for value in row for form in forms_of_value(value)}


def keys_of_people() -> set[str]:
    """The same of everything else that the site keeps."""
    with db.engine.connect() as connection:
        rows = [row for table in Table.metadata.sorted_tables for row in connection.execute(select(table))]
    return {form for row in rows for value in row for form in forms_of_value(value)}


def test_a19_no_key_joins_a_person_with_an_answer(campaign: Campaign, browsers: Browsers, backend: str) -> None:
    company = campaign.company
    with campaign.app.app_context():
        people = graph_of(db.engine, "public" if backend == "postgresql" else None)
        answers = graph_of(the_engine(), "ballots" if backend == "postgresql" else None)
        for kind in ("attempt_id", "assessment_id"):
            OWNED[kind](company, company.learner)
        db.session.remove()
    print(f"\nPeople ({backend}):\n{printed(people)}\nAnonymous answers:\n{printed(answers)}")
    assert not people.keys() & answers.keys()
    both = people | answers
    assert reachable(both, PEOPLE) <= people.keys()
    assert reachable(both, "response") <= answers.keys()
    campaign.answer(20)
    shared, exported = set(), 0
    for closed in (False, True):
        if closed:
            campaign.close()
        with campaign.app.app_context():
            of_answers, of_people = keys_of_answers(), keys_of_people()
            db.session.remove()
        shared |= of_answers & of_people
        pages = shown(campaign, browsers) if closed else of_campaigns(campaign, browsers)
        for name, page in pages.items():
            exported += 1
            assert not [key for key in of_answers if len(key) > 4 and key in page.text], name
    print(
        f"A19 {backend}: no path between {len(people)} and {len(answers)} tables; of {len(of_people)} and "
        f"{len(of_answers)} values they share {len(shared)}, the wave; in {exported} pages and papers no key of an answer"
    )
    # The wave itself is one row for all who answer in it.
    assert shared == {campaign.ballots_id}


def test_a21_there_is_no_field_for_words_and_no_column_that_would_keep_them(
    campaign: Campaign, browsers: Browsers, backend: str
) -> None:
    app, person = campaign.app, Respondent(campaign.app.test_client(), campaign.unused[0].code)
    pages = [person.page]
    person.begin()
    pages.append(person.page)
    for form in person.pages():
        form.fields |= {name: values[0] for name, values in form.choices.items()}
        pages.append(person.page)
    person.press("Go on")
    pages.append(person.page)
    person.press("Go on", trust="3")
    pages.append(person.page)
    fields = re.findall(r"<(textarea|select|input)\b([^>]*)", "".join(pages))
    writable = {
        (re.search(r'name="([^"]+)"', given) or ["", ""])[1]
        for tag, given in fields
        if tag != "input" or not re.search(r'type="(?:hidden|radio)"', given)
    }
    assert len(fields) > 200
    assert writable == {"code"}

    campaign.answer(8)
    fresh = iter(campaign.unused)
    tried, taken = 0, 0
    for name in (*CARRIED, campaign.instrument.items[0].id, "shown", "comment", "text"):
        for sent in (campaign.form(campaign.made(next(fresh))) for _ in range(2)):
            words = CANARY if tried % 2 else sent.get(name, "") + CANARY
            answer = app.test_client().post("/answer/send", data={**sent, name: words})
            tried, taken = tried + 1, taken + ("Thank you" in answer.text)
    with app.app_context():
        before = everything()
    campaign.close()
    with app.app_context():
        after = everything()
        db.session.remove()
    found = [name for name, page in shown(campaign, browsers).items() if CANARY in page.text]
    kinds = {
        str(column.type)
        for table in BallotsTable.metadata.sorted_tables
        if table.name in ("sealed_response", "response")
        for column in table.columns
        if not column.foreign_keys and not column.primary_key
    }
    print(
        f"\nA21 {backend}: {len(fields)} fields in {len(pages)} pages, writable: the code alone; {tried} forms with words "
        f"in them, {taken} counted without them; kept: {int(CANARY in before + after)}, shown: {len(found)}"
    )
    assert CANARY not in before + after
    assert CANARY.encode().hex() not in (before + after).replace("\\x", "")
    assert found == []
    assert kinds == {"BLOB", "INTEGER"}
    with app.app_context():
        lengths = {len(row.answers) for row in _responses()}
    assert lengths == {len(campaign.instrument.items)}


def _responses() -> list:  # type: ignore[type-arg]
    table = BallotsTable.metadata.tables["response"]
    with the_engine().connect() as connection:
        return list(connection.execute(select(table)))


def test_a21_the_box_of_ideas_knows_neither_campaign_nor_group_nor_answer() -> None:
    """Words have a place of their own: for the whole organization, at any time, tied to no wave."""
    columns = {column.name for column in Idea.__table__.columns}
    targets = {key.column.table.name for key in Idea.__table__.foreign_keys}
    pointing = {
        table.name
        for table in Table.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "idea"
    }
    print(f"\nA21: an idea has {len(columns)} columns and points to {', '.join(sorted(targets))}; nothing points to it")
    assert targets == {"organization", "user_account"}
    assert not [name for name in columns if re.search("wave|campaign|group|department|ballot|response", name)]
    assert pointing == set()
