"""People: organizations, departments, users, their sessions, invitations and rights."""
