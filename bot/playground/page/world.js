// What the page knows: the server's state, kept up to date by events, and the bot's clock.

import * as server from "./server.js";
import { useZone } from "./dates.js";

export const world = {
  ready: false,
  connected: false,
  time_control: false,
  next_due: null,
  bot: { id: "", name: "", username: "", online: true },
  people: [],
  chats: [],
  messages: {},
  commands: {},
  unread: {},
};

// When the bot speaks next. A moment that has just passed is no step any more: the bot is about to say what comes after.
export const nextDue = () => (world.next_due && new Date(world.next_due) > new Date(now()) ? world.next_due : null);

const listeners = new Set();
export const listen = (listener) => listeners.add(listener);
const tell = (event) => listeners.forEach((listener) => listener(event));

let nowAt = 0; // the bot's time when it was last told…
let toldAt = 0; // …and when that was here
export const now = () => new Date(nowAt + (performance.now() - toldAt)).toISOString();
function setNow(iso) {
  nowAt = new Date(iso).getTime();
  toldAt = performance.now();
}

export const same = (a, b) => String(a) === String(b);
export const isBot = (id) => same(id, world.bot.id);
export const person = (id) => world.people.find((one) => same(one.id, id));
export const chatsOf = (id) => world.chats.filter((chat) => chat.members.some((member) => same(member, id)));
export const messagesOf = (chat) => (world.messages[chat] ??= []);
export const messageOf = (chat, id) => messagesOf(chat).find((message) => same(message.id, id));
export const unreadOf = (who, chat) => world.unread[who]?.[chat] ?? 0;
export const commandsOf = (who, chat) => world.commands[who]?.[chat] ?? [];

function put(message) {
  const list = messagesOf(message.chat);
  const at = list.findIndex((other) => same(other.id, message.id));
  if (at >= 0) list[at] = message;
  else list.push(message);
  return at < 0;
}

function apply(event) {
  switch (event.type) {
    case "message":
      if (!world.chats.some((chat) => same(chat.id, event.message.chat))) return void reload();
      put(event.message);
      break;
    case "edit": case "reaction": put(event.message); break;
    case "delete": world.messages[event.chat] = messagesOf(event.chat).filter((m) => !same(m.id, event.id)); break;
    case "unread": (world.unread[event.person] ??= {})[event.chat] = event.n; break;
    case "time": setNow(event.now); world.next_due = event.next_due; break;
    case "bot": Object.assign(world.bot, { online: event.online }); break;
    case "commands": return void refreshCommands();
    case "reload": return void reload(); // more happened than the server still tells one by one
  }
  tell(event);
}

async function refreshCommands() {
  const state = await server.getState().catch(() => null);
  if (!state) return;
  world.commands = state.commands;
  Object.assign(world.bot, state.bot);
  tell({ type: "commands" });
}

let stop = () => {};
let attempt = 0;

// Loads everything anew and follows from there; when the stream breaks, tries again until it holds.
export async function reload() {
  stop();
  try {
    const state = await server.getState();
    Object.assign(world, state, { ready: true, connected: true });
    useZone(state.zone);
    setNow(state.now);
    attempt = 0;
    stop = server.follow(state.seq, { event: apply, lost });
    tell({ type: "state" });
  } catch {
    lost();
  }
}

function lost() {
  world.connected = false;
  tell({ type: "connection" });
  setTimeout(reload, Math.min(4000, 400 * 2 ** attempt++));
}

export function timeIs({ now: iso, next_due }) {
  if (!iso) return;
  setNow(iso);
  world.next_due = next_due ?? null;
  tell({ type: "time" });
}
