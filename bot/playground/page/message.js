// One message as a bubble: who, quoted, text, file, buttons, reactions, time.

import { el, icon } from "./dom.js";
import { clock } from "./dates.js";
import { rich } from "./text.js";
import { isBot, same, world } from "./world.js";

export const REACTIONS = ["👍", "👌", "🫡", "❤️", "🙏"];

export function gist(message) {
  const text = message.text?.replace(/\s+/g, " ").trim();
  if (text) return text;
  return { photo: "图片", voice: "语音" }[message.file?.kind] ?? message.file?.name ?? "消息";
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

// The server gives absolute paths; the page may be mounted below another one.
const fileUrl = (url) => (url.startsWith("/") ? url.slice(1) : url);

function attachment(file) {
  if (file.kind === "photo") {
    return el("a", { class: "photo", href: fileUrl(file.url), target: "_blank", rel: "noopener" },
      el("img", { src: fileUrl(file.url), alt: file.name || "图片" }));
  }
  return el("a", { class: "file", href: fileUrl(file.url), download: file.name || "", target: "_blank", rel: "noopener" },
    el("span", { class: "file-mark" }, icon("file")),
    el("span", { class: "file-words" },
      el("span", { class: "file-name" }, file.kind === "voice" ? "语音" : file.name || "文件"),
      el("span", { class: "file-size" }, size(file.size))));
}

// Words are kept whole, except where one alone would not fit into a row.
const isLong = (text) => text.split(/\s/).some((word) => word.length > 10);

function keyboard(message, act) {
  return el("div", { class: "keyboard", role: "group", "aria-label": "按钮" }, message.buttons.map((row) =>
    el("div", { class: "keys" }, row.map((button) => {
      const busy = act.isPressed(message, button);
      return el("button", {
        type: "button", class: ["key", button.style, isLong(button.text) && "long"].filter(Boolean).join(" "), dataset: { kind: button.kind, data: button.data ?? "" },
        "aria-busy": busy ? "true" : null, // The second half of a double click would press what has just taken the button's place.
        onclick: (event) => { if (event.detail < 2) act.press(message, button, event.currentTarget); },
      }, el("span", {}, button.text));
    }))));
}

// A reply keyboard: each key says its own words.
function wordKeys(message, act) {
  return el("div", { class: "keyboard", role: "group", "aria-label": "快捷回复" }, message.keyboard.map((row) =>
    el("div", { class: "keys" }, row.map((words) =>
      el("button", { type: "button", class: isLong(words) ? "key long" : "key", dataset: { kind: "words" }, onclick: () => act.say(words) }, el("span", {}, words))))));
}

function reactions(message, me, act) {
  const given = Object.entries(message.reactions ?? {}).filter(([, ids]) => ids.length);
  if (!given.length) return null;
  return el("div", { class: "reactions" }, given.map(([emoji, ids]) => {
    const mine = ids.some((id) => same(id, me.id));
    const names = ids.map((id) => (isBot(id) ? world.bot.name : world.people.find((one) => same(one.id, id))?.name ?? ""));
    return el("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), title: names.join("、"),
      onclick: () => act.react(message, emoji),
    }, emoji, ids.length > 1 ? el("span", {}, String(ids.length)) : null);
  }));
}

const hue = (id) => Math.max(0, world.people.findIndex((one) => same(one.id, id))) % 5;

export function bubble(message, { me, group, follows, act }) {
  const mine = same(message.from, me.id);
  const bot = isBot(message.from);
  const named = group && !mine && !follows;
  const quoted = message.reply_to;
  const text = message.text ?? "";
  const node = el("article", {
    class: ["message", mine && "mine", bot && "from-bot", follows && "follows", message.file?.kind === "photo" && "with-photo",
      (message.buttons?.length || message.keyboard?.length) && "with-keys"].filter(Boolean).join(" "),
    tabindex: -1, dataset: { id: message.id, from: message.from },
    "aria-label": `${mine ? "自己" : message.name} ${clock(message.date)}`,
  },
  el("div", { class: "bubble" },
    named ? el("div", { class: "sender", dataset: { hue: bot ? "bot" : hue(message.from) } }, message.name) : null,
    message.forwarded_from ? el("div", { class: "forwarded" }, `转发自 ${message.forwarded_from}`) : null,
    message.via_bot ? el("div", { class: "forwarded" }, `通过 @${world.bot.username}`) : null,
    quoted ? el("button", { type: "button", class: "quoted-strip", onclick: () => act.goTo(quoted.id) },
      el("span", { class: "quoted-name" }, quoted.name || ""), el("span", { class: "quoted-text" }, quoted.text || "消息")) : null,
    message.file ? attachment(message.file) : null,
    el("div", { class: "text" }, rich(text, message.entities, act),
      el("span", { class: "meta" }, message.edited ? el("span", { class: "edited" }, "已编辑") : null,
        el("time", { datetime: message.date }, clock(message.date))))),
  message.buttons?.length ? keyboard(message, act) : null,
  message.keyboard?.length ? wordKeys(message, act) : null,
  reactions(message, me, act),
  el("div", { class: "actions" },
    el("button", { type: "button", tabindex: -1, class: "icon small", "aria-label": "回复", title: "回复", onclick: () => act.reply(message) }, icon("reply")),
    el("button", {
      type: "button", tabindex: -1, class: "icon small", "aria-label": "表情与更多", title: "表情与更多",
      onclick: (event) => {
        const box = event.currentTarget.getBoundingClientRect();
        act.menu(message, box.left, box.bottom + 4);
      },
    }, icon("more"))));
  swipes(node, () => act.reply(message), (x, y) => act.menu(message, x, y));
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img") || !getSelection().isCollapsed) return;
    event.preventDefault();
    act.menu(message, event.clientX, event.clientY);
  });
  return node;
}

// On a touch screen: pull to the left to reply, hold for the menu.
function swipes(node, reply, menu) {
  let start = null;
  let hold = 0;
  const end = (far) => {
    clearTimeout(hold);
    node.style.translate = "";
    start = null;
    if (far) reply();
  };
  node.addEventListener("touchstart", (event) => {
    const { clientX: x, clientY: y } = event.touches[0];
    start = { x, y, pulled: 0 };
    hold = setTimeout(() => { if (start && !start.pulled) { end(false); menu(x, y); } }, 480);
  }, { passive: true });
  node.addEventListener("touchmove", (event) => {
    if (!start) return;
    const left = start.x - event.touches[0].clientX;
    const along = Math.abs(event.touches[0].clientY - start.y);
    if (along > 12 && !start.pulled) return void end(false);
    if (left > 8) {
      clearTimeout(hold);
      start.pulled = Math.min(left, 72);
      node.style.translate = `${-start.pulled}px 0`;
    }
  }, { passive: true });
  node.addEventListener("touchend", () => end((start?.pulled ?? 0) > 48));
  node.addEventListener("touchcancel", () => end(false));
}
