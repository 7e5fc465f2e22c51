// Programmes: what each owes; and of one, what moved its points, when they expire, and who holds which tier.

import { change, count, isNegative, isZero, shown, sum } from "./amounts.js";
import { get } from "./api.js";
import { monthsChart } from "./chart.js";
import { badge, el, notice, nothing, table, tell } from "./dom.js";
import { moment, today } from "./times.js";

const REASONS = {
  issued: "issued", converted: "converted from pending", redeemed: "redeemed", expired: "expired (breakage)",
  merged_in: "came with merged customers", merged_out: "left with merged customers", baselined: "adopted from the vendor's totals",
};

const programPath = (program) => `/v1/programs/${encodeURIComponent(program)}/liability?on=${today()}`;

/** Fill `main` with all programmes, or with one; return what to call when it is left. */
export function programsView(main, program) {
  const ended = new AbortController();
  main.append(el("p", { class: "nothing", "aria-busy": "true" }, "Asking the worker …"));
  get(program === null ? "/v1/programs" : programPath(program), { signal: ended.signal })
    .then((told) => {
      main.replaceChildren(...(program === null ? all(told) : one(told)));
      tell(program === null ? "The programmes are shown." : "The programme is shown.");
    })
    .catch((error) => {
      if (ended.signal.aborted) return;
      main.replaceChildren(el("h1", {}, error.title ?? "The worker does not answer"), notice("bad", error.message));
      tell(error.message);
    })
    .finally(() => {
      if (document.activeElement === document.body) main.focus({ preventScroll: true }); // the link that led here is gone
    });
  return () => ended.abort();
}

const pointsFirst = (purses) => [...purses].sort((one, other) => (other.currency === "points") - (one.currency === "points"));
const amount = (text) => el("span", { class: isNegative(text) ? "minus" : null }, shown(text));

function all(told) {
  const rows = told.programs.flatMap((each) => pointsFirst(each.currencies).map((purse) => ({ ...each, ...purse })));
  const columns = [
    { title: "Programme", of: (row) => el("a", { href: `#/programs/${encodeURIComponent(row.program)}` }, row.program) },
    { title: "Currency", of: (row) => row.currency },
    { title: "Active", number: true, of: (row) => el("strong", {}, amount(row.active)) },
    { title: "Pending", number: true, of: (row) => amount(row.pending) },
    { title: "Value of active", number: true, of: (row) => (row.value ? amount(row.value.active) : "–") },
    { title: "Accounts", number: true, of: (row) => count(row.accounts) },
    { title: "Members", number: true, of: (row) => count(row.members) },
  ];
  return [
    el("header", { class: "who" }, el("h1", {}, "Programmes"), ...origin(told)),
    rows.length ? table("Programmes", columns, rows) : nothing("No programme has accounts yet."),
    el("p", { class: "muted hint" }, "Accounts are those that hold anything; members those who hold a tier. The value is by the ratio that the vendor stated last."),
  ];
}

function one(told) {
  return [
    el("header", { class: "who" },
      el("h1", {}, el("span", { class: "unseen" }, "Programme "), el("span", { class: "key" }, told.program)),
      ...origin(told)),
    pointsFirst(told.currencies).map(currency),
    told.currencies.length ? null : nothing("No account of this programme is known."),
    members(told.tiers),
  ].flat().filter(Boolean);
}

/** Return whose totals these are: from where, how old, and of which partitions. */
function origin({ served, partitions, complete, note }) {
  const { by, age_seconds: age } = served;
  const held = complete ? `all ${partitions.of} partitions` : `${partitions.held.length} of ${partitions.of} partitions (${partitions.held.join(", ") || "none"})`;
  const old = age < 1 ? "less than a second old" : `${Math.round(age)} s old`;
  return [
    el("p", { class: "facts" }, `of ${held} · from the ${by} · ${old}`),
    complete ? null : notice("warn", note),
  ].filter(Boolean);
}

function currency(purse) {
  return el("section", { "aria-label": `Currency ${purse.currency}` },
    card(`Outstanding ${purse.currency}`, figures(outstanding(purse))),
    el("div", { class: "split" },
      card("What moved active points", moved(purse)),
      card("When points expire", expiring(purse.expiring), monthsChart(purse.expiring))));
}

const card = (title, ...content) => el("div", { class: "card" }, el("h2", {}, title), ...content);

/** Return figures with what they are of; each is a title, what to show, and perhaps a remark. */
const figures = (entries) => el("dl", { class: "figures" }, entries.map(([title, content, remark]) =>
  el("div", {}, el("dt", {}, title), el("dd", {}, el("span", { class: "figure" }, content), remark ? el("span", { class: "muted" }, remark) : null))));

function outstanding(purse) {
  const { value, drifting_accounts: drifting } = purse;
  return [
    ["Active", amount(purse.active)],
    ["Pending", amount(purse.pending)],
    ["Value of active", value ? amount(value.active) : "–", value ? [`${shown(value.ratio)} a point, stated `, moment(value.stated_at)] : "no ratio is stated"],
    ["Lifetime", amount(purse.lifetime)],
    ["Accounts", count(purse.accounts), drifting ? badge("warn", `${count(drifting)} not as the vendor says`) : badge("good", "all as the vendor says")],
  ];
}

function moved(purse) {
  const rows = Object.entries(purse.moved);
  if (!rows.length) return nothing("Nothing has moved active points.");
  const columns = [
    { title: "Reason", of: ([reason]) => REASONS[reason] ?? reason.replaceAll("_", " ") },
    { title: "Change", number: true, of: ([, sums]) => el("span", { class: isNegative(sums) ? "minus" : "plus" }, change(sums)) },
  ];
  const together = sum(rows.map(([, sums]) => sums));
  const right = sum([purse.active, purse.erased.active]);
  const erased = isZero(purse.erased.active) ? "" : `, and ${shown(purse.erased.active)} that erased customers held`;
  return el("div", {},
    figures([["Issued", amount(purse.issued)], ["Redeemed", amount(purse.redeemed)], ["Expired (breakage)", amount(purse.expired)]]),
    table(`What moved active ${purse.currency}`, columns, rows),
    together === right
      ? notice("good", `✓ It adds up: ${shown(together)} in all, ${shown(purse.active)} outstanding${erased}.`)
      : notice("bad", `✗ It does not add up: ${shown(together)} in all, ${shown(purse.active)} outstanding${erased}. Look again in a moment.`));
}

const expiring = (told) => figures([
  ["Overdue", amount(told.overdue)],
  ...[7, 30, 90].map((days) => [`Within ${days} days`, amount(told[`within_${days}_days`])]),
]);

function members(tiers) {
  const rows = Object.entries(tiers);
  const columns = [{ title: "Tier", of: ([tier]) => badge("calm", tier) }, { title: "Members", number: true, of: ([, number]) => count(number) }];
  return card("Members by tier", rows.length ? table("Members by tier", columns, rows) : nothing("No customer holds a tier of this programme."));
}
