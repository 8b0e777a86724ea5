// The page as a whole: the bar with the bot's clock, one column per person, tabs when there is room for one.

import { Column, initial } from "./column.js";
import { dayAndClock, soon } from "./dates.js";
import { el, icon } from "./dom.js";
import * as server from "./server.js";
import { nameOfChat, Tour } from "./tour.js";
import { chatsOf, listen, messagesOf, nextDue, now, reload, same, timeIs, world } from "./world.js";

const at = (id) => document.getElementById(id);

const page = {
  columns: new Map(), // person id → Column
  active: null,
  nameOf: nameOfChat,

  activate(id) {
    if (page.active !== null && same(page.active, id)) return;
    page.active = id;
    for (const column of page.columns.values()) column.root.dataset.active = String(same(column.me.id, id));
    drawTabs();
    page.columns.get(String(id))?.read();
  },

  // Draws the eye to those who were told: their column, or for a group its tab.
  point(chats) {
    for (const column of page.columns.values()) {
      column.root.classList.toggle("told", chats.some((chat) => same(chat, column.me.id)));
    }
    drawTabs();
  },
};

// ---- people ----

function addColumn(one) {
  const column = new Column(one, page);
  page.columns.set(String(one.id), column);
  column.root.dataset.active = "false";
  at("columns").append(column.root);
  return column;
}

function drawPeople() {
  for (const one of world.people) {
    const column = page.columns.get(String(one.id));
    if (column) column.refresh();
    else if (!one.guest || messagesOf(one.id).length) addColumn(one);
  }
  if (page.active === null && page.columns.size) page.activate(page.columns.values().next().value.me.id);
  drawTabs();
  drawGuest();
}

function drawTabs() {
  const held = at("people").contains(document.activeElement);
  const list = [...page.columns.values()];
  at("people").replaceChildren(...list.map((column, i) => {
    const chosen = same(column.me.id, page.active);
    return el("button", {
      type: "button", role: "tab", class: column.root.classList.contains("told") ? "person-tab told" : "person-tab", "aria-selected": String(chosen), tabindex: chosen ? 0 : -1,
      "aria-controls": column.root.id, dataset: { person: column.me.id, hue: world.people.findIndex((one) => same(one.id, column.me.id)) % 5 },
      onclick: () => page.activate(column.me.id),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) page.activate(list[(i + step + list.length) % list.length].me.id);
      },
    }, el("span", { class: "avatar", "aria-hidden": "true" }, initial(column.me.name)),
    el("span", { class: "person-tab-name" }, column.me.name),
    column.unread ? el("span", { class: "badge", "aria-label": `未读 ${column.unread} 条` }, String(column.unread)) : null);
  }));
  if (held) at("people").querySelector("[aria-selected=true]")?.focus();
  const unread = list.reduce((sum, column) => sum + column.unread, 0);
  document.title = unread ? `（${unread}）话术 · 试用` : "话术 · 试用";
}

const guest = () => world.people.find((one) => one.guest);

function drawGuest() {
  const one = guest();
  const toggle = at("guest-toggle");
  toggle.hidden = !one;
  const shown = Boolean(one && page.columns.has(String(one.id)));
  toggle.setAttribute("aria-pressed", String(shown));
  toggle.textContent = shown ? "－ 访客" : "＋ 访客";
  toggle.title = shown ? "收起访客" : "再来一个还不在团队里的人，试试邀请";
}

function showGuest(focus = true) {
  const one = guest();
  const column = page.columns.get(String(one.id)) ?? addColumn(one);
  page.activate(one.id);
  column.root.scrollIntoView({ inline: "end", block: "nearest" });
  if (focus) column.composer.field.focus();
  drawTabs();
  drawGuest();
  return column;
}

function hideGuest() {
  const id = String(guest().id);
  page.columns.get(id).root.remove();
  page.columns.delete(id);
  if (same(page.active, id)) page.activate(page.columns.values().next().value.me.id);
  drawTabs();
  drawGuest();
}

// ---- the clock ----

function drawClock() {
  at("clock").hidden = !world.time_control;
  if (!world.ready) return;
  at("bot-time").textContent = dayAndClock(now(), now());
  at("bot-time").setAttribute("datetime", now());
  const next = at("time-next");
  const due = nextDue();
  next.textContent = due ? `到下一个提醒（${soon(due, now())}）` : "到下一个提醒";
  next.disabled = !due;
  next.title = due ? "把时间拨到机器人下次要开口的时候" : "现在没有等着的提醒：先登记一件投诉或记一个承诺";
}

async function step(body, button) {
  button.setAttribute("aria-busy", "true");
  try {
    timeIs(await server.post("time", body));
  } catch (refused) {
    page.columns.get(String(page.active))?.toast(refused.message);
  }
  button.removeAttribute("aria-busy");
}

// ---- strips ----

function drawStrip() {
  const strip = at("offline");
  const words = !world.connected ? "连接断开，正在重连…" : !world.bot.online ? "机器人正在重启，消息已收下，起来后会处理。" : "";
  strip.hidden = !words;
  if (strip.textContent !== words) strip.textContent = words;
}

function drawTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  at("theme").replaceChildren(icon(dark ? "sun" : "moon"));
  at("theme").setAttribute("aria-label", dark ? "切换浅色" : "切换深色");
  at("theme").title = dark ? "浅色" : "深色";
}

// ---- together ----

let first = true;

function arrive() {
  drawPeople();
  if (!first) return;
  first = false;
  tour.welcome();
  const token = new URLSearchParams(location.search).get("start");
  if (token && guest()) {
    history.replaceState(null, "", location.pathname); // a reload must not send it twice
    const column = showGuest();
    column.openChat(chatsOf(column.me.id).find((chat) => chat.kind === "private").id);
    column.act.say(`/start ${token}`);
  } else if (matchMedia("(hover: hover)").matches) {
    page.columns.get(String(page.active))?.composer.field.focus();
  }
}

listen((event) => {
  if (event.type === "state") arrive();
  else if (event.type !== "time" && event.type !== "connection") {
    const forGuest = event.type === "message" && guest() && same(event.message.chat, guest().id);
    if (forGuest && !page.columns.has(String(guest().id))) addColumn(guest());
    for (const column of page.columns.values()) column.hear(event);
  }
  if (event.type === "unread") drawTabs();
  if (event.type === "message" || event.type === "bot") drawGuest();
  if (["state", "connection", "bot"].includes(event.type)) drawStrip();
  if (["state", "time"].includes(event.type)) drawClock();
});

// After the columns, so that what it points at has been drawn.
const tour = new Tour(page);

at("time-plus").addEventListener("click", (event) => step({ minutes: 10 }, event.currentTarget));
at("time-next").addEventListener("click", (event) => step({ to: "next" }, event.currentTarget));
at("time-morning").addEventListener("click", (event) => step({ to: "morning" }, event.currentTarget));
at("guest-toggle").addEventListener("click", () => (page.columns.has(String(guest().id)) ? hideGuest() : showGuest()));
at("theme").addEventListener("click", () => { window.flipTheme(); drawTheme(); });
at("welcome-close").append(icon("close"));
at("tour-close").append(icon("close"));
// Alt+1 to Alt+5 sit down at a person's keyboard.
addEventListener("keydown", (event) => {
  const digit = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit([1-9])$/.exec(event.code);
  const column = digit && [...page.columns.values()][digit[1] - 1];
  if (!column) return;
  event.preventDefault();
  page.activate(column.me.id);
  column.composer.field.focus();
});
document.addEventListener("visibilitychange", () => page.columns.get(String(page.active))?.read());
// A file dropped beside a column must not replace the page.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
setInterval(drawClock, 5000);
drawTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTheme);
reload();
