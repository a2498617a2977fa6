"""Quizzes: papers, attempts, answers, gradings."""
