// All derived events of a customer, the newest first, page by page.

import { customerPath, get } from "./api.js";
import { badge, el, newId, nothing, notice, tell } from "./dom.js";
import { causeOf, loading, words } from "./explain.js";
import { fieldValue } from "./secrets.js";
import { moment } from "./times.js";

const PAGE = 50;
const SHOWN_FIELDS = 5;
const LESS_TELLING = /_hash$|_group_id$|_period_id$|_lifetime$/;

export function journalPanel(key, customer) {
  const domains = Object.keys(customer).filter((name) => typeof customer[name]?.seq === "number");
  const box = el("div", {});
  const choose = el("select", { id: newId("domain"), onchange: () => show(choose.value) },
    el("option", { value: "" }, "all domains"), domains.map((name) => el("option", { value: name }, name)));
  const show = (domain) => box.replaceChildren(loading("Reading the journal …", () => firstPage(key, domain)));
  show("");
  return el("div", {}, el("div", { class: "row controls" }, el("label", { for: choose.id }, "Events of"), choose), box);
}

function read(key, domain, before) {
  const query = new URLSearchParams({ limit: PAGE, ...(domain && { domain }), ...(before && { before }) });
  return get(`${customerPath(key)}/journal?${query}`);
}

async function firstPage(key, domain) {
  const page = await read(key, domain, null);
  if (!page.entries.length) return nothing("Nothing is left in the journal.");
  const list = el("ol", { class: "entries" }, page.entries.map(entry));
  const foot = el("div", { class: "foot" });
  const more = el("button", { type: "button", onclick: next }, "Older events");
  let cursor = page.next;
  let isComplete = page.complete;
  async function next() {
    more.disabled = true;
    try {
      const older = await read(key, domain, cursor);
      cursor = older.next;
      isComplete = older.complete;
      list.append(...older.entries.map(entry));
      tell(`${older.entries.length} older events are shown.`);
      end();
    } catch (error) {
      foot.replaceChildren(notice("warn", error.message), more);
    }
    more.disabled = false;
  }
  function end() {
    if (cursor) foot.replaceChildren(more);
    else foot.replaceChildren(nothing(isComplete ? "That is all, back to the first event." : "Older events can no longer be read."));
  }
  end();
  return el("div", {}, list, foot);
}

function entry(each) {
  const fields = Object.entries(each.data).filter(([, value]) => value != null && value !== "" && !(Array.isArray(value) && !value.length));
  const plain = fields.filter(([name, value]) => typeof value !== "object" && value !== "0" && !LESS_TELLING.test(name));
  return el("li", {}, el("details", { class: "step entry" },
    el("summary", {},
      el("span", { class: "when" }, moment(each.occurred_at)),
      el("span", { class: "domain" }, badge("calm", each.domain)),
      el("span", { class: "what" }, el("strong", {}, words(each.type)), " ",
        el("span", { class: "fields" }, plain.slice(0, SHOWN_FIELDS).flatMap(([name, value]) => [pair(name, value), " "])))),
    el("div", { class: "inside" },
      el("dl", { class: "pairs" }, fields.flatMap(([name, value]) => [el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, whole(name, value))])),
      causeOf(each))));
}

const pair = (name, value) => el("span", { class: "pair" }, el("span", { class: "muted" }, name.replaceAll("_", " ")), " ", fieldValue(name, value));

function whole(name, value) {
  if (typeof value !== "object") return fieldValue(name, value);
  const list = [value].flat();
  if (list.some((part) => part === null || typeof part !== "object")) return fieldValue(name, list);
  return el("ul", {}, list.map((part) => el("li", {}, Object.entries(part)
    .filter(([, inner]) => inner != null)
    .flatMap(([inner, text]) => [pair(inner, typeof text === "object" ? JSON.stringify(text) : text), " "]))));
}
