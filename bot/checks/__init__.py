"""Minding one's words 忌语: what in an agent's draft breaks a norm, which promise it makes, how to say it instead."""
