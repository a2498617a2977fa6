"""The home page."""

from __future__ import annotations

from flask import Blueprint, render_template

from learning.assessments.queries import my_assessments, reading_list
from learning.certificates.queries import earned_lately
from learning.clock import now
from learning.courses.queries import NOBODY, course_cards, load_learner
from learning.home.next_step import next_step
from learning.practice.deciding import Confirmer
from learning.practice.queries import waiting_for
from learning.quizzes.queries import quiz_standings
from learning.reviewing.queries import review_page
from learning.teaching.due_words import due_sentence
from learning.teaching.my_assignments import my_assignments
from learning.teaching.notes import notes_on
from learning.web.catalogue import the_catalogue
from learning.web.identity import Role, signed_in, the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allow(Policy.PUBLIC)
def home() -> str:
    """What Headwater is, for a stranger; what comes next, for a person."""
    person = signed_in()
    if person is None or person.organization_id is None:
        return render_template("home/welcome.html", cards=course_cards(the_catalogue(), NOBODY))
    member = the_member()
    learner = load_learner(member, quiz_standings)
    cards = course_cards(the_catalogue(), learner)
    assessments = my_assessments(member)
    return render_template(
        "home/home.html",
        cards=cards,
        to_read=[each for each in reading_list(member, the_catalogue()) if each.id not in learner.read],
        notes=notes_on(member, member.user_id),
        step=next_step(the_catalogue(), cards),
        assigned=my_assignments(member, the_catalogue(), person.time_zone, now()),
        due=due_sentence,
        earned=earned_lately(member, now()),
        practice_waits=waiting_for(Confirmer(member, trains=person.role is Role.TRAINER)),
        review=review_page(member, the_catalogue(), now()).today,
        open_assessment=next((each for each in assessments if each.finished_at is None), None),
        finished_assessment=next((each for each in assessments if each.finished_at), None),
    )
