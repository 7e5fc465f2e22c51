// When points expire, of an account or of a programme: a bar for each month, and the same as a table.

import { geometry, isNegative, isZero, shown, sum } from "./amounts.js";
import { el, newId, nothing, svg, table } from "./dom.js";
import { away, today } from "./times.js";

const MONTHS_MAX = 12;
const LABEL_WIDTH = 38;
const HEIGHT = 210;
const TOP = 22;
const BASE = 176;
const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Return the figure of an account's lots. */
export function expiryChart(account) {
  const lots = account.lots.filter((lot) => !isNegative(lot.remaining));
  if (!lots.length) return nothing("Nothing is left that could expire.");
  const months = Map.groupBy(lots.filter((lot) => lot.expires_on), (lot) => lot.expires_on.slice(0, 7));
  const bars = monthBars(Object.fromEntries([...months].map(([month, own]) => [month, sum(own.map((lot) => lot.remaining))])));
  const endless = lots.filter((lot) => !lot.expires_on);
  if (endless.length) bars.push({ title: "Never", label: "never", kind: "endless", amount: sum(endless.map((lot) => lot.remaining)) });
  return figure(bars, summary(lots));
}

/** Return the figure of what a programme's points come to by the month in which they expire, and what is overdue. */
export function monthsChart({ overdue, by_month: months }) {
  const bars = monthBars(months);
  if (!isZero(overdue)) bars.unshift({ title: "Overdue", label: "overdue", kind: "due", amount: overdue });
  if (!bars.length) return nothing("No points have a day on which they expire.");
  const coming = Object.keys(months).sort();
  const words = [
    coming.length ? `${shown(sum(Object.values(months)))} will expire, from ${monthName(coming[0])} to ${monthName(coming.at(-1))}.` : null,
    isZero(overdue) ? null : `${shown(overdue)} are past their day, and the vendor has not booked that they expired.`,
  ];
  return figure(bars, words.filter(Boolean).join(" "));
}

function figure(bars, words) {
  const columns = [
    { title: "Month", of: (bar) => bar.title },
    { title: "Expires", number: true, of: (bar) => shown(bar.amount) },
  ];
  const caption = el("figcaption", { id: newId("caption") }, words);
  const box = el("div", {});
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(box.clientWidth - width) < 2) return;
    width = box.clientWidth;
    box.replaceChildren(drawing(bars, width, caption.id));
  }).observe(box);
  return el("figure", { class: "chart" }, box, caption,
    el("details", {}, el("summary", {}, "The chart as a table"), table("What expires in each month", columns, bars)));
}

/** Return a bar for each month from the first to the last of those that have an amount, then what expires later. */
function monthBars(amounts) {
  const months = Object.keys(amounts).sort();
  if (!months.length) return [];
  const shownMonths = span(months[0], months.at(-1));
  const bars = shownMonths.map((month) => ({
    title: monthName(month),
    label: NAMES[Number(month.slice(5)) - 1],
    year: month.slice(0, 4),
    kind: month < today().slice(0, 7) ? "due" : "dated",
    amount: amounts[month] ?? "0",
  }));
  const later = months.filter((month) => month > shownMonths.at(-1));
  const after = `After ${monthName(shownMonths.at(-1))}`;
  if (later.length) bars.push({ title: after, label: "later", kind: "dated", amount: sum(later.map((month) => amounts[month])) });
  return bars;
}

function span(first, last) {
  const months = [];
  let [year, month] = first.split("-").map(Number);
  while (months.length < MONTHS_MAX) {
    months.push(`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`);
    if (months.at(-1) >= last) break;
    month = (month % 12) + 1;
    if (month === 1) year += 1;
  }
  return months;
}

const monthName = (month) => `${NAMES[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;

function summary(lots) {
  const dated = lots.filter((lot) => lot.expires_on);
  if (!dated.length) return "None of it expires.";
  const together = (some) => shown(sum(some.map((lot) => lot.remaining)));
  const coming = dated.filter((lot) => lot.expires_on >= today());
  const due = dated.filter((lot) => lot.expires_on < today());
  const days = coming.map((lot) => lot.expires_on).sort();
  return [
    coming.length ? `${together(coming)} of ${together(lots)} will expire, the first on ${days[0]} (${away(days[0])}), the last on ${days.at(-1)}.` : null,
    due.length ? `${together(due)} are past their day, and the vendor has not booked that they expired.` : null,
  ].filter(Boolean).join(" ");
}

/** Return the drawing, as wide as there is room: its letters are as large as all others. */
function drawing(bars, width, captionId) {
  const most = Math.max(...bars.map((bar) => geometry(bar.amount)), 1e-9);
  const step = Math.min(84, width / bars.length);
  const thickness = Math.min(44, step * 0.68);
  const isTight = step < LABEL_WIDTH;
  const parts = bars.flatMap((bar, at) => {
    const height = Math.max(0, (geometry(bar.amount) / most) * (BASE - TOP));
    const middle = step * at + step / 2;
    const isNewYear = bar.year && bar.year !== bars[at - 1]?.year;
    return [
      svg("rect", { class: `bar ${bar.kind}`, x: middle - thickness / 2, y: BASE - height, width: thickness, height, rx: 2 },
        svg("title", {}, `${bar.title}: ${shown(bar.amount)}`)),
      height && !isTight ? svg("text", { class: "value", x: middle, y: BASE - height - 6, "text-anchor": "middle" }, short(bar.amount)) : null,
      svg("text", { x: middle, y: BASE + 16, "text-anchor": "middle" }, isTight ? bar.label[0] : bar.label),
      isNewYear ? svg("text", { class: "year", x: middle, y: BASE + 30, "text-anchor": "middle" }, bar.year) : null,
    ].filter(Boolean);
  });
  return svg("svg", { width, height: HEIGHT, role: "img", "aria-labelledby": captionId },
    svg("line", { class: "axis", x1: 0, x2: width, y1: BASE + 0.5, y2: BASE + 0.5 }), ...parts);
}

/** Return an amount as a label that fits over a bar: without its decimals; the table has all of them. */
const short = (text) => shown(text.replace(/\..*/, "") === "0" ? text : text.replace(/\..*/, ""));
