"""Headwater teaches cleaner production to the people who do the work."""

from __future__ import annotations

from importlib import import_module

from flask import Flask, has_request_context, request
from werkzeug.middleware.proxy_fix import ProxyFix

from learning.config import PROJECT, Settings, load_settings, make_data_folder, refuse_debugger, secret_key
from learning.web.anonymous import Sessions
from learning.web.logs import init_logs

#: Languages of the pages, the first is the default. Each has a folder in ``translations``, but English.
LANGUAGES = ("en",)
#: Modules whose pages hang on the blueprint of their feature: loading them is what adds the pages.
PAGES = (
    "accounts.doors",
    "assessments.action_views",
    "assessments.result_views",
    "assessments.views",
    "campaigns.measure_views",
    "campaigns.paper_views",
    "campaigns.plan_views",
    "campaigns.report_views",
    "campaigns.wave_views",
    "teaching.action_views",
    "teaching.assignment_views",
    "teaching.certificate_views",
    "teaching.cohort_people_views",
    "teaching.cohort_views",
    "teaching.practice_views",
    "teaching.progress_views",
    "teaching.quiz_changes_views",
    "teaching.quiz_views",
    "teaching.roster_views",
    "teaching.views",
)
#: Features with work that goes on by itself, in their ``tasks.py``.
WITH_TASKS = (
    "accounts",
    "assessments",
    "campaigns",
    "certificates",
    "exports",
    "mail",
    "practice",
    "quizzes",
    "teaching",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the site: the one place where all parts meet.

    Raises UnsafeConfiguration, UnsafeDatabase or MissingPolicy rather than serve people unsafely.
    """
    settings = settings or load_settings()
    app = Flask("learning", template_folder=str(PROJECT / "templates"), static_folder=None)
    app.extensions["settings"] = settings
    refuse_debugger(settings, app.debug)
    init_logs()
    make_data_folder(settings)
    _configure(app, settings)
    _bind_first_checks(app)
    _bind_extensions(app)
    _bind_web(app, settings)
    _register_features(app)
    _bind_tasks(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from learning.database import engine_options

    hosts = [settings.host, *(["127.0.0.1", "localhost"] if settings.on_loopback else [])]
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TRUSTED_HOSTS=hosts,
        SESSION_COOKIE_NAME="__Host-headwater" if settings.secure else "headwater",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        # The token lives as long as the session; an hour would swallow what somebody typed slowly.
        WTF_CSRF_TIME_LIMIT=None,
        # Pages with one-time links send no referrer; Origin and Sec-Fetch-Site are checked instead.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=1000,
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
    )
    app.session_interface = Sessions()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _bind_first_checks(app: Flask) -> None:
    """What stands before the check of the CSRF token, which answers with a form and perhaps a cookie."""
    from learning.web.requests import refuse_cross_site, refuse_nul

    app.before_request(refuse_nul)
    app.before_request(refuse_cross_site)


def _bind_extensions(app: Flask) -> None:
    from learning import extensions
    from learning.ballots.database import init_ballots
    from learning.database import prepare_engine
    from learning.migrating import bind_migrations_for_commands

    extensions.db.init_app(app)
    with app.app_context():
        prepare_engine(extensions.db.engine)
    init_ballots(app, app.extensions["settings"])
    bind_migrations_for_commands(app)
    # Templates ask for signed_in; a context processor would ask the database again on an error page.
    extensions.login_manager.init_app(app, add_context_processor=False)
    extensions.login_manager.session_protection = None
    extensions.csrf.init_app(app)
    extensions.babel.init_app(app, locale_selector=_locale)


def _locale() -> str:
    """The person's own choice, else what the browser prefers among the languages we have.

    In anonymous answering nobody is signed in, so it is the browser alone; a command has neither and speaks English.
    """
    from learning.web.identity import signed_in

    if not has_request_context():
        return LANGUAGES[0]
    person = signed_in()
    if person and person.locale in LANGUAGES:
        return person.locale
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _bind_web(app: Flask, settings: Settings) -> None:
    from learning.web.assets import init_assets
    from learning.web.catalogue import init_catalogue
    from learning.web.compression import init_compression
    from learning.web.errors import init_errors
    from learning.web.formats import init_formats
    from learning.web.headers import init_headers
    from learning.web.held_back import init_held_back
    from learning.web.html import init_html
    from learning.web.navigation import init_navigation
    from learning.web.page_cache import init_page_cache
    from learning.web.policies import enforce

    init_catalogue(app, settings.store)
    init_assets(app, PROJECT / "static", settings.data / "static")
    init_errors(app)
    init_held_back(app)
    init_headers(app)
    init_compression(app)
    init_formats(app)
    init_html(app)
    init_navigation(app)
    init_page_cache(app)
    app.before_request(enforce)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _register_features(app: Flask) -> None:
    for name in PAGES:
        import_module(f"learning.{name}")
    from learning.accounts.browser import init_accounts
    from learning.accounts.mail_reasons import REASONS as reasons_of_members
    from learning.accounts.organization_views import blueprint as organization
    from learning.accounts.views import blueprint as accounts
    from learning.administration.views import blueprint as administration
    from learning.assessments.blueprint import blueprint as assessments
    from learning.ballots.service import unseal
    from learning.ballots.views import blueprint as answer
    from learning.campaigns.blueprint import blueprint as campaigns
    from learning.certificates.queries import certificate_for
    from learning.certificates.service import issue_for
    from learning.certificates.views import blueprint as certificates
    from learning.certificates.views import issue_what_is_due
    from learning.cli import init_commands
    from learning.courses.queries import lessons_read
    from learning.courses.views import blueprint as courses
    from learning.exports.transcript_views import blueprint as transcripts
    from learning.exports.views import blueprint as exports
    from learning.extensions import csrf
    from learning.home.views import blueprint as home
    from learning.ideas.views import answers as idea_answers
    from learning.ideas.views import blueprint as ideas
    from learning.practice.queries import state_of_task
    from learning.practice.views import blueprint as practice
    from learning.quizzes.queries import quiz_standings
    from learning.quizzes.views import blueprint as quizzes
    from learning.reviewing.views import blueprint as reviewing
    from learning.teaching.blueprint import blueprint as teaching
    from learning.teaching.confirmers import entrusted_people
    from learning.teaching.due_words import due_of_course
    from learning.teaching.muting import is_muted
    from learning.teaching.muting_views import blueprint as reminders
    from learning.teaching.reasons import REASONS as reasons_of_reminders
    from learning.teaching.refreshes import refreshes_opened
    from learning.teaching.workshop_views import blueprint as workshop
    from learning.web.policies import require_policies
    from learning.web.views import blueprint as web

    # What a feature needs of one that stands above or beside it is handed in here, so that neither imports the other.
    app.extensions["quiz_standings"] = quiz_standings
    app.extensions["lessons_read"] = lessons_read
    app.extensions["due_of_course"] = due_of_course
    app.extensions["reminders_off"] = is_muted
    app.extensions["certificate_for"] = certificate_for
    app.extensions["issue_what_is_due"] = issue_what_is_due
    app.extensions["issue_certificates"] = issue_for
    app.extensions["refreshes_opened"] = refreshes_opened
    app.extensions["entrusted_people"] = entrusted_people
    app.extensions["practice_state"] = state_of_task
    app.extensions["unseal_mail"] = unseal
    app.extensions["mail_reasons"] = {**reasons_of_members, **reasons_of_reminders}
    init_accounts(app)
    for blueprint in (
        web,
        home,
        accounts,
        organization,
        courses,
        quizzes,
        reviewing,
        assessments,
        practice,
        certificates,
        answer,
        ideas,
        idea_answers,
        teaching,
        reminders,
        workshop,
        exports,
        transcripts,
        campaigns,
        administration,
    ):
        app.register_blueprint(blueprint)
    # Its pages have no session, so there is nothing that another site could use; cross-site requests are refused before.
    csrf.exempt(answer)
    init_commands(app)
    require_policies(app)


def _bind_tasks(app: Flask) -> None:
    """What happens beside the pages: each feature declares its own."""
    for feature in WITH_TASKS:
        import_module(f"learning.{feature}.tasks")
    from learning.background import init_background

    init_background(app)
