"""Spaced review: questions of quizzes come back, a few a day, before they are forgotten."""
