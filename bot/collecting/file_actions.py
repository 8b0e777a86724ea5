"""Files of phrases: noted when they come, settled once, their wordings taken in as a team's own."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.collecting import actions
from bot.collecting.sifting import Incoming
from bot.errors import OutOfDate
from bot.language.fold import fold
from bot.language.speech import _
from bot.shared.database import Statements, Transaction, stored
from bot.shared.text import cut
from bot.teams.person import Person

Q = Statements(__file__)


async def file_sent(tx: Transaction, id: int, by: Person, *, file: str, name: str, now: datetime) -> None:
    """`id` is the update it came in, `file` what Telegram gives it out by. A second time nothing happens."""
    await Q.file_sent(tx, id=id, person_id=by.id, file=file, name=name, now=stored(now))


async def sent_file(tx: Transaction, id: int, by: Person) -> tuple[str, str]:
    """What Telegram gives this person's file out by, and its name. Raises OutOfDate when there is none to settle."""
    row = await Q.sent_file(tx, id=id, person_id=by.id)
    if row is None:
        raise OutOfDate(_("找不到这个文件了，请再发一次。"))
    if row["settled_at"]:
        raise _settled()
    return row["file"], row["name"]


async def settle(tx: Transaction, id: int, by: Person, now: datetime) -> None:
    """It is taken in or put away. Raises OutOfDate when that was done by now."""
    if await Q.settle_file(tx, id=id, person_id=by.id, now=stored(now)) != 1:
        raise _settled()


def _settled() -> OutOfDate:
    return OutOfDate(_("这个文件已经处理过了；要再导入请再发一次。"))


async def known_of(tx: Transaction, person: Person) -> set[str]:
    """The wordings the person's team has, folded."""
    return {fold(own.text).text for own in await actions.of_team(tx, person)}


async def take_in(
    tx: Transaction, incoming: Sequence[Incoming], by: Person, *, file: str, via: str, now: datetime, zone: ZoneInfo
) -> int:
    """Wordings of a team from now on, approved by who sends them; how many are new. A second time nothing is.

    `via` is where the file came in: "chat", or "cli" when somebody else did it in this person's name.
    """
    known = await known_of(tx, by)
    taken = 0
    for one in incoming:
        same = fold(one.text).text
        if same in known:
            continue
        known.add(same)
        since = datetime.combine(one.start, time(), zone) if one.start else now
        until = datetime.combine(one.until + timedelta(days=1), time(), zone) if one.until else None
        await Q.add_taken(
            tx, team_id=by.team_id, who=by.id, situation=one.situation, text=one.text,
            says=json.dumps(one.says, ensure_ascii=False), valid_from=stored(since),
            valid_until=stored(until) if until else None, now=stored(now),
        )  # fmt: skip
        taken += 1
    # For all of them at once: a statement for each would keep the whole bot waiting.
    detail = json.dumps({"version": 1, "file": cut(file, 80), "via": via}, ensure_ascii=False)
    await Q.note_taken(tx, who=by.id, now=stored(now), detail=detail)
    await Q.first_versions(tx)
    return taken
