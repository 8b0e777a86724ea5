"""Who is who: people, roles, teams, invitations, and what may be shown where."""
