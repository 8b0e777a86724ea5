"""One HTTP server: Telegram's webhook and a health page."""
