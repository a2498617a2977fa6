"""People without an e-mail address: a manager adds them and prints a card with a one-time code.

The code has 80 random bits, is kept as a hash, works once and for fourteen days. Whoever prints a card could
use it themselves: that is why every new card is logged, and why the person is signed out everywhere when
the code is used.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

import structlog
from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from learning.accounts import limits
from learning.accounts.authentication import SignedIn, Visitor, has_a_place, open_session
from learning.accounts.credentials import add_token, known_words, lock_person, set_password, spend_token
from learning.accounts.invitations import check_department
from learning.accounts.models import Membership, OneTimeToken, Organization, TokenPurpose, User
from learning.accounts.names import BadName, fold_login, person_name, shown, sign_in_name
from learning.accounts.passwords import hash_password, refuse_weak
from learning.accounts.tokens import token_hash
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.web.identity import Member, Role

log = structlog.get_logger()

LIVES = timedelta(days=14)
#: Letters and digits that nobody takes for another: no I, O, 0, 1. 32 of them are 5 bits each.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16
GROUP = 4
#: Cards made at once.
MOST_AT_ONCE = 200


class WrongCode(DomainError):
    """The same for an unknown name, a wrong code, a used one and an old one."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            _(
                "The sign-in name and the code do not belong together, or the code was used or is older than 14 days. "
                "Check both; if they stand so on your card, ask for a new card."
            )
        )


class BadLines(DomainError):
    """Lines of a pasted list that cannot be used; nothing of the list was added."""

    status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(_("Nobody was added yet. Mend these lines and send the list again."))
        self.problems = tuple(problems)


class Taken(DomainError):
    """The sign-in name belongs to somebody."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person to be added: checked and folded."""

    name: str
    sign_in_name: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed once. The code is kept nowhere."""

    name: str
    organization_name: str
    sign_in_name: str
    #: In groups, as it is printed.
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """What new people of one list have in common."""

    role: Role
    department_id: str | None


def new_code() -> str:
    """A one-time code in groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return " ".join(letters[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def fold_code(typed: str) -> str:
    """A code as it is hashed: capitals without spaces and hyphens."""
    return "".join(character for character in typed.upper() if character.isalnum())


def read_list(code: str, text: str) -> list[Entry]:
    """The people of a pasted list, ``name, number`` on each line. Raises BadLines with every problem."""
    entries: list[Entry] = []
    #: With the number of the line; 0 for the list as a whole.
    problems: list[tuple[int, str]] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = _read_line(code, line)
        except BadName as error:
            problems.append((number, str(error)))
            continue
        if entry.sign_in_name in first_line:
            twice = _(
                "%(name)s stands in line %(line)d already. Each person needs a number of their own.",
                name=entry.sign_in_name,
                line=first_line[entry.sign_in_name],
            )
            problems.append((number, twice))
            continue
        first_line[entry.sign_in_name] = number
        entries.append(entry)
    taken = _taken(first_line)
    problems += [
        (first_line[name], _("%(name)s is taken already. Choose another number.", name=name)) for name in sorted(taken)
    ]
    if not entries and not problems:
        problems.append((0, _("The list is empty. Write one person on each line: name, number.")))
    if len(first_line) > MOST_AT_ONCE:
        problems.append((0, _("The list has more than %(most)d people. Send it in parts.", most=MOST_AT_ONCE)))
    if problems:
        raise BadLines([_of_line(*problem) for problem in sorted(problems, key=itemgetter(0))])
    return entries


def _of_line(number: int, problem: str) -> str:
    return _("Line %(number)d: %(problem)s", number=number, problem=problem) if number else problem


def _read_line(code: str, line: str) -> Entry:
    for mark in ("\t", ";", ","):
        name, found, number = line.rpartition(mark)
        if found:
            return Entry(person_name(name), sign_in_name(code, number))
    raise BadName(_("%(line)s has no number. Write the name, a comma and the employee number.", line=shown(line)))


def _taken(names: Sequence[str] | dict[str, int]) -> set[str]:
    return set(db.session.scalars(select(User.sign_in_name).where(User.sign_in_name.in_(list(names)))))


def organization_code_of(member: Member) -> str:
    """The code that stands before the sign-in names of the organization."""
    return db.session.scalars(select(Organization.code).where(Organization.id == member.organization_id)).one()


def add_person(member: Member, name: str, number: str, place: Place, now: datetime) -> Card:
    """Add one person without an e-mail address. Raises BadName, Taken, NotFound for a foreign department."""
    entry = Entry(person_name(name), sign_in_name(organization_code_of(member), number))
    if _taken([entry.sign_in_name]):
        raise Taken(_("%(name)s is taken already. Choose another number.", name=entry.sign_in_name))
    return _add(member, [entry], place, now)[0]


def add_people(member: Member, text: str, place: Place, now: datetime) -> list[Card]:
    """Add all people of a pasted list, or none. Raises BadLines, NotFound for a foreign department."""
    return _add(member, read_list(organization_code_of(member), text), place, now)


def _add(member: Member, entries: Sequence[Entry], place: Place, now: datetime) -> list[Card]:
    with unit_of_work() as session:
        check_department(session, member.organization_id, place.department_id)
        organization = session.get_one(Organization, member.organization_id)
        cards = []
        for entry in entries:
            user_id = new_id()
            made = insert_once(
                session,
                User,
                id=user_id,
                name=entry.name,
                sign_in_name=entry.sign_in_name,
                is_administrator=False,
                is_active=True,
                created_at=now,
            )
            if not made:  # somebody added it in the meantime: all is rolled back
                raise Taken(_("%(name)s has just been taken. Choose another number.", name=entry.sign_in_name))
            session.add(
                Membership(
                    organization_id=member.organization_id,
                    user_id=user_id,
                    department_id=place.department_id,
                    role=place.role,
                    joined_at=now,
                )
            )
            cards.append(_write_card(session, user_id, entry, organization.name, now))
        log.info("cards_issued", user=member.user_id, organization=member.organization_id, count=len(cards))
        return cards


def _write_card(session: Session, user_id: str, entry: Entry, organization_name: str, now: datetime) -> Card:
    code = new_code()
    add_token(session, user_id, TokenPurpose.FIRST_SIGN_IN, fold_code(code), now, now + LIVES)
    return Card(entry.name, organization_name, entry.sign_in_name, code)


def new_card(member: Member, user_id: str, now: datetime) -> Card:
    """Print another card for a person without an e-mail address; an earlier one stops working.

    The old password works until the code is used. Raises NotFound for anybody who does not belong to this
    organization alone, has an address, or administers the site.
    """
    with unit_of_work() as session:
        elsewhere = aliased(Membership)
        row = session.execute(
            select(User, Organization.name)
            .join(Membership, Membership.user_id == User.id)
            .join(Organization, Organization.id == Membership.organization_id)
            .where(
                Membership.organization_id == member.organization_id,
                Membership.left_at.is_(None),
                User.id == user_id,
                User.email.is_(None),
                User.is_active,
                ~User.is_administrator,
                ~exists().where(
                    elsewhere.user_id == User.id,
                    elsewhere.organization_id != member.organization_id,
                    elsewhere.left_at.is_(None),
                ),
            )
        ).first()
        if row is None:
            raise NotFound
        user, organization_name = row
        lock_person(session, user.id)
        session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.user_id == user.id, OneTimeToken.used_at.is_(None))
            .values(used_at=now)
        )
        log.info("card_issued", user=member.user_id, organization=member.organization_id, subject=user.id)
        return _write_card(session, user.id, Entry(user.name, user.sign_in_name or ""), organization_name, now)


def holder_of(login: str, code: str, visitor: Visitor, now: datetime) -> str:
    """Id of the person who holds a card. Raises TooManyTries or WrongCode.

    Wrong codes count against the account together with wrong passwords. A right code is let through although
    the account's counter is exhausted: 80 bits cannot be guessed, and a stranger must not be able to shut out
    somebody who has no other way in.
    """
    network = limits.of_network(visitor.address)
    limits.refuse_exhausted([network], now)
    folded = fold_login(login) or ""
    user_id = db.session.scalar(
        select(User.id)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(
            func.coalesce(User.sign_in_name, "") == folded,
            OneTimeToken.token_hash == token_hash(fold_code(code)),
            OneTimeToken.purpose == TokenPurpose.FIRST_SIGN_IN,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
            User.is_active,
            has_a_place(),
        )
    )
    if user_id is None:
        account = db.session.scalar(select(User.id).where(User.sign_in_name == folded))
        limits.reserve([limits.of_account(account or folded), network], now)
        log.info("sign_in_failed", user=account)
        raise WrongCode
    return user_id


def use_card(login: str, code: str, password: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Choose a password by the code of a card and sign in; every other session ends.

    Raises TooManyTries, WrongCode, WeakPassword, LinkEnded if the code was used at the same moment.
    """
    user_id = holder_of(login, code, visitor, now)
    refuse_weak(password, *known_words(user_id))
    new_hash = hash_password(password)
    with unit_of_work() as session:
        spend_token(session, user_id, TokenPurpose.FIRST_SIGN_IN, fold_code(code), now)
        user = set_password(session, user_id, new_hash, now)
        limits.forget(session, [limits.of_account(user_id)])
        log.info("password_changed", user=user_id, organization=None)
        return open_session(session, user, visitor, now)
