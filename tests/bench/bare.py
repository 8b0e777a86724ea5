"""The alternative: python-telegram-bot as its manual shows it. Echoes, and keeps nothing of what it is told."""

import argparse
import asyncio
import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, MessageHandler, filters


async def echo(update: Update, context: object) -> None:
    await update.message.reply_text(update.message.text)


async def complaint(update: Update, context: object) -> None:
    buttons = [[InlineKeyboardButton("登记", callback_data="ok"), InlineKeyboardButton("取消", callback_data="no")]]
    await update.message.reply_text(update.message.text, reply_markup=InlineKeyboardMarkup(buttons))


async def pressed(update: Update, context: object) -> None:
    await update.callback_query.edit_message_text(f"已登记：{update.callback_query.message.text}")
    await update.callback_query.answer("已登记")


def handlers() -> list[CommandHandler | CallbackQueryHandler | MessageHandler]:
    return [CommandHandler("complaint", complaint), CallbackQueryHandler(pressed), MessageHandler(filters.TEXT, echo)]


async def serve(bot: Application, url: str, port: int) -> None:
    """The webhook, as in the example customwebhookbot of python-telegram-bot."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        await bot.update_queue.put(Update.de_json(await request.json(), bot.bot))
        return Response()

    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    async with bot:
        await bot.bot.set_webhook(url)
        await bot.start()
        await server.serve()
        await bot.stop()


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--api-url", required=True)
    given.add_argument("--webhook")
    given.add_argument("--port", type=int)
    asked = given.parse_args()
    builder = ApplicationBuilder().token(os.environ["BOT_TOKEN"]).base_url(f"{asked.api_url}/bot")
    bot = (builder.updater(None) if asked.webhook else builder).build()
    bot.add_handlers(handlers())
    if asked.webhook:
        asyncio.run(serve(bot, asked.webhook, asked.port))
    else:
        bot.run_polling()


if __name__ == "__main__":
    main()
