// Small tools for building the page. Text only ever enters through text nodes, never as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SHAPES = {
  attach: "M20 11.5 12.2 19.3a5 5 0 0 1-7-7L13 4.5a3.3 3.3 0 0 1 4.7 4.7l-7.8 7.7a1.6 1.6 0 0 1-2.3-2.3l7.1-7",
  send: "M5 12h13M12.5 6l6 6-6 6",
  menu: "M5 8h14M5 12h14M5 16h9",
  reply: "M10 7 5 12l5 5M5.5 12H14a5 5 0 0 1 5 5v1",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M7 7l10 10M17 7 7 17",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5Z",
  file: "M7 3.5h6.5L18 8v12.5H7ZM13.5 3.5V8H18",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `shape shape-${name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

// Clipboards are refused on plain http from another machine; the old way still works there.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el("textarea", { class: "offstage", readonly: true });
    field.value = text;
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus?.();
    return done;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch { /* forgotten when the page closes */ }
}

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// A menu beside a point of the screen; arrows walk it, Escape closes it and gives the focus back.
let closeOpenMenu = null;
export function popup(x, y, label, rows) {
  closeOpenMenu?.();
  const before = document.activeElement;
  const box = el("div", { class: "popup", role: "menu", "aria-label": label });
  const close = () => {
    box.remove();
    document.removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", close);
    closeOpenMenu = null;
  };
  const outside = (event) => { if (!box.contains(event.target)) close(); };
  for (const row of rows) {
    const items = row.items.map((item) => el("button", {
      type: "button", role: "menuitem", class: item.chosen ? "chosen" : null, "aria-label": item.label ?? null,
      onclick: () => { close(); before?.focus?.({ preventScroll: true }); item.act(); },
    }, item.text));
    box.append(el("div", { class: row.across ? "popup-row" : "popup-list", role: "none" }, items));
  }
  box.addEventListener("keydown", (event) => {
    const items = [...box.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") { close(); before?.focus?.(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(box);
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(y, innerHeight - size.height - 8))}px`;
  box.querySelector("button")?.focus({ preventScroll: true });
  document.addEventListener("pointerdown", outside, true);
  addEventListener("resize", close);
  closeOpenMenu = close;
}
