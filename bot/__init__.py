"""话术: the assistant of customer-service agents and their supervisors, on Telegram.

What happens to a message: `inbox` puts the update on disk and only then tells Telegram it arrived; its door asks `teams`
who is speaking and hands a Turn to the room that listens (`phrases`, `collecting`, `checks`, `complaints`, `promises`,
`escalation`). The room's commands call one of its actions: one transaction that changes rows, closes the update and
leaves what is to be said in `outbox`, in the words of its views. `outbox` delivers. Beside that the clock: `escalation`
sweeps what is due, decides by a pure function who hears what, and leaves that in the outbox too; `collecting` reports
once a week what nobody found. Chinese itself, and the language a person reads, is in `language`; `shared` is what every
room stands on; `app` puts it all together; the `playground` stands in for Telegram. A room imports only from the floors
below it (.importlinter, checked in CI).
"""
