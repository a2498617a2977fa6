"""The guided self-assessment of one person. Private to that person."""
