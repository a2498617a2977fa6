"""Certificates: issued once to whoever completes a course, renewed, verified by anybody, revoked by trainers."""
