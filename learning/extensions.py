"""The extensions, unbound; ``create_app`` binds them."""

from __future__ import annotations

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from learning.database import ReadingSession, Table

db = SQLAlchemy(model_class=Table, session_options={"class_": ReadingSession, "autoflush": False})
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
