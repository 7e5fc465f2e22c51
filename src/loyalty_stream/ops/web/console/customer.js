// What is known of one customer.

import { accountsPanel } from "./accounts.js";
import { customerPath, get } from "./api.js";
import { el, notice, tabs, tell } from "./dom.js";
import { explainPanel } from "./explain.js";
import { journalPanel } from "./journal.js";
import { couponsPanel, otherPanel, promotionsPanel, streaksPanel, tiersPanel } from "./panels.js";
import { secretKey, showButton } from "./secrets.js";

const SHOWN_TAB = "loyalty-tab";

/** Fill `main` with a customer, or with what to do; return what to call when it is left. */
export function customerView(main, key, onFound) {
  if (key === null) {
    main.append(welcome());
    return () => {};
  }
  const ended = new AbortController();
  main.append(el("p", { class: "nothing", "aria-busy": "true" }, "Asking the worker …"));
  get(customerPath(key), { signal: ended.signal })
    .then((customer) => {
      onFound();
      main.replaceChildren(...picture(key, customer));
      tell("The customer is shown.");
    })
    .catch((error) => {
      if (ended.signal.aborted) return;
      main.replaceChildren(el("h1", {}, error.title ?? "The worker does not answer"), notice("bad", error.message));
      tell(error.message);
    });
  return () => ended.abort();
}

function welcome() {
  return el("section", { class: "welcome" },
    el("h1", {}, "Why is this balance what it is?"),
    el("p", {}, "Search for a customer to see balances, the lots behind them and when they expire, tiers, coupons, streaks and promotions, " +
      "and each step that led there with the record that caused it."),
    el("dl", {},
      el("dt", {}, "A key"), el("dd", {}, el("code", {}, "vendor:org_id:customer_id"), ", as in ", el("code", {}, "capillary:710001:4100000")),
      el("dt", {}, "Keyboard"), el("dd", {}, el("kbd", {}, "/"), " search, ", el("kbd", {}, "←"), " ", el("kbd", {}, "→"), " between tabs, ",
        el("kbd", {}, "Enter"), " opens a step"),
      el("dt", {}, "Ids"), el("dd", {}, "are masked until you ask to see them")));
}

function picture(key, customer) {
  const size = (domain, list) => customer[domain]?.[list]?.length ?? 0;
  const streaks = size("streaks", "streaks") + size("streaks", "targets") + size("streaks", "badges");
  const entries = [
    { name: "balances", title: "Balances", count: size("points", "accounts"), make: () => accountsPanel(customer.points) },
    { name: "timeline", title: "Explained", make: () => explainPanel(key) },
    { name: "journal", title: "Journal", make: () => journalPanel(key, customer) },
    { name: "tiers", title: "Tiers", count: size("tiers", "memberships"), make: () => tiersPanel(customer.tiers) },
    { name: "coupons", title: "Coupons", count: size("coupons", "coupons"), make: () => couponsPanel(customer.coupons) },
    { name: "streaks", title: "Streaks", count: streaks, make: () => streaksPanel(customer.streaks) },
    { name: "promotions", title: "Promotions", count: size("promotions", "promotions"), make: () => promotionsPanel(customer.promotions) },
    { name: "other", title: "Other", make: () => otherPanel(customer) },
  ];
  const strip = tabs("Of this customer", entries, (name) => sessionStorage.setItem(SHOWN_TAB, name));
  strip.open(sessionStorage.getItem(SHOWN_TAB) ?? "balances");
  return [head(key, customer), strip.node];
}

function head(key, customer) {
  const merged = customer.merged_into;
  return el("header", { class: "who" },
    el("h1", {}, el("span", { class: "unseen" }, "Customer "), secretKey(key), showButton()),
    el("p", { class: "facts" }, facts(customer).flatMap((fact, place) => [place ? " · " : "", fact])),
    merged ? notice("warn", "Merged: all of this customer is now with ", secretKey(merged), ". ",
      el("a", { href: `#/customers/${encodeURIComponent(merged)}` }, "Go there")) : null);
}

function facts(customer) {
  const tiers = (customer.tiers?.memberships ?? []).filter(({ tier }) => tier).map(({ tier, program_id }) => `tier ${tier} in ${program_id}`);
  const { by, offset, age_seconds: age } = customer.served ?? {};
  const origin = by ? `from the ${by}` : null;
  return [
    ...tiers,
    `partition ${customer.partition}`,
    origin && offset != null ? `${origin} at offset ${offset}` : origin,
    age != null ? `${age < 1 ? "less than a second" : `${Math.round(age)} s`} old` : null,
  ].filter(Boolean);
}
