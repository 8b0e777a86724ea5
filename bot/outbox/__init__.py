"""Saying things: what is to be said is a row saved with the decision; a separate step delivers it and records how."""
