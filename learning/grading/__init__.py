"""Marking of responses and scoring of quizzes. A pure wing: it knows neither Flask nor the database."""
