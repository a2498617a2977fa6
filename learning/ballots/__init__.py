"""Anonymous answering: ballots, sealed answers, closing, releases. Its own database; it knows no person.

Whoever needs something of it imports ``learning.ballots.service``, the one door.
"""
