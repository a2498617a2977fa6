"""Headwater teaches cleaner production to the people who do the work."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from learning.config import PROJECT, Settings, load_settings, make_data_folder, refuse_debugger, secret_key
from learning.web.logs import init_logs

#: Languages of the pages, the first is the default. Each has a folder in ``translations``, but English.
LANGUAGES = ("en",)


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
    return app


def _configure(app: Flask, settings: Settings) -> None:
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
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _engine_options(settings: Settings) -> dict[str, object]:
    # An error would else show what was written, a mail with its link for one; and errors go into the logs.
    if settings.database.startswith("sqlite"):
        return {"pool_size": 8, "max_overflow": 8, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=5000 -c timezone=UTC"},
    }


def _bind_first_checks(app: Flask) -> None:
    """What stands before the check of the CSRF token, which answers with a form and perhaps a cookie."""
    from learning.web.requests import refuse_cross_site, refuse_nul

    app.before_request(refuse_nul)
    app.before_request(refuse_cross_site)


def _bind_extensions(app: Flask) -> None:
    from learning import extensions
    from learning.database import prepare_engine
    from learning.migrating import bind_migrations_for_commands

    extensions.db.init_app(app)
    with app.app_context():
        prepare_engine(extensions.db.engine)
    bind_migrations_for_commands(app)
    # Templates ask for signed_in; a context processor would ask the database again on an error page.
    extensions.login_manager.init_app(app, add_context_processor=False)
    extensions.login_manager.session_protection = None
    extensions.csrf.init_app(app)
    extensions.babel.init_app(app, locale_selector=_locale)


def _locale() -> str:
    """The person's own choice, else what the browser prefers among the languages we have."""
    from learning.web.identity import signed_in

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
    from learning.web.html import init_html
    from learning.web.navigation import init_navigation
    from learning.web.page_cache import init_page_cache
    from learning.web.policies import enforce

    init_catalogue(app, settings.store)
    init_assets(app, PROJECT / "static", settings.data / "static")
    init_errors(app)
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
    from learning.accounts import doors  # noqa: F401  its pages hang on the blueprint of accounts
    from learning.accounts.browser import init_accounts
    from learning.accounts.organization_views import blueprint as organization
    from learning.accounts.views import blueprint as accounts
    from learning.administration.views import blueprint as administration
    from learning.assessments import action_views, result_views  # noqa: F401  their pages hang on the blueprint
    from learning.assessments import views as assessment_views  # noqa: F401
    from learning.assessments.blueprint import blueprint as assessments
    from learning.cli import init_commands
    from learning.courses.queries import lessons_read
    from learning.courses.views import blueprint as courses
    from learning.home.views import blueprint as home
    from learning.quizzes.queries import quiz_standings
    from learning.quizzes.views import blueprint as quizzes
    from learning.reviewing.views import blueprint as reviewing
    from learning.teaching import quiz_changes_views, quiz_views  # noqa: F401  their pages hang on the blueprint
    from learning.teaching import views as teaching_views  # noqa: F401
    from learning.teaching.blueprint import blueprint as teaching
    from learning.teaching.workshop_views import blueprint as workshop
    from learning.web.policies import require_policies
    from learning.web.views import blueprint as web

    # What a feature needs of one that stands above or beside it is handed in here, so that neither imports the other.
    app.extensions["quiz_standings"] = quiz_standings
    app.extensions["lessons_read"] = lessons_read
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
        teaching,
        workshop,
        administration,
    ):
        app.register_blueprint(blueprint)
    init_commands(app)
    require_policies(app)
