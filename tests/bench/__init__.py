"""`make bench`: what this machine makes of the bot, each figure beside an alternative measured in the same run.

`stage.py` runs a bot as a process of its own against a Bot API server in this one, `bare.py` is the bot it is compared
with, `searching.py` compares phrase search alone, `figures.py` holds the rows and how they look.
"""
