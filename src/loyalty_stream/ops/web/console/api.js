// Ask the worker. The token stays in this tab (sessionStorage) and goes out as a header alone.

const TOKEN = "loyalty-token";

/** What the worker refuses: the status and what its problem says. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? (status === 404 ? "It may be of an earlier version, which has no such page." : ""));
    this.status = status;
    this.title = problem.title ?? `The worker answers ${status}.`;
  }
}

export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

let asked = null;

/** Ask the user for the token, once for all that wait for it; false where they would not. */
function askToken() {
  asked ??= new Promise((resolve) => {
    const dialog = document.getElementById("ask");
    const input = document.getElementById("token");
    if (hasToken()) document.getElementById("ask-why").textContent = "The worker refuses the token that it was shown. Another one?";
    input.value = "";
    const form = dialog.querySelector("form");
    const end = (given) => {
      dialog.close();
      asked = null;
      resolve(given);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      sessionStorage.setItem(TOKEN, input.value);
      document.getElementById("forget").hidden = false;
      end(true);
    };
    document.getElementById("ask-not").onclick = () => end(false);
    dialog.oncancel = (event) => {
      event.preventDefault();
      end(false);
    };
    dialog.showModal();
    input.focus();
  });
  return asked;
}

async function send(path, options) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN);
    const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await fetch(path, { ...options, headers, cache: "no-store" });
    if (response.status !== 401) return response;
    // Another request may have got a token meanwhile.
    const isNewer = sessionStorage.getItem(TOKEN) !== token;
    if (!isNewer && !(await askToken())) throw new Refused(401, { title: "Token needed", detail: "Without the token the worker shows nothing." });
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused(response.status, problem);
}

/** Return what a page answers as JSON; throw Refused where it answers a problem. */
export async function get(path, options = {}) {
  const response = await send(path, options);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

export const customerPath = (key) => `/v1/customers/${encodeURIComponent(key)}`;

/** Read server-sent events until `signal` aborts; EventSource would send no token. */
export async function listen(path, signal, onEvent) {
  const response = await send(path, { signal });
  if (!response.ok) throw await refusal(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
      if (data.length) onEvent(JSON.parse(data.join("\n")));
    }
  }
}
