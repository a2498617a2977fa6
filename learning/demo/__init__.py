"""The demo organization: invented people with plausible progress, and a closed campaign; marked as demo data."""

from learning.demo.generator import ACCOUNTS, PASSWORD, add_demo, is_empty

__all__ = ["ACCOUNTS", "PASSWORD", "add_demo", "is_empty"]
