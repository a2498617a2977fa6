"""What leaves the site as a file: tables of trainers, the record of a cohort, and one person's transcript."""
