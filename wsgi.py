"""What a WSGI server and the ``flask`` command load."""

from learning import create_app

app = create_app()
