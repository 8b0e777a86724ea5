"""收录, the wordings a team makes its own: collected in chat, approved, replaced and withdrawn, and what is missing."""
