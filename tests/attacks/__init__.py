"""The attacks A1 to A25 on a campaign made through the site's own verbs and pages; ``index.py`` lists them all."""
