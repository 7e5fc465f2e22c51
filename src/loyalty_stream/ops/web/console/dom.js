// Make elements. Texts become text nodes: nothing that a server says is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Return an element; properties that begin with "on" are listeners, null and false leave an attribute away. */
export function el(name, properties = {}, ...children) {
  return filled(document.createElement(name), properties, children);
}

export function svg(name, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, name), properties, children);
}

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Change a text only where it differs, so that what is read or selected stays so. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Say something to those who do not see the page. */
export function tell(text) {
  document.getElementById("told").textContent = text;
}

let made = 0;
export const newId = (word) => `${word}-${(made += 1)}`;

/**
 * Return a table; each column has a title, `of` (what of a row stands there), and `number` where it is aligned so.
 * On a narrow screen `cards` makes a card of each row; other tables are scrolled.
 */
export function table(caption, columns, rows, { cards = columns.length > 4 } = {}) {
  const kind = (column) => (column.number ? "number" : null);
  const body = rows.map((row) =>
    el("tr", {}, columns.map((column, place) => {
      const cell = { class: kind(column), "data-title": column.title };
      const content = el("span", {}, column.of(row));
      return place ? el("td", cell, content) : el("th", { ...cell, scope: "row" }, content);
    })));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { class: cards ? "cards" : null },
      el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col", class: kind(column) }, column.title)))),
      el("tbody", {}, body)));
}

/** Return tabs over their panels, to be moved between by arrow keys; each has a title, a count, and `make`. */
export function tabs(label, entries, onOpen = () => {}) {
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": label });
  const panels = el("div", {});
  const parts = entries.map((entry) => {
    const id = newId("tab");
    const panel = el("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, hidden: true, tabindex: "0" });
    const tab = el("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel`, onclick: () => open(entry.name) },
      entry.title, entry.count ? el("span", { class: "count" }, String(entry.count)) : null);
    list.append(tab);
    panels.append(panel);
    return { ...entry, tab, panel };
  });
  function open(name, focus = false) {
    const chosen = parts.find((part) => part.name === name) ?? parts[0];
    for (const part of parts) {
      const isOpen = part === chosen;
      part.tab.setAttribute("aria-selected", String(isOpen));
      part.tab.tabIndex = isOpen ? 0 : -1;
      part.panel.hidden = !isOpen;
    }
    if (!chosen.panel.hasChildNodes()) chosen.panel.append(chosen.make());
    if (focus) chosen.tab.focus();
    chosen.tab.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    onOpen(chosen.name);
  }
  list.addEventListener("keydown", (event) => {
    const at = parts.findIndex((part) => part.tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: parts.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    open(parts[(to + parts.length) % parts.length].name, true);
  });
  return { node: el("section", { "aria-label": label }, list, panels), open };
}

/** Return a text that was left out, with the reason. */
export const nothing = (text) => el("p", { class: "nothing" }, text);

/** Return a notice; kinds are good, warn and bad. */
export const notice = (kind, ...children) => el("p", { class: `notice ${kind}` }, ...children);
export const badge = (kind, text) => el("span", { class: `badge ${kind}` }, text);
