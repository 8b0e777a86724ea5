// The welcome card, its three things to try, and the walk through an escalation, one line at a time.

import { clock, soon } from "./dates.js";
import { recall, remember } from "./dom.js";
import * as server from "./server.js";
import { isBot, listen, now, person, same, timeIs, world } from "./world.js";

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
    if (!said && !recall("huashu-welcomed")) at("welcome").hidden = false;
  }

  dismiss() {
    at("welcome").hidden = true;
    remember("huashu-welcomed", "yes");
  }

  agent() { return this.page.columns.get(String(world.people.find((one) => !one.guest).id)); }

  async say(text) {
    this.dismiss();
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
    const line = at("tour-line");
    const names = [...this.heard].map((one) => this.page.nameOf(one));
    go.hidden = false;
    if (world.next_due) {
      const when = soon(world.next_due, now());
      go.textContent = `到下一个提醒（${when}）`;
      if (!this.stepped) line.textContent = `已有承诺在走。先不回应，把时间拨到 ${when}，看谁会听到。`;
      else if (names.length) line.textContent = `${clock(now())} 看 ${names.join("、")}。还是不回应，再拨一次。`;
      else line.textContent = `${clock(now())} 到了，等机器人开口…`;
    } else if (this.stepped) {
      go.textContent = "结束";
      line.textContent = names.length ? `${clock(now())} 看 ${names.join("、")}。链条走完了。` : "没有更多提醒了。";
    } else if (this.asked) {
      go.hidden = true;
      line.textContent = `在${this.agent().me.name}那里核对后点“登记”，承诺就开始计时。`;
    } else {
      go.textContent = `替${this.agent().me.name}写一件`;
      line.textContent = "还没有承诺。先登记一件投诉，才有到期和升级可看。";
    }
  }

  async go() {
    if (world.next_due) {
      this.stepped = true;
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
    if (event.type === "time" && world.next_due) this.asked = false;
    if (["message", "time", "state"].includes(event.type)) this.draw();
  }
}

export const nameOfChat = (id) => person(id)?.name ?? world.chats.find((chat) => same(chat.id, id))?.title ?? "";
