// One person's column: who it is, which of their chats is open, its messages, and where they type.

import { Composer } from "./composer.js";
import { day, dayKey } from "./dates.js";
import { copy, el, popup } from "./dom.js";
import { bubble, gist, REACTIONS } from "./message.js";
import * as server from "./server.js";
import { chatsOf, isBot, messageOf, messagesOf, now, same, unreadOf, world } from "./world.js";

const NEAR = 56; // this close to the end counts as reading along
const GROUPING = 5 * 60_000;

// 客服小李 → 李, 陈主管 → 陈
export const initial = (name) => /[小老阿](.)/u.exec(name)?.[1] ?? [...name][0] ?? "";

const badge = (n, label) => (n ? el("span", { class: "badge", "aria-label": `${label ?? "未读"} ${n} 条` }, n > 99 ? "99+" : String(n)) : null);

export class Column {
  constructor(me, { activate }) {
    this.me = me;
    this.chat = chatsOf(me.id)[0];
    this.pinned = true;
    this.top = 0;
    this.pressed = new Map(); // the button pressed → the query it waits for
    this.answered = new Set(); // answers that came before their query's number
    this.typing = new Map(); // chat → when to stop showing it
    this.readSent = "";
    this.news = 0;

    this.mark = el("span", { class: "header-badge" });
    this.status = el("p", { class: "person-title" });
    this.switch = el("div", { class: "switch", role: "tablist", "aria-label": `${me.name}的聊天` });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: -1 });
    this.scroll = el("div", { class: "scroll", onscroll: () => this.scrolled() }, this.log);
    this.pill = el("button", { type: "button", class: "pill", hidden: true, onclick: () => this.scrollDown() }, "↓ 新消息");
    this.toasts = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.drop = el("div", { class: "drop", hidden: true });
    this.composer = new Composer(this);
    this.root = el("section", { class: "column", id: `person-${me.id}`, role: "region", "aria-label": me.name, dataset: { person: me.id } },
      el("header", { class: "person" },
        el("span", { class: "avatar", "aria-hidden": "true", dataset: { hue: Math.max(0, world.people.indexOf(me)) % 5 } }, initial(me.name)),
        el("div", { class: "person-words" }, el("h2", {}, me.name), this.status), this.mark),
      this.switch,
      el("div", { class: "talk" }, this.scroll, this.pill, this.toasts, this.drop),
      this.composer.root);

    for (const kind of ["pointerdown", "focusin", "wheel"]) {
      this.root.addEventListener(kind, () => activate(me.id), { passive: true });
    }
    this.log.addEventListener("keydown", (event) => this.walk(event));
    this.takeDrops();
    new ResizeObserver(() => {
      this.composer.grow();
      if (this.pinned) this.toEnd();
    }).observe(this.scroll);
    new ResizeObserver(() => { if (this.pinned) this.toEnd(); }).observe(this.log);
    this.act = {
      copy: (text, node) => this.copyFrom(text, node),
      open: (url) => this.open(url),
      say: (text) => this.say(text).catch((refused) => this.toast(refused.message)),
      press: (message, button, node) => this.press(message, button, node),
      isPressed: (message, button) => this.pressed.has(this.pressKey(message, button)),
      react: (message, emoji) => this.react(message, emoji),
      reply: (message) => this.composer.reply(message),
      menu: (message, x, y) => this.menu(message, x, y),
      goTo: (id) => this.goTo(id),
    };
    if (this.chat) this.openChat(this.chat.id);
  }

  get messages() { return messagesOf(this.chat.id); }
  get active() { return this.root.dataset.active === "true"; }

  // ---- which chat ----

  openChat(id) {
    const previous = this.shown;
    this.chat = chatsOf(this.me.id).find((chat) => same(chat.id, id)) ?? this.chat;
    this.root.dataset.chat = this.chat.id;
    this.composer.show(this.chat, previous);
    this.shown = this.chat.id;
    this.drawMessages();
    this.drawSwitch();
    this.read();
  }

  refresh() {
    const chats = chatsOf(this.me.id);
    this.chat = chats.find((chat) => same(chat.id, this.chat?.id)) ?? chats[0];
    this.composer.commandsChanged();
    const { pinned } = this;
    const top = this.scroll.scrollTop;
    this.drawMessages();
    if (!pinned) this.scroll.scrollTop = top;
    this.drawSwitch();
    this.read();
  }

  chatName(chat) { return chat.kind === "private" ? world.bot.name : chat.title; }

  drawSwitch() {
    const chats = chatsOf(this.me.id);
    const held = this.switch.contains(document.activeElement);
    this.switch.replaceChildren(...chats.map((chat) => {
      const chosen = same(chat.id, this.chat.id);
      return el("button", {
        type: "button", role: "tab", class: "switch-tab", "aria-selected": String(chosen), tabindex: chosen ? 0 : -1,
        dataset: { chat: chat.id }, onclick: () => this.openChat(chat.id),
        onkeydown: (event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          const at = chats.indexOf(chat) + (event.key === "ArrowRight" ? 1 : -1);
          this.openChat(chats[(at + chats.length) % chats.length].id);
          this.switch.querySelector("[aria-selected=true]").focus();
        },
      }, el("span", {}, this.chatName(chat)), badge(unreadOf(this.me.id, chat.id)));
    }));
    if (held) this.switch.querySelector("[aria-selected=true]")?.focus();
    this.log.setAttribute("aria-label", `${this.me.name}与${this.chatName(this.chat)}的对话`);
    this.mark.replaceChildren(badge(this.unread) ?? "");
    this.drawStatus();
  }

  get unread() { return chatsOf(this.me.id).reduce((sum, chat) => sum + unreadOf(this.me.id, chat.id), 0); }

  drawStatus() {
    const typing = (this.typing.get(String(this.chat.id)) ?? 0) > Date.now();
    this.status.textContent = typing ? `${world.bot.name}正在输入…` : this.me.title;
    this.status.classList.toggle("typing", typing);
  }

  // ---- its messages ----

  drawMessages() {
    this.news = 0;
    this.pill.hidden = true;
    this.lastDay = null;
    this.previous = null;
    this.log.replaceChildren();
    if (!this.messages.length) this.log.append(this.hint());
    for (const message of this.messages) this.append(message);
    this.pinned = true;
    this.toEnd();
  }

  hint() {
    let words = "直接打一句客户的情况，就会有话术。\n打 / 看能做的事。";
    if (this.chat.kind === "group") words = "团队的群。\n看板和升级会发在这里。";
    else if (this.me.guest) words = "还不是团队的人。\n拿到邀请链接，点开就能加入。";
    else if (/主管|经理|总/.test(this.me.title)) words = "下属的承诺超时没人管，会升级到这里。\n打 / 看能做的事。";
    return el("p", { class: "hint" }, words);
  }

  append(message) {
    this.log.querySelector(".hint")?.remove();
    const key = dayKey(message.date);
    if (key !== this.lastDay) {
      this.log.append(el("div", { class: "day", role: "separator", "aria-label": day(message.date, now()) }, el("span", {}, day(message.date, now()))));
      this.previous = null;
    }
    const before = this.previous;
    const follows = before && same(before.from, message.from) && new Date(message.date) - new Date(before.date) < GROUPING;
    const node = bubble(message, { me: this.me, group: this.chat.kind === "group", follows, act: this.act });
    this.log.append(node);
    this.lastDay = key;
    this.previous = message;
    return node;
  }

  node(id) { return this.log.querySelector(`.message[data-id="${CSS.escape(String(id))}"]`); }

  redraw(message, changed) {
    const old = this.node(message.id);
    if (!old) return;
    const held = old.contains(document.activeElement);
    const node = bubble(message, { me: this.me, group: this.chat.kind === "group", follows: old.classList.contains("follows"), act: this.act });
    if (changed) node.classList.add("changed");
    old.replaceWith(node);
    if (held) node.focus({ preventScroll: true });
  }

  hear(event) {
    const here = (chat) => this.chat && same(chat, this.chat.id);
    switch (event.type) {
      case "message": {
        const { message } = event;
        if (isBot(message.from)) this.typing.delete(String(message.chat));
        if (!here(message.chat)) return;
        const mine = same(message.from, this.me.id);
        if (mine) this.pinned = true;
        if (!this.node(message.id)) this.append(message).classList.add("arrives");
        if (this.pinned) this.toEnd();
        else {
          this.news += 1;
          this.pill.hidden = false;
          this.pill.textContent = this.news > 1 ? `↓ ${this.news} 条新消息` : "↓ 新消息";
        }
        this.drawTyping();
        break;
      }
      case "edit":
        if (!here(event.message.chat)) return;
        this.forget(event.message);
        this.redraw(event.message, true);
        if (this.composer.editing && same(this.composer.editing.id, event.message.id)) this.composer.cancel();
        break;
      case "reaction": if (here(event.message.chat)) this.redraw(event.message, false); break;
      case "delete": if (here(event.chat)) this.drawMessages(); break;
      case "answer": if (same(event.person, this.me.id)) this.hearAnswer(event); break;
      case "typing":
        this.typing.set(String(event.chat), Date.now() + 5000);
        this.drawTyping();
        setTimeout(() => this.drawTyping(), 5050);
        break;
      case "unread":
        if (!same(event.person, this.me.id)) return;
        this.drawSwitch();
        this.read();
        break;
      case "commands": this.composer.commandsChanged(); break;
    }
  }

  drawTyping() {
    this.drawStatus();
    const typing = (this.typing.get(String(this.chat.id)) ?? 0) > Date.now();
    const dots = this.log.querySelector(".dots");
    if (typing && dots) return void this.log.append(dots);
    if (!typing) return void dots?.remove();
    this.log.append(el("div", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
    if (this.pinned) this.toEnd();
  }

  // ---- scrolling and reading ----

  toEnd() { this.scroll.scrollTop = this.scroll.scrollHeight; }

  scrollDown() {
    this.pinned = true;
    this.news = 0;
    this.pill.hidden = true;
    this.toEnd();
    this.read();
  }

  scrolled() {
    const { scrollTop: top, scrollHeight, clientHeight } = this.scroll;
    const up = top < this.top; // only a person scrolls up; a picture that loads only makes the rest longer
    this.top = top;
    if (scrollHeight - top - clientHeight < NEAR) this.pinned = true;
    else if (up) this.pinned = false;
    if (!this.pinned) return;
    this.news = 0;
    this.pill.hidden = true;
    this.read();
  }

  // Read is what is on the screen of the person being played; the others keep their marks.
  read() {
    if (!this.active || !this.pinned || document.hidden || !this.chat || !unreadOf(this.me.id, this.chat.id)) return;
    const last = this.messages.at(-1);
    const what = last && `${this.chat.id}:${last.id}:${unreadOf(this.me.id, this.chat.id)}`;
    if (!last || what === this.readSent) return;
    this.readSent = what;
    server.post("read", { person: this.me.id, chat: this.chat.id, id: last.id }).catch(() => { this.readSent = ""; });
  }

  goTo(id) {
    const node = id !== undefined && this.node(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.remove("changed");
    requestAnimationFrame(() => node.classList.add("changed"));
  }

  // Arrows walk the messages; Enter opens what can be done with one.
  walk(event) {
    const node = event.target.closest?.(".message");
    if (!node || event.target !== node) return;
    const all = [...this.log.querySelectorAll(".message")];
    const message = messageOf(this.chat.id, node.dataset.id);
    const act = {
      ArrowUp: () => all[Math.max(0, all.indexOf(node) - 1)].focus(),
      ArrowDown: () => (all[all.indexOf(node) + 1] ?? this.composer.field).focus(),
      Enter: () => { const box = node.getBoundingClientRect(); this.menu(message, box.left + 24, box.top + 24); },
      r: () => this.composer.reply(message),
      Escape: () => this.composer.field.focus(),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  // ---- what a person does ----

  async say(text, chat = this.chat, replyTo = null) {
    const body = { person: this.me.id, chat: chat.id, text };
    if (replyTo) body.reply_to = replyTo;
    return server.post("say", body);
  }

  canEdit(message) { return same(message.from, this.me.id) && !message.via_bot && !message.forwarded_from && message.text && !message.file; }

  pressKey(message, button) { return `${message.chat}:${message.id}:${button.data}`; }

  async press(message, button, node) {
    switch (button.kind) {
      case "copy": return this.copyFrom(button.copy, node);
      case "url": return this.open(button.url);
      case "inline": case "inline_here": return this.composer.put(`@${world.bot.username} ${button.query ?? ""}`);
      case "callback": break;
      default: return this.toast("这个按钮要在 Telegram 里用。");
    }
    const key = this.pressKey(message, button);
    if (this.pressed.has(key)) return;
    this.pressed.set(key, null);
    node.setAttribute("aria-busy", "true");
    try {
      const { query } = await server.post("press", { person: this.me.id, chat: message.chat, id: message.id, data: button.data });
      if (this.answered.delete(String(query))) return void this.release(key);
      if (!this.pressed.has(key)) return;
      this.pressed.set(key, String(query));
      setTimeout(() => {
        if (this.pressed.get(key) === String(query)) this.release(key);
      }, 20_000);
    } catch (refused) {
      this.release(key);
      this.toast(refused.message);
    }
  }

  release(key) {
    this.pressed.delete(key);
    const [, id] = key.split(":");
    for (const busy of this.node(id)?.querySelectorAll(".key[aria-busy]") ?? []) busy.removeAttribute("aria-busy");
  }

  // A message that changed has had its answer, even when the answer itself comes a moment later.
  forget(message) {
    for (const key of [...this.pressed.keys()]) if (key.startsWith(`${message.chat}:${message.id}:`)) this.pressed.delete(key);
  }

  hearAnswer({ text, alert, query, url }) {
    const waiting = [...this.pressed].find(([, one]) => one === String(query));
    if (waiting) this.release(waiting[0]);
    else this.answered.add(String(query));
    if (url) this.open(url);
    if (!text) return;
    if (alert) this.alert(text);
    else this.toast(text);
  }

  async react(message, emoji) {
    const mine = message.reactions?.[emoji]?.some((id) => same(id, this.me.id));
    await server.post("react", { person: this.me.id, chat: message.chat, id: message.id, emoji: mine ? null : emoji })
      .catch((refused) => this.toast(refused.message));
  }

  async copyFrom(text, node) {
    const done = await copy(text);
    this.toast(done ? "已复制" : "浏览器不让复制，请手动选中。");
    const label = node?.querySelector?.(".pre-copy");
    if (!label || !done) return;
    label.textContent = "已复制";
    setTimeout(() => { label.textContent = "复制"; }, 1600);
  }

  // Links to the bot itself stay in the page: pressing one is what it would be in Telegram.
  open(href) {
    let url;
    try { url = new URL(href); } catch { return; }
    const name = /^(www\.)?(t|telegram)\.me$/.test(url.hostname) ? url.pathname.split("/")[1] : url.protocol === "tg:" ? url.searchParams.get("domain") : null;
    if (name?.toLowerCase() === world.bot.username.toLowerCase()) {
      const own = chatsOf(this.me.id).find((chat) => chat.kind === "private");
      this.openChat(own.id);
      const token = url.searchParams.get("start");
      if (token !== null) this.say(`/start ${token}`.trim(), own).catch((refused) => this.toast(refused.message));
      return;
    }
    if (["http:", "https:", "mailto:", "tel:"].includes(url.protocol)) window.open(url.href, "_blank", "noopener");
    else this.toast("这个链接要在 Telegram 里打开。");
  }

  menu(message, x, y) {
    const mine = REACTIONS.filter((emoji) => message.reactions?.[emoji]?.some((id) => same(id, this.me.id)));
    const items = [{ text: "回复", act: () => this.composer.reply(message) }];
    if (message.text) items.push({ text: "复制文字", act: () => this.copyFrom(message.text) });
    for (const chat of chatsOf(this.me.id).filter((other) => !same(other.id, message.chat))) {
      items.push({ text: `转发到${this.chatName(chat)}`, act: () => this.forward(message, chat) });
    }
    if (this.canEdit(message)) items.push({ text: "编辑", act: () => this.composer.edit(message) });
    popup(x, y, `对“${gist(message).slice(0, 20)}”`, [
      { across: true, items: REACTIONS.map((emoji) => ({ text: emoji, label: `回应 ${emoji}`, chosen: mine.includes(emoji), act: () => this.react(message, emoji) })) },
      { items },
    ]);
  }

  async forward(message, chat) {
    try {
      await server.post("forward", { person: this.me.id, from_chat: message.chat, id: message.id, chat: chat.id });
      this.openChat(chat.id);
    } catch (refused) {
      this.toast(refused.message);
    }
  }

  takeDrops() {
    const withFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    this.root.addEventListener("dragover", (event) => {
      if (!withFiles(event)) return;
      event.preventDefault();
      this.drop.textContent = `松手，放进给${this.chatName(this.chat)}的消息`;
      this.drop.hidden = false;
    });
    this.root.addEventListener("dragleave", (event) => { if (!this.root.contains(event.relatedTarget)) this.drop.hidden = true; });
    this.root.addEventListener("drop", (event) => {
      this.drop.hidden = true;
      if (!withFiles(event)) return;
      event.preventDefault();
      this.composer.attach([...event.dataTransfer.files]);
    });
  }

  // ---- short words to this person ----

  toast(text) {
    const node = el("div", { class: "toast" }, text);
    this.toasts.replaceChildren(node);
    setTimeout(() => node.remove(), Math.max(2600, text.length * 130));
  }

  alert(text) {
    const before = document.activeElement;
    const close = () => { box.remove(); before?.focus?.(); };
    const ok = el("button", { type: "button", class: "chip strong", onclick: close }, "知道了");
    const box = el("div", { class: "alert", onkeydown: (event) => { if (event.key === "Escape") close(); } },
      el("div", { class: "alert-box", role: "alertdialog", "aria-label": world.bot.name, "aria-modal": "true" }, el("p", {}, text), ok));
    this.root.append(box);
    ok.focus();
  }

  hold(key, text) {
    const keys = [...this.log.querySelectorAll(".key")].filter((one) => one.textContent === key);
    const node = keys.at(-1);
    if (!node) return false;
    node.classList.add("pointed");
    this.toast(text);
    this.scrollDown();
    return true;
  }
}

