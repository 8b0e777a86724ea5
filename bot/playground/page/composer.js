// Where one person types: text, commands after "/", the bot's inline list after "@", files, replies, edits.

import { el, icon } from "./dom.js";
import { gist } from "./message.js";
import * as server from "./server.js";
import { commandsOf, same, world } from "./world.js";

export class Composer {
  constructor(column) {
    this.column = column;
    this.me = column.me;
    this.drafts = new Map(); // chat id → text
    this.replyTo = null;
    this.editing = null;
    this.files = [];
    this.offer = null; // what the list above the field offers now
    this.listId = `offers-${this.me.id}`;
    this.field = el("textarea", {
      rows: 1, "aria-label": "消息", role: "combobox", "aria-expanded": "false", "aria-controls": this.listId,
      "aria-autocomplete": "list", autocomplete: "off", enterkeyhint: "send",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onpaste: (event) => this.pasted(event),
      onblur: () => setTimeout(() => { if (!this.root.contains(document.activeElement)) this.closeOffer(); }, 120),
    });
    this.list = el("div", { class: "offers", role: "listbox", id: this.listId, "aria-label": "可选", hidden: true,
      onscroll: () => this.scrolledList() });
    this.context = el("div", { class: "context", hidden: true });
    this.shelf = el("div", { class: "shelf", hidden: true });
    this.picker = el("input", { type: "file", multiple: true, hidden: true, onchange: () => {
      this.attach([...this.picker.files]);
      this.picker.value = "";
    } });
    this.menuButton = el("button", { type: "button", class: "icon", "aria-label": "命令菜单", title: "命令菜单", "aria-haspopup": "listbox",
      onmousedown: (event) => event.preventDefault(), onclick: () => this.toggleCommands() }, icon("menu"));
    this.attachButton = el("button", { type: "button", class: "icon", "aria-label": "添加图片或文件", title: "添加图片或文件",
      onclick: () => this.picker.click() }, icon("attach"));
    this.sendButton = el("button", { type: "button", class: "icon send", "aria-label": "发送", title: "发送",
      onmousedown: (event) => event.preventDefault(), onclick: () => this.send() }, icon("send"));
    this.root = el("div", { class: "composer" }, this.list, this.context, this.shelf,
      el("div", { class: "composer-row" }, this.menuButton, el("div", { class: "field" }, this.field, this.attachButton), this.sendButton),
      this.picker);
  }

  get chat() { return this.column.chat; }

  // ---- the field ----

  show(chat, previous) {
    if (previous !== undefined && !this.editing) this.drafts.set(String(previous), this.field.value);
    this.setContext(null, null);
    this.closeOffer();
    this.field.placeholder = chat.kind === "private" ? `发给${world.bot.name}` : `发到${chat.title}`;
    this.setText(this.drafts.get(String(chat.id)) ?? "");
    this.commandsChanged();
  }

  commandsChanged() {
    this.menuButton.hidden = !commandsOf(this.me.id, this.chat.id).length;
  }

  setText(text) {
    this.field.value = text;
    this.grow();
  }

  put(text) {
    this.setText(text);
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.typed();
  }

  grow() {
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
    this.sendButton.disabled = !this.field.value.trim() && !this.files.length;
  }

  typed() {
    this.grow();
    const text = this.field.value;
    const inline = this.inlineQuery(text);
    if (/^\/\w*$/.test(text)) this.offerCommands(text.slice(1).toLowerCase());
    else if (inline !== null) this.askInline(inline);
    else if (/(^|\s)@\w*$/.test(text.slice(0, this.field.selectionStart))) this.offerName();
    else this.closeOffer();
  }

  inlineQuery(text) {
    const head = `@${world.bot.username} `;
    return text.toLowerCase().startsWith(head.toLowerCase()) ? text.slice(head.length) : null;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const listed = this.offer && !this.list.hidden && this.offer.items.length;
    if (listed && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      return this.mark(this.offer.at + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Tab" && listed && !event.shiftKey && this.offer.complete) {
      event.preventDefault();
      return this.offer.complete(this.offer.items[this.offer.at]);
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (listed) return this.offer.choose(this.offer.items[this.offer.at]);
      if (this.offer?.loading) return;
      return void this.send();
    }
    if (event.key === "Escape") {
      if (this.offer) this.closeOffer();
      else if (this.editing || this.replyTo) this.cancel();
      else return;
      event.preventDefault();
    } else if (event.key === "ArrowUp" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.replyFurther(-1);
    } else if (event.key === "ArrowDown" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.replyFurther(1);
    } else if (event.key === "ArrowUp" && !this.field.value && !event.shiftKey && !event.altKey) {
      const last = this.column.messages.findLast((message) => this.column.canEdit(message));
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    }
  }

  async send() {
    const text = this.field.value.trim();
    const { replyTo, editing, files, chat } = this;
    if (!text && !files.length) return;
    this.closeOffer();
    this.files = [];
    this.setContext(null, null);
    this.showShelf();
    this.setText("");
    this.column.scrollDown();
    try {
      if (editing) await server.post("edit", { person: this.me.id, chat: chat.id, id: editing.id, text });
      else if (files.length) {
        for (const [i, file] of files.entries()) {
          const kind = /^image\/(jpeg|png|webp)$/.test(file.type) ? "photo" : "document";
          await server.postFile({ person: this.me.id, chat: chat.id, kind, caption: i ? "" : text, file });
        }
      } else await this.column.say(text, chat, replyTo?.id);
    } catch (refused) {
      this.column.toast(refused.message);
      if (!this.field.value && same(this.chat.id, chat.id)) {
        this.files = files;
        this.showShelf();
        this.setText(text);
        this.setContext(replyTo, editing);
      }
    }
  }

  // ---- replying and editing ----

  reply(message) {
    if (this.editing) this.setText("");
    this.setContext(message, null);
    this.field.focus();
  }

  edit(message) {
    this.setContext(null, message);
    this.setText(message.text);
    this.field.focus();
  }

  cancel() {
    if (this.editing) this.setText("");
    this.setContext(null, null);
    this.field.focus();
  }

  replyFurther(step) {
    const all = this.column.messages;
    if (!all.length) return;
    const at = this.replyTo ? all.findIndex((message) => same(message.id, this.replyTo.id)) : all.length;
    const next = all[at + step];
    if (next) this.reply(next);
    else if (step > 0) this.cancel();
    this.column.goTo(next?.id);
  }

  setContext(replyTo, editing) {
    this.replyTo = replyTo;
    this.editing = editing;
    const message = editing ?? replyTo;
    this.context.hidden = !message;
    if (!message) return void this.context.replaceChildren();
    const head = editing ? "编辑消息" : `回复 ${same(message.from, this.me.id) ? "自己" : message.name}`;
    this.context.replaceChildren(
      el("span", { class: "context-words" }, el("strong", {}, head), el("span", {}, gist(message))),
      el("button", { type: "button", class: "icon small", "aria-label": "取消", title: "取消", onclick: () => this.cancel() }, icon("close")));
  }

  // ---- files ----

  attach(files) {
    this.files.push(...files);
    this.showShelf();
    this.grow();
    this.field.focus();
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  showShelf() {
    for (const image of this.shelf.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.shelf.hidden = !this.files.length;
    this.shelf.replaceChildren(...this.files.map((file) => el("span", { class: "shelved" },
      file.type.startsWith("image/") ? el("img", { src: URL.createObjectURL(file), alt: "" }) : icon("file"),
      el("span", { class: "shelved-name" }, file.name),
      el("button", { type: "button", class: "icon small", "aria-label": `不发 ${file.name}`, onclick: () => {
        this.files = this.files.filter((other) => other !== file);
        this.showShelf();
        this.grow();
      } }, icon("close")))));
  }

  // ---- the list above the field ----

  openOffer(offer) {
    this.offer = { at: 0, ...offer };
    this.drawOffer();
  }

  closeOffer() {
    clearTimeout(this.asking);
    this.offer = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  drawOffer() {
    const { items, draw, label, note } = this.offer;
    this.list.setAttribute("aria-label", label);
    this.list.replaceChildren(
      ...items.map((item, i) => el("div", {
        class: "offer", role: "option", id: `${this.listId}-${i}`,
        onmousedown: (event) => event.preventDefault(), onclick: () => this.offer?.choose(item),
        onmousemove: () => { if (this.offer && this.offer.at !== i) this.mark(i, false); },
      }, draw(item))),
      ...(note ? [el("div", { class: "offer-note", role: "presentation" }, note)] : []));
    this.list.hidden = !items.length && !note;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(this.offer.at, false);
  }

  mark(at, scroll = true) {
    const options = this.list.querySelectorAll("[role=option]");
    if (!options.length) return;
    this.offer.at = (at + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.offer.at)));
    const chosen = options[this.offer.at];
    this.field.setAttribute("aria-activedescendant", chosen.id);
    if (scroll) chosen.scrollIntoView({ block: "nearest" });
  }

  offerCommands(part) {
    const all = commandsOf(this.me.id, this.chat.id);
    const items = all.filter(({ command, description }) => command.startsWith(part) || (part && description.includes(part)));
    if (!items.length) return this.closeOffer();
    this.openOffer({
      items, label: "命令",
      draw: ({ command, description }) => [el("span", { class: "offer-command" }, `/${command}`), el("span", { class: "offer-words" }, description)],
      choose: ({ command }) => { this.setText(`/${command}`); this.send(); },
      complete: ({ command }) => { this.closeOffer(); this.put(`/${command} `); },
    });
  }

  toggleCommands() {
    this.field.focus();
    if (this.offer?.label === "命令") return this.closeOffer();
    this.offerCommands("");
  }

  offerName() {
    const caret = this.field.selectionStart;
    const part = /@(\w*)$/.exec(this.field.value.slice(0, caret))[1].toLowerCase();
    const name = world.bot.username.toLowerCase();
    if (!name.startsWith(part) || name === part) return this.closeOffer(); // written in full, Enter sends
    const complete = () => {
      const head = this.field.value.slice(0, caret).replace(/@\w*$/, `@${world.bot.username} `);
      this.put(head + this.field.value.slice(caret));
    };
    this.openOffer({
      items: [world.bot], label: "提到谁", choose: complete, complete,
      draw: (bot) => [el("span", { class: "offer-command" }, `@${bot.username}`), el("span", { class: "offer-words" }, "接着打字，就地找话术")],
    });
  }

  // ---- inline ----

  askInline(query) {
    clearTimeout(this.asking);
    const chat = this.chat;
    if (this.offer?.label !== "话术") this.openOffer({ label: "话术", items: [], loading: true, note: "正在找…", draw: () => [] });
    else this.offer.loading = true;
    this.asking = setTimeout(async () => {
      const still = () => this.offer?.label === "话术" && this.inlineQuery(this.field.value) === query && same(this.chat.id, chat.id);
      try {
        const found = await server.post("inline", { person: this.me.id, chat: chat.id, query, offset: "" });
        if (still()) this.showInline(query, found);
      } catch (refused) {
        if (still()) this.openOffer({ label: "话术", items: [], draw: () => [], note: refused.message });
      }
    }, 180);
  }

  showInline(query, found, before = []) {
    const results = found.results.map((result) => ({ ...result, query_id: found.query_id }));
    const items = [...before, ...results];
    this.openOffer({
      label: "话术", items, query, next: found.next_offset || null, at: before.length ? this.offer.at : 0,
      note: items.length ? null : found.button?.text ?? "没有找到，换个说法试试",
      draw: ({ title, description, text }) => [el("span", { class: "offer-title" }, title), el("span", { class: "offer-text" }, description || text)],
      choose: (item) => this.chooseInline(item),
    });
  }

  async scrolledList() {
    const { offer, list } = this;
    if (!offer?.next || offer.more || list.scrollTop + list.clientHeight < list.scrollHeight - 40) return;
    offer.more = true;
    const found = await server.post("inline", { person: this.me.id, chat: this.chat.id, query: offer.query, offset: offer.next }).catch(() => null);
    if (!found || this.offer !== offer) return;
    const top = list.scrollTop;
    this.showInline(offer.query, found, offer.items);
    list.scrollTop = top;
  }

  async chooseInline({ query_id, id }) {
    const before = this.field.value;
    const chat = this.chat;
    this.closeOffer();
    this.setText("");
    this.column.scrollDown();
    try {
      await server.post("choose", { person: this.me.id, chat: chat.id, query_id, result_id: id });
    } catch (refused) {
      this.column.toast(refused.message);
      if (!this.field.value) this.setText(before);
    }
  }
}
