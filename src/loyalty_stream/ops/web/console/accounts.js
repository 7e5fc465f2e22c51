// Accounts: balances, and the lots behind the chosen one.

import { change, isNegative, isZero, shown, sum } from "./amounts.js";
import { expiryChart } from "./chart.js";
import { badge, el, nothing, notice, table } from "./dom.js";
import { day, today } from "./times.js";

export function accountsPanel(points) {
  const accounts = points?.accounts ?? [];
  if (!accounts.length) return nothing("No account of points is known of this customer.");
  const below = el("div", { "aria-live": "polite" });
  const buttons = accounts.map((account) => el("button", { type: "button", class: "choice", onclick: () => choose(account) }, name(account)));
  function choose(account) {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(accounts[at] === account)));
    below.replaceChildren(lots(account));
  }
  const of = (field) => (account) => amount(account[field]);
  const columns = [
    { title: "Programme and currency", of: (account) => buttons[accounts.indexOf(account)] },
    { title: "Active", number: true, of: (account) => el("strong", {}, amount(account.active)) },
    { title: "Pending", number: true, of: of("pending") },
    { title: "Lifetime", number: true, of: of("lifetime") },
    { title: "Past its day", number: true, of: pastDue },
    { title: "Next to expire", number: true, of: next },
    { title: "Vendor's totals", of: drift },
  ];
  choose(accounts[0]);
  return el("div", {}, table("Accounts", columns, accounts, { cards: false }), below);
}

const name = (account) => `${account.program_id} · ${account.currency}`;
const amount = (text) => el("span", { class: isNegative(text) ? "minus" : null }, shown(text));
const dated = (account) => account.lots.filter((lot) => lot.expires_on);

function next(account) {
  const coming = dated(account).filter((lot) => lot.expires_on >= today());
  const first = coming.map((lot) => lot.expires_on).sort()[0];
  return first ? `${shown(together(coming.filter((lot) => lot.expires_on === first)))} on ${first}` : "–";
}

/** Return how much should have expired by now, without the vendor having booked it. */
function pastDue(account) {
  const due = dated(account).filter((lot) => lot.expires_on < today());
  return due.length ? el("span", { class: "due" }, shown(together(due))) : "–";
}

const together = (lots) => sum(lots.map((lot) => lot.remaining));

function drift(account) {
  const differing = Object.entries(account.drift).filter(([, difference]) => !isZero(difference));
  if (!differing.length) return badge("good", "agree");
  return el("span", {}, differing.map(([field, difference]) => badge("warn", `${field} differs by ${change(difference)}`)));
}

function lots(account) {
  const title = `Lots of ${name(account)}`;
  const add = together(account.lots);
  const columns = [
    { title: "Expires", of: (lot) => day(lot.expires_on, "never") },
    { title: "Remaining", number: true, of: (lot) => amount(lot.remaining) },
    { title: "Kind", of: (lot) => lot.kind },
    { title: "Lot", of: (lot) => el("code", {}, lot.lot_id) },
  ];
  return el("div", { class: "split" },
    el("div", { class: "card" }, el("h2", {}, "When points expire"), expiryChart(account)),
    el("div", { class: "card" },
      el("h2", {}, "Lots ", el("span", { class: "muted" }, `${account.lots.length}, together ${shown(add)}`)),
      add === account.active ? null : notice("warn", `The lots add up to ${shown(add)}, and active is ${shown(account.active)}.`),
      account.lots.length ? table(title, columns, account.lots) : nothing("There are no lots: nothing is left to spend.")));
}
