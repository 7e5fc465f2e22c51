// The pipeline, live: topics, lag, throughput, how every record ended, and the newest dead letters.

import { count } from "./amounts.js";
import { listen } from "./api.js";
import { badge, el, notice, nothing, put, svg, table, tell } from "./dom.js";
import { moment } from "./times.js";

const RETRY_SECONDS_MAX = 10;
const POINTS_MAX = 60;
const OUTCOMES = [
  ["applied", "applied"], ["duplicates", "duplicates"], ["ignored", "ignored"], ["dead_lettered", "dead-lettered"], ["forwarded", "in flight"],
];

/** Fill `main` and keep it up to date; return what to call when it is left. */
export function pipelineView(main) {
  const parts = [liveness(), identity(), topics(), letters()];
  const [live, ended, lags, dead] = parts;
  main.append(el("h1", { class: "unseen" }, "Pipeline"), live.node,
    el("div", { class: "columns" }, ended.node, live.rate), lags.node, dead.node);
  const stop = new AbortController();
  follow(stop.signal, {
    onPicture(picture) {
      live.show(picture);
      ended.show(picture.identity);
      lags.show(picture.topics);
      dead.show(picture.dead_letters);
    },
    onState: live.connection,
  });
  return () => stop.abort();
}

/** Listen for as long as the page is to be seen, and try again where the connection ends. */
async function follow(signal, { onPicture, onState }) {
  let wait = 1;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    const endHidden = () => document.hidden && end();
    signal.addEventListener("abort", end);
    document.addEventListener("visibilitychange", endHidden);
    let reason = "The worker has ended the connection.";
    try {
      await listen("/v1/live", attempt.signal, (picture) => {
        wait = 1;
        onState(true);
        onPicture(picture);
      });
    } catch (error) {
      reason = error.status ? error.message : "The worker does not answer.";
      if (error.status === 401) wait = Infinity;
    }
    signal.removeEventListener("abort", end);
    document.removeEventListener("visibilitychange", endHidden);
    if (signal.aborted) return;
    onState(false, reason);
    if (wait === Infinity) return;
    await (document.hidden ? becomesVisible(signal) : pause(wait, signal));
    wait = Math.min(wait * 2, RETRY_SECONDS_MAX);
  }
}

const pause = (seconds, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, seconds * 1000);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
});

const becomesVisible = (signal) => new Promise((resolve) => {
  document.addEventListener("visibilitychange", resolve, { once: true });
  signal.addEventListener("abort", resolve);
});

function liveness() {
  const dot = badge("calm", "connecting …");
  const who = el("span", { class: "muted" });
  const ready = badge("calm", "");
  const rate = el("strong", { class: "figure", id: "rate" }, "–");
  const total = el("span", { class: "muted" });
  const line = svg("polyline", { class: "spark" });
  const drawing = svg("svg", { viewBox: "0 0 240 56", preserveAspectRatio: "none", "aria-hidden": "true" }, line);
  const box = el("section", { class: "card rate", "aria-labelledby": "rate-title" },
    el("h2", { id: "rate-title" }, "Events per second"), rate, drawing, total);
  const past = [];
  let isLive = null;
  return {
    node: el("p", { class: "row state" }, dot, ready, who),
    rate: box,
    connection(connected, reason = "") {
      dot.className = `badge ${connected ? "good" : "bad"}`;
      put(dot, connected ? "live" : `not live: ${reason}`);
      if (isLive !== connected) tell(connected ? "The figures are live." : reason);
      isLive = connected;
    },
    show({ app_id: app, ready: isReady, throughput }) {
      put(who, `application ${app}`);
      ready.className = `badge ${isReady ? "good" : "warn"}`;
      put(ready, isReady ? "ready" : "not ready yet");
      put(rate, count(Math.round(throughput.events_per_second)));
      put(total, `${count(throughput.events_total)} since the start`);
      past.push(throughput.events_per_second);
      if (past.length > POINTS_MAX) past.shift();
      const most = Math.max(...past, 1);
      const points = past.map((value, at) => `${(at * 240) / (POINTS_MAX - 1)},${53 - (value / most) * 50}`);
      line.setAttribute("points", points.join(" "));
    },
  };
}

function identity() {
  const numbers = {};
  const term = (name, title) => {
    numbers[name] = el("span", { class: "figure" }, "–");
    return el("span", { class: `term ${name}` }, numbers[name], el("span", { class: "muted title" }, title));
  };
  const sign = (text) => el("span", { class: "sign" }, text);
  const outcomes = OUTCOMES.map(([name, title], at) => {
    const part = el("span", { class: "pairing" }, sign(at ? "+" : "="), term(name, title));
    return part;
  });
  const verdict = notice("calm", "");
  const bar = svg("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true", class: "shares" },
    OUTCOMES.map(([name]) => svg("rect", { class: name, height: 10 })));
  let held = null;
  return {
    node: el("section", { class: "card", "aria-labelledby": "identity-title" },
      el("h2", { id: "identity-title" }, "Every record accounted for"),
      el("p", { class: "equation" }, term("consumed", "consumed"), outcomes), bar, verdict),
    show(told) {
      for (const [name, node] of Object.entries(numbers)) put(node, count(told[name]));
      const last = outcomes.at(-1);
      last.hidden = told.forwarded === 0;
      put(last.lastChild.lastChild, told.forwarded < 0 ? "from other workers" : "in flight");
      const total = OUTCOMES.reduce((so_far, [name]) => so_far + told[name], 0);
      let x = 0;
      OUTCOMES.forEach(([name], at) => {
        const width = told.consumed > 0 ? (1000 * Math.max(0, told[name])) / told.consumed : 0;
        bar.children[at].setAttribute("x", x);
        bar.children[at].setAttribute("width", width);
        x += width;
      });
      const holds = told.holds && total === told.consumed;
      verdict.className = `notice ${holds ? "good" : "bad"}`;
      const parts = `${count(total)} on the right, ${count(told.consumed)} consumed`;
      put(verdict, holds ? `✓ It adds up: ${parts}.` : `✗ It does not add up: ${parts}. Look at loyalty-stream status.`);
      if (held !== null && held !== holds) tell(verdict.textContent);
      held = holds;
    },
  };
}

function topics() {
  const body = el("div", {});
  const sum = el("span", { class: "muted" });
  const rows = new Map();
  let shape = "";
  function build(partitions) {
    rows.clear();
    const entries = [...Map.groupBy(partitions, (at) => at.topic)].flatMap(([topic, own]) => [
      { id: topic, title: topic, size: own.length }, ...own.map((at) => ({ id: `${topic}-${at.partition}`, title: `partition ${at.partition}`, inside: topic }))]);
    const cell = (row, name) => {
      const node = el("span", {});
      rows.get(row.id)[name] = node;
      return node;
    };
    for (const row of entries) rows.set(row.id, {});
    const made = table("Topics", [
      { title: "Topic", of: (row) => row.inside ? el("span", { class: "muted" }, row.title) : opener(row) },
      { title: "Committed", number: true, of: (row) => cell(row, "committed") },
      { title: "End", number: true, of: (row) => cell(row, "end") },
      { title: "Lag", number: true, of: (row) => cell(row, "lag") },
    ], entries);
    entries.forEach((row, at) => {
      const line = made.querySelectorAll("tbody tr")[at];
      line.dataset.inside = row.inside ?? "";
      line.hidden = Boolean(row.inside);
      if (row.inside) line.className = "inner";
    });
    body.replaceChildren(made);
  }
  function opener(row) {
    const button = el("button", { type: "button", class: "choice", "aria-expanded": "false", onclick: turn }, row.title);
    function turn() {
      const isOpen = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(isOpen));
      for (const line of body.querySelectorAll("tr")) if (line.dataset.inside === row.id) line.hidden = !isOpen;
    }
    return button;
  }
  return {
    node: el("section", { class: "card", "aria-labelledby": "topics-title" },
      el("h2", { id: "topics-title" }, "Topics of this worker ", sum), body),
    show(partitions) {
      const now = partitions.map((at) => `${at.topic}-${at.partition}`).join();
      if (!partitions.length) body.replaceChildren(nothing("This worker has no partitions yet."));
      else if (shape !== now) build(partitions);
      shape = now;
      const totals = new Map();
      for (const at of partitions) {
        fill(rows.get(`${at.topic}-${at.partition}`), at);
        const total = totals.get(at.topic) ?? { committed: 0, end: 0, lag: 0 };
        for (const name of ["committed", "end", "lag"]) total[name] = at[name] === null || total[name] === null ? null : total[name] + at[name];
        totals.set(at.topic, total);
      }
      for (const [topic, total] of totals) fill(rows.get(topic), total);
      const lag = partitions.reduce((so_far, at) => so_far + (at.lag ?? 0), 0);
      put(sum, partitions.length ? `lag ${count(lag)}` : "");
    },
  };
}

function fill(cells, values) {
  for (const [name, node] of Object.entries(cells)) {
    put(node, count(values[name]));
    if (name === "lag") node.className = values.lag ? "behind" : "";
  }
}

function letters() {
  const body = el("div", {});
  let newest = null;
  const columns = [
    { title: "When (UTC)", of: (row) => moment(row.at) },
    { title: "Reason", of: (row) => badge("bad", row.reason.replaceAll("_", " ")) },
    { title: "Detail", of: (row) => el("span", { class: "detail" }, row.detail) },
    { title: "Dialect", of: (row) => row.dialect ?? "–" },
    { title: "Raw record", of: (row) => el("code", {}, `${row.topic} ${row.partition}:${row.offset}`) },
  ];
  return {
    node: el("section", { class: "card", "aria-labelledby": "letters-title" },
      el("h2", { id: "letters-title" }, "Latest dead letters ", el("span", { class: "muted" }, "since the worker's start")), body,
      el("p", { class: "muted" }, "All of them: ", el("code", {}, "loyalty-stream dead-letters list"))),
    show(rows) {
      const now = rows.map((row) => `${row.topic} ${row.partition}:${row.offset} ${row.at}`).join();
      if (newest === now) return;
      newest = now;
      body.replaceChildren(rows.length ? table("Latest dead letters", columns, rows) : nothing("None: every record could be used."));
    },
  };
}
