"""Tests of anonymous answering."""
