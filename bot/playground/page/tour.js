// The welcome card, its three things to try, and the walk through an escalation, one line at a time.

import { clock, soon } from "./dates.js";
import { recall, remember } from "./dom.js";
import * as server from "./server.js";
import { isBot, listen, nextDue, now, person, same, timeIs, world } from "./world.js";

const at = (id) => document.getElementById(id);
export const COMPLAINT = "/complaint 张先生 13800138000 3栋电梯又坏了，答应明天下午3点前答复";
export const QUESTION = "客户等了很久";

export class Tour {
  constructor(page) {
    this.page = page;
    this.heard = new Set(); // names of those who were told since the last step
    this.on = false;
    at("help").addEventListener("click", () => { at("welcome").hidden = !at("welcome").hidden; });
    at("welcome-close").addEventListener("click", () => this.dismiss());
    at("try-phrase").addEventListener("click", () => this.say(QUESTION));
    at("try-complaint").addEventListener("click", () => this.complain());
    at("try-escalation").addEventListener("click", () => this.start());
    at("tour-close").addEventListener("click", () => this.stop());
    at("tour-go").addEventListener("click", () => this.go());
    listen((event) => this.hear(event));
  }

  welcome() {
    const said = Object.values(world.messages).flat().some((message) => !isBot(message.from) && !message.text.startsWith("/start"));
    if (said) return;
    if (!recall("huashu-welcomed")) at("welcome").hidden = false;
    // The greetings are no news: marks are for what comes from now on.
    for (const chat of world.chats) {
      const last = world.messages[chat.id]?.at(-1);
      const who = last && chat.members.filter((id) => world.unread[id]?.[chat.id]);
      for (const id of who ?? []) server.post("read", { person: id, chat: chat.id, id: last.id }).catch(() => {});
    }
  }

  dismiss() {
    at("welcome").hidden = true;
    remember("huashu-welcomed", "yes");
  }

  agent() { return this.page.columns.get(String(world.people.find((one) => !one.guest).id)); }

  async say(text) {
    const column = this.agent();
    this.page.activate(column.me.id);
    column.openChat(world.chats.find((chat) => chat.kind === "private" && same(chat.id, column.me.id)).id);
    await column.say(text).catch((refused) => column.toast(refused.message));
  }

  async complain() {
    this.pointing = true;
    await this.say(COMPLAINT);
  }

  // ---- the walk ----

  start() {
    if (!world.time_control) return void this.dismiss();
    this.on = true;
    this.stepped = false;
    this.asked = false;
    this.outcome = "";
    this.heard.clear();
    this.dismiss();
    this.draw();
  }

  stop() {
    this.on = false;
    at("tour").hidden = true;
    this.page.point([]);
  }

  draw() {
    at("tour").hidden = !this.on;
    if (!this.on) return;
    const go = at("tour-go");
    const due = nextDue();
    const when = due && soon(due, now());
    if (due) go.textContent = `到下一个提醒（${when}）`;
    else if (this.stepped) go.textContent = "结束";
    else go.textContent = `替${this.agent().me.name}写一件`;
    go.hidden = !due && (Boolean(world.next_due) || (this.asked && !this.stepped));
    const line = this.line(due, when);
    if (at("tour-line").textContent !== line) at("tour-line").textContent = line; // said aloud once, not at every tick
  }

  line(due, when) {
    const agent = this.agent().me;
    if (!this.stepped) {
      if (due) return `承诺已在计时。先不答复，把时间拨到 ${when}，看谁会听到。`;
      if (this.asked) return `在${agent.name}那里核对后点“登记”，承诺就开始计时。`;
      return "还没有承诺。先登记一件投诉，才有到期和升级可看。";
    }
    if (this.outcome) return this.outcome;
    const told = [...this.heard].filter((id) => !same(id, agent.id));
    const names = (told.length ? told : [...this.heard]).map((id) => this.page.nameOf(id)).join("、");
    const time = clock(this.at);
    if (!names) return world.next_due ? `${time} 到了，等机器人开口…` : "没有更多提醒了。";
    if (!world.next_due) return `${time} 看 ${names}。链条走完了，没有更多提醒。`;
    if (!told.length) return `${time} 看 ${names}：收到提醒。先不答复，再拨一次。`;
    return `${time} 看 ${names}：超时报上来了。点“我来处理”或“收到”就停，不点就再拨一次。`;
  }

  async go() {
    if (nextDue()) {
      this.stepped = true;
      this.at = nextDue();
      this.outcome = "";
      this.heard.clear();
      this.page.point([]);
      try {
        timeIs(await server.post("time", { to: "next" }));
      } catch (refused) {
        this.agent().toast(refused.message);
      }
    } else if (this.stepped) {
      this.stop();
    } else {
      this.asked = true;
      await this.complain();
    }
    this.draw();
  }

  hear(event) {
    if (event.type === "message" && isBot(event.message.from)) {
      const { message } = event;
      const register = message.buttons?.flat().some((button) => button.text.includes("登记"));
      if (this.pointing && register && same(message.chat, this.agent().me.id)) {
        const key = message.buttons.flat().find((button) => button.text.includes("登记")).text;
        this.pointing = !this.agent().hold(key, "核对无误就点“登记”，承诺从这时起算。");
      }
      if (this.on && this.stepped) {
        this.heard.add(String(message.chat));
        this.page.point([...this.heard]);
      }
    }
    // A press in the middle of the walk is what the escalation is for: say what it did.
    if (event.type === "edit" && this.on && this.stepped && isBot(event.message.from)) {
      const [first] = event.message.text.split("\n");
      const name = this.page.nameOf(event.message.chat);
      if (first.startsWith("⚪")) this.outcome = `${name}那里看得到：有人接手，升级停了。到时仍没答复，会再提醒。`;
      else if (first.startsWith("✅")) this.outcome = "了结了：各人手里的通知都变成 ✅，不再提醒。";
    }
    if (event.type === "time" && world.next_due) this.asked = false;
    if (["message", "edit", "time", "state"].includes(event.type)) this.draw();
  }
}

export const nameOfChat = (id) => person(id)?.name ?? world.chats.find((chat) => same(chat.id, id))?.title ?? "";
