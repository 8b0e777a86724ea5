"""What leads do when they are told: take it on (by button, by replying 收到, by a reaction), or urge its owner."""

from bot.errors import NotAllowed, OutOfDate
from bot.inbox.turn import Routes, Turn
from bot.language.fold import fold
from bot.language.speech import _, speaking
from bot.outbox import actions as outbox
from bot.promises import actions as promises
from bot.promises import screens, views
from bot.promises.calendars import Calendars
from bot.promises.moments import say_clock
from bot.promises.promise import Promise
from bot.shared.database import Transaction
from bot.shared.message import Message
from bot.shared.text import html
from bot.teams import actions as teams
from bot.teams.person import OWNER

# A button press is lost after 150 s of outage; a reply or a reaction survives a day (Bot API server).
RECEIVED = ("收到", "我来", "我来处理", "接手", "知道了", "处理中")
URGED_ONCE = 600.0  # seconds in which a second press urges nobody again
NODS = ("👌", "👍", "🫡", "❤", "❤️", "🙏", "✅")


class EscalationCommands:
    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    def routes(self) -> Routes:
        return Routes(presses={"e.take": self.take, "e.urge": self.urge})

    async def take(self, turn: Turn) -> None:
        async with turn.save() as tx:
            promise = await self._case(tx, turn, turn.heard.number, turn.heard.int_arg(1))
            word = await self._take(tx, turn, promise)
        await turn.toast(word)

    async def received(self, turn: Turn) -> bool:
        """收到, as a reply to a notice or plainly after it; False when it can't mean one."""
        if fold(turn.heard.text).text.strip("！!。.~ ") not in RECEIVED:
            return False
        if turn.heard.reply_to is not None:
            return await self._acknowledged(turn, turn.heard.reply_to)
        waiting = await self._waiting_for(turn)
        if len(waiting) == 1:
            return await self._acknowledged(turn, waiting[0][1])
        if waiting and all(promise.reported for promise, _message in waiting):
            async with turn.save() as tx:
                for promise, _message in waiting:
                    await self._take(tx, turn, promise)
                await turn.leave_new(tx, Message(text=_("{n} 件新投诉都已收到，不再往上报。").format(n=len(waiting))))
        elif waiting:
            await turn.say(views.which(promise for promise, _message in waiting if not promise.reported))
        return bool(waiting)

    async def _waiting_for(self, turn: Turn) -> list[tuple[Promise, int]]:
        """Promises that this lead was told of and nobody has taken on, each with the newest message that told it."""
        found: dict[tuple[str, bool], tuple[Promise, int]] = {}
        async with turn.database.reading() as tx:
            for row in await outbox.told_lately(tx, chat=turn.heard.chat):
                if not screens.asks_to_take(row["key"]):
                    continue
                promise = await promises.get(tx, int(row["subject"].removeprefix("promise:")))
                current = promise.is_open and promise.version == screens.version_in(row["key"])
                if current and promise.taken_by is None:  # of a case once: taking one clock takes them all
                    found.setdefault((promise.number, promise.reported), (promise, row["message"]))
        return list(found.values())

    async def reacted(self, turn: Turn) -> bool:
        """A nod at a notice; False when it means nothing here."""
        if not any(emoji in NODS for emoji in turn.heard.emojis):
            return False
        return await self._acknowledged(turn, turn.heard.message)

    async def _acknowledged(self, turn: Turn, message: int) -> bool:
        async with turn.database.reading() as tx:
            row = await outbox.told_by(tx, chat=turn.heard.chat, message=message)
        if row is None or not screens.asks_to_take(row["key"]):
            return False
        async with turn.save() as tx:
            number = int(row["subject"].removeprefix("promise:"))
            promise = await self._case(tx, turn, number, screens.version_in(row["key"]))
            word = await self._take(tx, turn, promise)
            await turn.leave_new(tx, Message(text=html(word)))
        return True

    async def urge(self, turn: Turn) -> None:
        """催责任人: its owner hears who asks, now."""
        async with turn.save() as tx:
            promise = await self._case(tx, turn, turn.heard.number, turn.heard.int_arg(1))
            owner = await teams.get(tx, promise.owner_id)
            with speaking(*owner.voice):
                head = _("🔴 {name} 催办：{case}").format(name=html(turn.person.name), case=html(promise.name))
                message = Message(
                    text=head, buttons=views.owners_buttons(promise, await promises.case(tx, promise), told=True)
                )
            key = screens.notice_key(promise, "urge", 0, int(turn.now.timestamp() // URGED_ONCE), owner)
            left = await outbox.leave(
                tx, message, chat=owner.telegram_id, now=turn.now, subject=promise.subject, key=key
            )
            await promises.note(tx, promise, "urged", turn.person, turn.now)
        await turn.toast((_("已催 {name}") if left else _("刚催过 {name}")).format(name=owner.name))

    async def _case(self, tx: Transaction, turn: Turn, id: int, version: int) -> Promise:
        """The open promise that a lead was told of, with the deadline they were told of. Owners of the bot are told of
        any team's when nobody else can be. Raises NotAllowed or OutOfDate."""
        promise = await promises.get(tx, id)
        if not turn.person.leads or (turn.person.team_id != promise.team_id and turn.person.role != OWNER):
            raise NotAllowed(_("这一步要由主管来操作。"))
        if not promise.is_open and promise.reported:
            raise OutOfDate(_("#{number} 已经有人点过“收到”。").format(number=promise.number))
        if not promise.is_open:
            raise OutOfDate(_("#{number} 已经答复过了。").format(number=promise.number))
        if version != promise.version:
            raise OutOfDate(_("#{number} 的时间已经改过，旧通知不用再处理。").format(number=promise.number))
        return promise

    async def _take(self, tx: Transaction, turn: Turn, promise: Promise) -> str:
        """Take it on, show it everywhere, tell its owner; what to say to the one who pressed."""
        if promise.reported:
            return await self._receive(tx, turn, promise)
        if not await promises.take(tx, promise, turn.person, turn.now):
            taken_by = promise.taken_by or 0
            if taken_by == turn.person.id:
                return _("之前已接手，不用再点")
            name = (await teams.get(tx, taken_by)).name
            await screens.show(tx, promise, now=turn.now, zone=self._calendars.of(promise.team_id).zone)
            return _("{name} 已经接手").format(name=name)
        promise = await promises.get(tx, promise.id)
        for clock in await promises.case(tx, promise):
            for kind in (*screens.LADDERS, screens.REPORT):
                await outbox.withdraw(tx, subject=clock.subject, keys=f"{clock.subject}:%:{kind}:%")
        await screens.show(tx, promise, now=turn.now, zone=self._calendars.of(promise.team_id).zone)
        owner = await teams.get(tx, promise.owner_id)
        if owner.id != turn.person.id:
            with speaking(*owner.voice):
                at = say_clock(turn.now, now=turn.now, zone=self._calendars.of(promise.team_id).zone)
                text = _("⚪ {name} {at} 接手：{case}").format(
                    name=html(turn.person.name), at=at, case=html(promise.name)
                )
            await outbox.leave(tx, Message(text=text), chat=owner.telegram_id, now=turn.now, subject=promise.subject)
        return _("已接手，不再往上报")

    async def _receive(self, tx: Transaction, turn: Turn, promise: Promise) -> str:
        """收到: a report was heard; nobody above is told, and the case stays with its owner."""
        await promises.receive(tx, promise, turn.person, turn.now)
        await outbox.withdraw(tx, subject=promise.subject)
        await screens.show(tx, promise, now=turn.now, zone=self._calendars.of(promise.team_id).zone)
        return _("已收到，不再往上报")
