// The console: chooses the view, and what holds for all views: search, keys, colours, the token.

import { forgetToken, hasToken } from "./api.js";
import { customerView } from "./customer.js";
import { el, put } from "./dom.js";
import { pipelineView } from "./pipeline.js";
import { programsView } from "./programs.js";

const TITLES = { customers: "Customer", programs: "Programmes", pipeline: "Pipeline" };

const main = document.getElementById("main");
const input = document.getElementById("key");
let leave = () => {};

/** Show the view that the address names. A customer's key does not stay in the address: it would be read over shoulders. */
function route() {
  const [, view = "customers", ...rest] = location.hash.split("/");
  if (view === "customers" && rest.length) {
    const key = decodeURIComponent(rest.join("/"));
    history.replaceState({ key }, "", "#/customers");
  }
  const name = Object.hasOwn(TITLES, view) ? view : "customers";
  leave();
  main.replaceChildren();
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${TITLES[name]} · Loyalty console`;
  if (name === "pipeline") leave = pipelineView(main);
  else if (name === "programs") leave = programsView(main, rest.length ? decodeURIComponent(rest.join("/")) : null);
  else leave = customerView(main, history.state?.key ?? null, clearSearch);
}

function clearSearch() {
  input.value = "";
}

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = input.value.trim();
  if (!key) return;
  history.pushState({ key }, "", "#/customers");
  route();
  main.focus();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});

// Colours: as the system has them until somebody chooses.

const THEMES = { system: ["light", "◐"], light: ["dark", "☀"], dark: ["system", "☾"] };
const themeButton = document.getElementById("theme");

function setTheme(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  put(themeButton.firstElementChild, THEMES[name][1]);
  themeButton.setAttribute("aria-label", name === "system" ? "Colours: as the system" : `Colours: ${name}`);
}

themeButton.addEventListener("click", () => {
  const next = THEMES[localStorage.getItem("loyalty-theme") ?? "system"][0];
  localStorage.setItem("loyalty-theme", next);
  setTheme(next);
});

const forget = document.getElementById("forget");
forget.hidden = !hasToken();
forget.addEventListener("click", () => {
  forgetToken();
  forget.hidden = true;
  leave();
  leave = () => {};
  main.replaceChildren(el("p", { class: "nothing" }, "The token is forgotten. What was shown is gone from this page."));
});

setTheme(Object.hasOwn(THEMES, localStorage.getItem("loyalty-theme")) ? localStorage.getItem("loyalty-theme") : "system");
window.addEventListener("hashchange", route);
window.addEventListener("popstate", (event) => {
  if (event.state?.key !== undefined) route();
});
route();
