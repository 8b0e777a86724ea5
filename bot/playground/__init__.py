"""Telegram in small: an embedded Bot API on loopback and a chat page where one newcomer plays several people.

An unmodified python-telegram-bot talks to `bot_api` over real HTTP; a person (or a test) acts through `chat_api`
or `World`. Nothing here imports the rest of `bot`: this room stands in for Telegram and knows nothing of our bot.
"""
