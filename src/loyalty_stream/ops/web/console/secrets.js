// Ids of customers are shown masked until somebody asks to see them.

import { el, put, tell } from "./dom.js";

const EDGE = 2;
const texts = new WeakMap();
let isShown = false;

export function masked(text) {
  return text.length > 2 * EDGE + 1 ? `${text.slice(0, EDGE)}•••${text.slice(-EDGE)}` : "•••";
}

/** Return a span with an id that is masked for as long as all are. */
export function secret(text) {
  const span = el("span", { class: "secret" }, isShown ? text : masked(text));
  texts.set(span, text);
  return span;
}

/** Return a key with its customer's id as a secret. */
export function secretKey(key) {
  const [vendor, org, ...id] = key.split(":");
  return el("span", { class: "key" }, `${vendor}:${org}:`, secret(id.join(":")));
}

/** Return the button that shows and masks all ids; they begin masked. */
export function showButton() {
  isShown = false;
  const button = el("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: turn }, "Show id");
  function turn() {
    isShown = !isShown;
    for (const span of document.querySelectorAll(".secret")) put(span, isShown ? texts.get(span) : masked(texts.get(span)));
    button.setAttribute("aria-pressed", String(isShown));
    button.textContent = isShown ? "Mask id" : "Show id";
    tell(isShown ? "Ids of customers are shown." : "Ids of customers are masked.");
  }
  return button;
}

/** Return a value of a field: as a secret where the field's name says that it is one. */
export function fieldValue(name, value) {
  if (/customer_ids?$|^key$/.test(name) && value != null) {
    return [value].flat().flatMap((each, place) => [place ? ", " : "", secret(String(each))]);
  }
  return String(value);
}
