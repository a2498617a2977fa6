"""What Headwater teaches: files under ``content/`` become one immutable Catalogue.

A pure wing: it knows neither Flask nor the database.
"""
