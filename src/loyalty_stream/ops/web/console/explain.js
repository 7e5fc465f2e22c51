// Each step of an account, from its opening balance to now, with what caused it.

import { change, isNegative, shown } from "./amounts.js";
import { customerPath, get } from "./api.js";
import { badge, el, newId, nothing, notice, table } from "./dom.js";
import { secret, secretKey } from "./secrets.js";
import { moment } from "./times.js";

const BALANCES = ["active", "pending", "lifetime"];

export function explainPanel(key) {
  return loading("Reading each step …", async () => told(await get(`${customerPath(key)}/explain`)));
}

/** Return a box that is filled once something is read, or says why not. */
export function loading(text, make) {
  const box = el("div", { "aria-busy": "true" }, nothing(text));
  make()
    .then((node) => box.replaceChildren(node))
    .catch((error) => box.replaceChildren(
      notice("warn", el("strong", {}, error.title ?? "The worker does not answer"), " ", error.message)))
    .finally(() => box.removeAttribute("aria-busy"));
  return box;
}

function told(explanation) {
  const own = explanation.accounts.map((account) => ({ account, label: label(account) }));
  const merged = (explanation.merged ?? []).flatMap((other) =>
    other.accounts.map((account) => ({ account, other, label: `${label(account)} (merged in)` })));
  const others = explanation.others ?? [];
  const choices = [...own, ...merged];
  if (others.length) choices.push({ others, label: "Of no single account" });
  if (!choices.length) return nothing("No step is known: nothing has changed this customer's points.");
  const box = el("div", {});
  const choose = el("select", { id: newId("account"), onchange: show }, choices.map((choice, at) => el("option", { value: at }, choice.label)));
  const order = el("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: turn }, "Oldest first");
  function turn() {
    order.setAttribute("aria-pressed", String(order.getAttribute("aria-pressed") !== "true"));
    show();
  }
  function show() {
    box.replaceChildren(...history(choices[Number(choose.value)], order.getAttribute("aria-pressed") === "true"));
  }
  const points = choices.findIndex((choice) => choice.account?.currency === "points");
  choose.value = String(Math.max(0, points));
  show();
  return el("div", {},
    el("div", { class: "row controls" }, el("label", { for: choose.id }, "Account"), choose, order,
      el("span", { class: "muted" }, `read from the ${explanation.source}`)),
    explanation.complete ? null : notice("warn", "The oldest steps can no longer be read: the first one below starts from the balance that was there."),
    box);
}

const label = (account) => `${account.program_id} · ${account.currency}`;

function history(choice, oldestFirst) {
  const steps = [...(choice.account?.steps ?? choice.others)];
  if (!oldestFirst) steps.reverse();
  return [
    choice.other ? el("p", {}, "Of ", secretKey(choice.other.key), ", before the merge ", moment(choice.other.at)) : null,
    choice.account ? verdict(choice.account) : null,
    el("div", { class: "steps" },
      el("div", { class: "step-titles", "aria-hidden": "true" },
        ...["When (UTC)", "What", "Change", "Active", "Pending", "Lifetime"].map((title) => el("span", {}, title))),
      el("ol", {}, steps.map(step))),
  ].filter(Boolean);
}

function verdict(account) {
  const now = BALANCES.map((name) => `${name} ${shown(account.now[name])}`).join(", ");
  return account.agrees
    ? notice("good", el("strong", {}, "✓ The steps lead to the balance in the table: "), now)
    : notice("bad", el("strong", {}, "✗ The steps do not lead to the balance in the table: "), now);
}

function step(each) {
  const delta = each.delta?.active;
  const balances = BALANCES.map((name) => number(name, each.balance ? shown(each.balance[name]) : ""));
  return el("li", {}, el("details", { class: "step" },
    el("summary", {},
      el("span", { class: "when" }, moment(each.occurred_at)),
      el("span", { class: "what" }, each.what, " ", mark(each)),
      el("span", { class: `number ${isNegative(delta) ? "minus" : "plus"}` }, el("span", { class: "unseen" }, "change of active "), change(delta)),
      ...balances),
    details(each)));
}

const number = (name, text) =>
  el("span", { class: "number", "data-title": name }, text ? el("span", { class: "unseen" }, `${name} `) : null, text);

function mark(each) {
  if (/Drift|Conflict|Unmatched/.test(each.type)) return badge("warn", words(each.type));
  return each.reason ? badge("calm", each.reason.replaceAll("_", " ")) : badge("calm", words(each.type));
}

/** Return a type as words: BalanceDriftDetected becomes "balance drift detected". */
export const words = (type) => type.replace(/(?<=.)([A-Z])/g, " $1").toLowerCase();

function details(each) {
  const columns = [
    { title: "Lot", of: (lot) => el("code", {}, lot.lot_id) },
    { title: "Change", of: (lot) => lot.change.replaceAll("_", " ") },
    { title: "Amount", number: true, of: (lot) => shown(lot.amount) },
    { title: "Left", number: true, of: (lot) => shown(lot.remaining) },
    { title: "Expires", number: true, of: (lot) => lot.expires_on ?? "never" },
  ];
  const pending = BALANCES.slice(1).filter((name) => change(each.delta?.[name]));
  return el("div", { class: "inside" },
    each.notes?.length ? el("ul", { class: "notes" }, each.notes.map((text) => el("li", {}, note(text)))) : null,
    pending.length ? el("p", {}, pending.map((name) => `${name} ${change(each.delta[name])}`).join(", ")) : null,
    each.lots.length ? table("What became of lots", columns, each.lots) : null,
    causeOf(each));
}

/** Return a note with the customer that it names, if any, as a secret. */
function note(text) {
  const [, before, who] = /^(merged in: |from |to )(.+)$/.exec(text) ?? [];
  if (!who) return text;
  return [before, who.includes(":") ? secretKey(who) : secret(who)];
}

/** Return where a derived event came from. */
export function causeOf({ cause, seq, observed_at: observed }) {
  return el("p", { class: "cause" },
    "Caused by ", el("strong", {}, cause.event_name), " at ", el("code", {}, `${cause.topic} ${cause.partition}:${cause.offset}`),
    cause.event_id ? [", event ", el("code", {}, cause.event_id)] : null,
    `, seq ${seq}, seen here `, moment(observed));
}
