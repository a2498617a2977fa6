"""Settings from the environment, and the refusal of combinations that are not safe."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SHORTEST_KEY = 32


class UnsafeConfiguration(Exception):
    """The settings contradict each other or are not safe; the text says how to mend them."""


class Settings(BaseSettings):
    """Every setting is an environment variable: its name here in capitals after ``HEADWATER_``."""

    model_config = SettingsConfigDict(env_prefix="HEADWATER_", frozen=True, extra="ignore", env_ignore_empty=True)

    data: Path = Field(
        PROJECT / "var", description="Folder for the databases, the secret key and the published content."
    )
    content: Path = Field(PROJECT / "content", description="Folder of the content that authors write.")
    database_url: str = Field(
        "",
        repr=False,
        description="Where people's progress is kept. Empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://user@host/name.",
    )
    ballots_url: str = Field(
        "",
        repr=False,
        description="Where anonymous answers are kept, apart from people. Empty: SQLite in the data folder, or, where people's progress is in PostgreSQL, the schema `ballots` beside it.",
    )
    redis_url: str = Field(
        "",
        repr=False,
        description="Redis for the messages that wake background work: redis://host:6379/0. Empty: a file in the data folder.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address under which people reach the site. Links in mails are made from it alone.",
    )
    secret_key: str = Field(
        "",
        repr=False,
        description="Signs cookies; 32 characters or more. Empty: the file secret-key in the data folder.",
    )
    secret_key_fallbacks: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        repr=False,
        description="Earlier secret keys that are still accepted, separated by commas, while a new one is brought in.",
    )
    proxies: int = Field(0, ge=0, le=5, description="How many reverse proxies stand in front and set X-Forwarded-For.")
    read_without_sign_in: bool = Field(
        True, description="Whether lessons may be read by anybody. Progress always needs a person."
    )
    development: bool = Field(
        False, description="Shows the page of components and writes mails to files. Loopback only."
    )
    mail_server: str = Field(
        "", description="SMTP server as host:port. Empty: mails are written to the folder mail in the data folder."
    )
    mail_user: str = Field("", description="Name at the mail server, if it asks for one.")
    mail_password: str = Field("", repr=False, description="Password at the mail server.")
    mail_sender: str = Field("Headwater <headwater@localhost>", description="Sender of every mail.")
    mail_starttls: bool = Field(
        True, description="Whether the connection to the mail server is encrypted with STARTTLS."
    )

    @property
    def host(self) -> str:
        """Host name of the public address."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether people reach the site by HTTPS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def on_loopback(self) -> bool:
        """Whether the site is for this machine alone."""
        return self.host in LOOPBACK

    @property
    def store(self) -> Path:
        """Folder of the published content."""
        return self.data / "content"

    @property
    def database(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data / 'headwater.db'}"

    @property
    def ballots_database(self) -> str:
        """Address of the database of anonymous answers; in PostgreSQL it is the schema ``ballots`` there."""
        beside = self.database if self.database.startswith("postgresql") else f"sqlite:///{self.data / 'ballots.db'}"
        return self.ballots_url or beside

    @property
    def photos(self) -> Path:
        """Folder of the photos that people handed in; no web server serves it."""
        return self.data / "photos"

    @property
    def ballot_keys(self) -> Path:
        """Folder of the keys of open waves: never in a backup."""
        return self.data / "keys"


def load_settings(**given: object) -> Settings:
    """Read the settings from the environment; ``given`` ones win.

    Raises UnsafeConfiguration with every problem found.
    """
    fallbacks = given.pop("secret_key_fallbacks", os.environ.get("HEADWATER_SECRET_KEY_FALLBACKS", ""))
    if isinstance(fallbacks, str):
        fallbacks = tuple(key for key in fallbacks.split(",") if key)
    try:
        settings = Settings(secret_key_fallbacks=fallbacks, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UnsafeConfiguration("\n".join(_sentence(detail) for detail in error.errors())) from error
    refuse_unsafe(settings)
    return settings


def _sentence(detail: ErrorDetails) -> str:
    name = "HEADWATER_" + "_".join(str(part) for part in detail["loc"]).upper()
    return f"{name}: {detail['msg']}. Correct it or unset it."


def refuse_unsafe(settings: Settings) -> None:
    """Raise UnsafeConfiguration if the settings must not serve people."""
    if not _is_address_of_a_site(settings.public_url):
        raise UnsafeConfiguration(
            f"HEADWATER_PUBLIC_URL is {settings.public_url!r}. Give scheme and host only, such as https://learn.example.org."
        )
    if not settings.secure and not settings.on_loopback:
        raise UnsafeConfiguration(
            "HEADWATER_PUBLIC_URL has no https, but the site is not on loopback. Passwords would travel in the clear: use https."
        )
    if settings.development and not settings.on_loopback:
        raise UnsafeConfiguration(
            "HEADWATER_DEVELOPMENT is on, but HEADWATER_PUBLIC_URL is not on loopback. Unset one of them."
        )
    for key in (settings.secret_key, *settings.secret_key_fallbacks):
        if key and len(key) < SHORTEST_KEY:
            raise UnsafeConfiguration(
                f"A secret key has fewer than {SHORTEST_KEY} characters. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
    if not settings.database.startswith(("sqlite://", "postgresql+psycopg://")):
        raise UnsafeConfiguration(
            "HEADWATER_DATABASE_URL names a database that Headwater does not know. "
            "Begin it with postgresql+psycopg://, or leave it empty for SQLite."
        )
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise UnsafeConfiguration(
            "HEADWATER_REDIS_URL is no address of a Redis. Begin it with redis://, or leave it empty for a file in the data folder."
        )
    if not settings.ballots_database.startswith(("sqlite://", "postgresql+psycopg://")):
        raise UnsafeConfiguration(
            "HEADWATER_BALLOTS_URL names a database that Headwater does not know. "
            "Begin it with postgresql+psycopg://, or leave it empty."
        )
    if settings.ballots_database == settings.database and settings.database.startswith("sqlite"):
        raise UnsafeConfiguration(
            "HEADWATER_BALLOTS_URL is the file of HEADWATER_DATABASE_URL. Anonymous answers need a file of their own."
        )
    if settings.mail_server:
        _refuse_unsafe_mail(settings)


def _is_address_of_a_site(url: str) -> bool:
    """Whether an address has scheme and host, perhaps a port, and nothing else."""
    try:
        parts = urlsplit(url)
        well_formed = parts.port is None or parts.port > 0
    except ValueError:
        return False
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    return well_formed and parts.scheme in {"http", "https"} and bool(parts.hostname) and not more


def _refuse_unsafe_mail(settings: Settings) -> None:
    host, _, port = settings.mail_server.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise UnsafeConfiguration(
            f"HEADWATER_MAIL_SERVER is {settings.mail_server!r}. Give host:port, such as mail.example.org:587."
        )
    if settings.mail_user and not settings.mail_starttls and host not in LOOPBACK:
        raise UnsafeConfiguration(
            "HEADWATER_MAIL_STARTTLS is off, but HEADWATER_MAIL_USER is set: the password would travel in the clear. "
            "Turn it on, or leave the user out."
        )


def refuse_debugger(settings: Settings, debug: bool) -> None:
    """Raise UnsafeConfiguration if the debugger, which runs any code, could be reached by people."""
    if debug and not settings.on_loopback:
        raise UnsafeConfiguration(
            "Flask's debug mode is on, but HEADWATER_PUBLIC_URL is not on loopback. Start without --debug and FLASK_DEBUG."
        )


def secret_key(settings: Settings) -> str:
    """The key that signs cookies: from the settings, or from a file that only the owner can read.

    The file is made on first use. Raises UnsafeConfiguration if others may read it or it is too short.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret-key"
    make_data_folder(settings)
    if not path.exists():
        _write_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeConfiguration(f"Others can read {path}. Close it with: chmod 600 {path}")
    key = path.read_text().strip()
    if len(key) < SHORTEST_KEY:
        raise UnsafeConfiguration(
            f"The key in {path} has fewer than {SHORTEST_KEY} characters. Delete the file; a new one is made."
        )
    return key


def make_data_folder(settings: Settings) -> None:
    """Make the data folder for its owner only: the database in it is readable for whoever may enter."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write_key(path: Path) -> None:
    """Write a new key, whole or not at all; of workers that start at once, one wins and all read its key."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
