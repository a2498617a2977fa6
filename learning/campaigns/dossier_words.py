"""What the dossier says of every campaign: the way of an answer, who sees what, rules, retention, law."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step on the way of an answer."""

    what: str
    where: str
    #: What on this step leads to a person.
    connects: str


def data_flow() -> list[FlowStep]:
    """From the list of people to the report."""
    return [
        FlowStep(
            _("1. The list of who is asked is fixed."),
            _("Database of people: person, group, by mail or by card."),
            _("A name, as in any staff list. It says nothing of who answers."),
        ),
        FlowStep(
            _("2. As many ballots are made as people are asked."),
            _("Database of answers: a keyed fingerprint of each code, and its group."),
            _("Nothing."),
        ),
        FlowStep(
            _("3. Each person's invitation draws a ballot at random."),
            _("In memory, while the opening runs. The pairs are not written down."),
            _("The mail itself, until it is sent: sealed in the outbox, erased after sending. Cards carry no name."),
        ),
        FlowStep(
            _("4. Somebody answers."),
            _("Pages without sign-in, cookie, and log of addresses. Answers stay in the browser until they are sent."),
            _("Nothing. The network of the company can see that the site was visited."),
        ),
        FlowStep(
            _("5. The ballot is spent, then the answers are kept, in two steps."),
            _("Database of answers: sealed, without time and order, with the group alone."),
            _("Nothing. Which answers came with which ballot is not stored."),
        ),
        FlowStep(
            _("6. Everybody who was invited by mail is reminded."),
            _("Outbox: the same words for all, without a code."),
            _("Nothing: the reminder does not depend on who answered."),
        ),
        FlowStep(
            _("7. The wave is closed."),
            _(
                "The report is made and frozen. Answers are written anew in random order; ballots, sealed mails, "
                "unprinted cards and the key are destroyed."
            ),
            _("Nothing any more, in backups either: what they hold is sealed with the destroyed key."),
        ),
    ]


def who_sees_what() -> list[list[str]]:
    """Role, what it sees, what it never sees."""
    return [
        [
            _("The person"),
            _("Their own answers and result, at the end and later with a private code"),
            _("Anybody else's"),
        ],
        [
            _("Managers"),
            _("How many are invited; who takes part in bands, once a day; the report after the closing"),
            _("Who has answered; single answers; any result before the closing"),
        ],
        [_("Trainers"), _("Nothing of the campaign"), _("All of it")],
        [
            _("Administrators of the site"),
            _("Addresses to which a mail could not be delivered, without its text"),
            _("Answers, results, codes"),
        ],
        [
            _("Whoever runs the server"),
            _("While a wave is open they could change the program or watch its traffic. Choose them with care."),
            _("After the closing: who gave which answer, from any copy"),
        ],
    ]


def publication_rules(k: int) -> list[str]:
    """What is published, and what is not."""
    return [
        _(
            "Nothing is told of fewer than %(k)d answers; spread of answers and single questions from 10 answers on.",
            k=k,
        ),
        _("The report is made once, at the closing, and never changed. Late answers are not added."),
        _("Before it is frozen it is checked whether a smaller group could be worked out by subtraction or by bounds."),
        _("A group that would give another one away is merged with others or left out, and the report says so."),
        _("Means are rounded the more the fewer people answered; very high and very low ones are told as limits."),
        _("A change since the wave before is told only where both waves allow it, with the part that may be chance."),
        _("Groups are not ranked. There is no list of answers to export."),
    ]


def kept() -> list[list[str]]:
    """What is kept, and how long."""
    return [
        [
            _("List of who is invited"),
            _("until whoever runs the site deletes the campaign; a manager cannot, once it was opened"),
        ],
        [_("Text of invitations by mail"), _("sealed until sent, then erased; the trace of the mail for 30 days")],
        [_("Codes of cards"), _("sealed until the sheet is made once, at the latest until the closing")],
        [_("Ballots and the key of the wave"), _("until the closing")],
        [_("Answers without any person"), _("in random order, until the campaign is deleted")],
        [_("One's own result"), _("opens with the private code alone; it stays when the campaign is deleted")],
        [_("The report"), _("until the campaign is deleted")],
    ]


def law() -> list[str]:
    """Orientation; no legal advice."""
    return [
        _("This is orientation and no legal advice. Ask somebody who knows the law of your country."),
        _(
            "European Union: data that lead to nobody are outside the General Data Protection Regulation (recital 26). "
            "The list of who is invited is inside: it needs a purpose, a time limit, a notice to people, a contract "
            "with whoever runs the site, and often a short impact assessment."
        ),
        _(
            "Consent of employees is weak ground, because they depend on the employer. That nobody can be traced, and "
            "that nobody has to take part, are the better ground."
        ),
        _(
            "Germany: a technical system that could watch behaviour, and questionnaires about persons, are matters of "
            "the works council (Betriebsverfassungsgesetz, sections 87 and 94). This dossier is made for that talk."
        ),
        _(
            "China: anonymized information is outside the Personal Information Protection Law (articles 4 and 73); keep "
            "the server in the country of the people who are asked."
        ),
        _("No answer and no result of a person may be used to judge, pay or promote anybody."),
    ]
