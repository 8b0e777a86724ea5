// Times as the bot's zone reads them.

const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
let zone = "Asia/Shanghai";
let formatter = null;

export function useZone(name) {
  zone = name || zone;
  formatter = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
}

function parts(iso) {
  if (!formatter) useZone(zone);
  const found = {};
  for (const { type, value } of formatter.formatToParts(new Date(iso))) found[type] = value;
  const weekday = WEEKDAYS[new Date(Date.UTC(+found.year, found.month - 1, +found.day)).getUTCDay()];
  return { ...found, weekday, key: `${found.year}-${found.month}-${found.day}`, clock: `${found.hour}:${found.minute}` };
}

export const dayKey = (iso) => parts(iso).key;
export const clock = (iso) => parts(iso).clock;

export function day(iso, now) {
  const there = parts(iso);
  const year = now && parts(now).year !== there.year ? `${there.year}年` : "";
  return `${year}${+there.month}月${+there.day}日（${there.weekday}）`;
}

export const dayAndClock = (iso, now) => `${day(iso, now)}${clock(iso)}`;

// 15:00 today, 明天 09:30, else the date: for the button that steps to the next reminder.
export function soon(iso, now) {
  const there = parts(iso);
  if (there.key === parts(now).key) return there.clock;
  const tomorrow = new Date(new Date(now).getTime() + 86_400_000).toISOString();
  if (there.key === parts(tomorrow).key) return `明天 ${there.clock}`;
  return `${+there.month}月${+there.day}日 ${there.clock}`;
}
