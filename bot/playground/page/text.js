// A message's text with its entities as nodes. Offsets are UTF-16, as in JavaScript strings.

import { el } from "./dom.js";

// Addresses, commands, and case numbers, which are never broken over two lines.
const FOUND = /#\d{4}-\d{2,}|https?:\/\/[^\s<>"'，。；！？、（）【】《》“”]+|(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?![\w/])/g;

function safe(url) {
  try {
    const parsed = new URL(url.includes("://") || /^(mailto|tel):/.test(url) ? url : `https://${url}`);
    return ["http:", "https:", "mailto:", "tel:", "tg:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function link(url, children, act) {
  const href = safe(url);
  if (!href) return children;
  return el("a", {
    href, target: "_blank", rel: "noopener noreferrer",
    onclick: (event) => { event.preventDefault(); act.open(href); },
  }, children);
}

const command = (word, children, act) =>
  el("button", { type: "button", class: "command", onclick: () => act.say(word) }, children);

function plain(text, act) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(FOUND)) {
    if (match.index > at) nodes.push(text.slice(at, match.index));
    if (match[0].startsWith("#")) nodes.push(el("span", { class: "number" }, match[0]));
    else nodes.push(match[0].startsWith("/") ? command(match[0], match[0], act) : link(match[0], match[0], act));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

// Copies on click or Enter; a drag that selects a part of the text is left alone.
function copies(node, text, act) {
  const go = () => { if (getSelection().isCollapsed) act.copy(text, node); };
  node.addEventListener("click", go);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act.copy(text, node);
  });
  return node;
}

// What is to be copied as it stands: a block of its own, across the bubble.
function block(text, act, program = false) {
  return copies(el("div", { class: "pre", role: "button", tabindex: 0, "aria-label": `复制：${text}` },
    el("pre", { class: program ? "program" : null }, text), el("span", { class: "pre-copy" }, "复制")), text, act);
}

const hasOwnLine = (text, start, end) => (!start || text[start - 1] === "\n") && (end === text.length || text[end] === "\n");

function quote(children, folds) {
  const quoted = el("blockquote", { class: folds ? "folds folded" : null }, el("div", { class: "quoted" }, children));
  if (!folds) return quoted;
  const toggle = el("button", { type: "button", class: "fold", "aria-expanded": "false" }, "展开");
  toggle.addEventListener("click", () => {
    const folded = quoted.classList.toggle("folded");
    toggle.textContent = folded ? "展开" : "收起";
    toggle.setAttribute("aria-expanded", String(!folded));
  });
  quoted.append(toggle);
  return quoted;
}

function spoiler(children) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": "点开遮住的内容" }, children);
  const show = () => {
    node.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") show(); });
  return node;
}

function wrap(entity, text, children, act) {
  switch (entity.type) {
    case "bold": return el("strong", {}, children);
    case "italic": return el("em", {}, children);
    case "underline": return el("u", {}, children);
    case "strikethrough": return el("s", {}, children);
    case "spoiler": return spoiler(children);
    case "code":
      return copies(el("code", { role: "button", tabindex: 0, title: "点一下复制" }, text), text, act);
    case "pre": return block(text, act, Boolean(entity.language));
    case "blockquote": return quote(children, false);
    case "expandable_blockquote": return quote(children, true);
    case "text_link": return link(entity.url ?? "", children, act);
    case "url": return link(text, text, act);
    case "email": return link(`mailto:${text}`, text, act);
    case "bot_command": return command(text, text, act);
    case "mention": case "text_mention": case "hashtag": case "phone_number":
      return el("span", { class: "mention" }, children);
    default: return children;
  }
}

export function rich(text, entities, act) {
  const inside = (from, to, list) => {
    const nodes = [];
    let at = from;
    for (let i = 0; i < list.length;) {
      const entity = list[i++];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (start >= end) continue;
      const inner = [];
      while (i < list.length && list[i].offset < end) inner.push(list[i++]);
      if (start > at) nodes.push(...plain(text.slice(at, start), act));
      const linked = ["text_link", "url", "code", "pre", "bot_command", "email"].includes(entity.type);
      const children = linked && !inner.length ? [text.slice(start, end)] : inside(start, end, inner);
      const alone = entity.type === "code" && hasOwnLine(text, start, end);
      nodes.push(alone ? block(text.slice(start, end), act) : wrap(entity, text.slice(start, end), children, act));
      at = end;
    }
    // A block ends its own line; the newline after it would show as an empty one.
    if (at < to) nodes.push(...plain(text.slice(at, to), act));
    return nodes.flat(Infinity);
  };
  const order = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const nodes = inside(0, text.length, order);
  return nodes.map((node, i) => {
    if (typeof node !== "string") return node;
    const stands = (other) => other instanceof Element && other.matches(".pre, blockquote");
    let words = node;
    if (stands(nodes[i - 1])) words = words.replace(/^\n/, "");
    if (stands(nodes[i + 1])) words = words.replace(/\n$/, "");
    return words;
  });
}
