"""What we claim about speed, as programs. Run with ``make bench``."""
