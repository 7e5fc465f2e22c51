// The smaller panels of a customer: tiers, coupons, streaks, promotions and the rest.

import { geometry, shown } from "./amounts.js";
import { badge, el, nothing, table } from "./dom.js";
import { fieldValue, secret } from "./secrets.js";
import { day, moment } from "./times.js";

const KINDS = {
  issued: "calm", redeemed: "good", earned: "good", running: "good", enrolled: "good", active: "good", linked: "good",
  expired: "bad", failed: "bad", revoked: "bad", rolled_back: "warn", ended: "warn", unenrolled: "warn",
};
const state = (word) => badge(KINDS[word] ?? "calm", (word ?? "unknown").replaceAll("_", " "));
const until = (text) => day(text, "without end");
const code = (text) => el("code", {}, text ?? "–");

export function tiersPanel(tiers) {
  const memberships = tiers?.memberships ?? [];
  if (!memberships.length) return nothing("No tier is known of this customer.");
  return table("Tiers", [
    { title: "Programme", of: (row) => row.program_id },
    { title: "Tier", of: (row) => row.tier ? badge("calm", row.tier) : "none" },
    { title: "Until", of: (row) => until(row.expires_on) },
    { title: "Until, by the campaign's rules", of: (row) => row.computed_expires_on ?? "–" },
  ], memberships);
}

export function couponsPanel(coupons) {
  const rows = [...(coupons?.coupons ?? [])].sort((one, other) => (other.issued_on ?? 0) - (one.issued_on ?? 0));
  if (!rows.length) return nothing("No coupon is known of this customer.");
  const unit = ({ discount_type: word }) => (/^perc/i.test(word ?? "") ? "%" : (word ?? "").toLowerCase());
  const discount = (row) => row.discount_value === null ? "–" : [shown(row.discount_value), " ", el("span", { class: "muted" }, unit(row))];
  return table("Coupons", [
    { title: "Coupon", of: (row) => code(row.coupon_id) },
    { title: "State", of: (row) => state(row.state) },
    { title: "Uses", number: true, of: (row) => String(row.uses) },
    { title: "Discount", number: true, of: discount },
    { title: "Issued", number: true, of: (row) => moment(row.issued_on) },
    { title: "Redeemed", number: true, of: (row) => moment(row.redeemed_on) },
    { title: "Valid until", number: true, of: (row) => moment(row.valid_till) },
    { title: "Series", of: (row) => row.series_id ?? "–" },
  ], rows);
}

export function streaksPanel(streaks) {
  const { streaks: running = [], targets = [], badges = [] } = streaks ?? {};
  if (!running.length && !targets.length && !badges.length) return nothing("No streak, target or badge is known of this customer.");
  return el("div", {},
    part("Streaks", running, [
      { title: "Streak", of: (row) => row.streak_name },
      { title: "State", of: (row) => state(row.state) },
      { title: "Value", number: true, of: (row) => shown(row.value) },
      { title: "Levels", of: (row) => row.levels.join(", ") || "–" },
      { title: "Period", of: (row) => code(row.target_period_id) },
    ]),
    part("Targets", targets, [
      { title: "Target", of: (row) => code(row.target_id) },
      { title: "Achieved", number: true, of: (row) => shown(row.achieved) },
      { title: "Of", number: true, of: (row) => shown(row.defined) },
      { title: "Share", of: share },
      { title: "State", of: (row) => badge(row.met ? "good" : row.closed ? "warn" : "calm", row.met ? "met" : row.closed ? "closed" : "open") },
      { title: "Period", of: (row) => code(row.target_period_id) },
    ]),
    part("Badges", badges, [
      { title: "Badge", of: (row) => code(row.badge_id) },
      { title: "Times earned", number: true, of: (row) => String(row.earns) },
      { title: "Last on", number: true, of: (row) => moment(row.earned_on) },
    ]));
}

function share(target) {
  if (target.achieved === null || target.defined === null) return "–";
  const name = `${shown(target.achieved)} of ${shown(target.defined)}`;
  return el("progress", { max: geometry(target.defined) || 1, value: geometry(target.achieved), "aria-label": name });
}

function part(title, rows, columns) {
  return rows.length ? el("section", {}, el("h2", {}, title), table(title, columns, rows)) : null;
}

export function promotionsPanel(promotions) {
  const rows = (promotions?.promotions ?? []).flatMap((promotion) => [
    ...promotion.issuals.map((issual) => ({ promotion, what: "issual", id: issual.issual_id, ...issual })),
    ...promotion.earns.map((earn) => ({ promotion, what: "earn", id: earn.earned_id, ...earn })),
  ]);
  if (!rows.length) return nothing("No promotion is known of this customer.");
  return table("Promotions", [
    { title: "Promotion", of: (row) => code(row.promotion.promotion_id) },
    { title: "What", of: (row) => row.what },
    { title: "Id", of: (row) => code(row.id) },
    { title: "State", of: (row) => state(row.state) },
    { title: "Until", of: (row) => until(row.expires_on) },
  ], rows);
}

const SHOWN_ELSEWHERE = new Set(["points", "tiers", "coupons", "streaks", "promotions"]);

/** Return what has no panel of its own: each list of the other domains as a table. */
export function otherPanel(customer) {
  const parts = Object.entries(customer)
    .filter(([domain, known]) => !SHOWN_ELSEWHERE.has(domain) && typeof known?.seq === "number")
    .flatMap(([domain, known]) => Object.entries(known)
      .filter(([name]) => name !== "seq")
      .map(([name, value]) => otherPart(`${domain}: ${name.replaceAll("_", " ")}`, name, value)));
  const found = parts.filter(Boolean);
  return found.length ? el("div", {}, found) : nothing("Nothing else is known of this customer.");
}

function otherPart(title, name, value) {
  if (value == null || (Array.isArray(value) && !value.length)) return null;
  if (!Array.isArray(value)) return el("section", {}, el("h2", {}, title), el("p", {}, plain(name, value)));
  if (typeof value[0] !== "object") {
    const shownValues = value.map((each) => el("li", {}, /customer_ids?$/.test(name) ? secret(String(each)) : String(each)));
    return el("section", {}, el("h2", {}, title), el("ul", { class: "words" }, shownValues));
  }
  const columns = Object.keys(value[0]).map((field) => ({ title: field.replaceAll("_", " "), of: (row) => plain(field, row[field]) }));
  return el("section", {}, el("h2", {}, title), table(title, columns, value));
}

function plain(name, value) {
  if (value == null) return "–";
  if (/_at$|_on$|_till$/.test(name) && typeof value === "number") return moment(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return fieldValue(name, value);
}
