// What htmx cannot do: pause hidden tabs, say "not live since", tick all boxes, copy, focus.

const isPoller = (element) => (element?.getAttribute?.("hx-trigger") ?? "").startsWith("every");

/** Hours and minutes of now, as the person's own clock shows them. */
const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hour12: false });

let notLiveSince = null;

/** Shows or hides the sentence beside the live mark; the rows stay as they are. */
function tellNotLive(sentence) {
  for (const element of document.querySelectorAll("[data-not-live]")) {
    if (element.textContent !== sentence) element.textContent = sentence;
    element.hidden = sentence === "";
    element.closest("[data-live]")?.classList.toggle("on", sentence === "");
  }
}

document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && isPoller(event.detail.ctx.sourceElement)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll('[hx-trigger^="every"]')) {
    element.dispatchEvent(new CustomEvent("every"));
  }
});

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!isPoller(sourceElement) || response.status >= 400) return;
  notLiveSince = null;
  tellNotLive("");
});

for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, (event) => {
    const ctx = event.detail.ctx;
    if (!ctx) return;
    if (!isPoller(ctx.sourceElement)) return tellProblem(ctx);
    notLiveSince ??= clock.format();
    tellNotLive(
      ctx.response?.status === 401
        ? "Signed out. Reload the page to sign in again."
        : `Not live since ${notLiveSince}. Trying again.`,
    );
  });
}

/** An act that failed says so at the top; a form that answers 422 with its own page does it there. */
function tellProblem(ctx) {
  if (ctx.response?.status === 422 && ctx.sourceElement.hasAttribute("hx-status:422")) return;
  const answer = new DOMParser().parseFromString(ctx.text ?? "", "text/html").body.textContent;
  const problem = document.getElementById("problem");
  problem.textContent = answer.trim() || "Sluice did not answer. Try again.";
  problem.hidden = false;
  problem.scrollIntoView({ block: "nearest" });
}

/** An address without what was left empty, when a filter makes one. */
document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  if (!sourceElement.matches("form.filters")) return;
  for (const [name, value] of [...request.body]) if (value === "") request.body.delete(name);
});

/** Sending a step's form twice is one step back, not two. */
document.addEventListener("htmx:before:history:update", (event) => {
  const { history } = event.detail;
  if (history.path === location.pathname + location.search) history.type = "replace";
});

document.addEventListener("change", (event) => {
  const box = event.target.closest?.("[data-select-all]");
  if (!box) return;
  for (const one of box.form?.elements ?? []) {
    if (one.name === box.dataset.selectAll && !one.disabled) one.checked = box.checked;
  }
});

/** A button that its own click took away, as "Next page" on the last one, leaves the focus to another. */
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  ctx.focusElse = ctx.sourceElement?.dataset?.focusElse;
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.focusElse === undefined || document.activeElement !== document.body) return;
  document.getElementById(ctx.focusElse)?.focus({ preventScroll: true });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.querySelector("[data-copy-word]").textContent = "Copied";
  } catch {
    // Without https a browser has no clipboard: mark the text, so that the keyboard can copy it.
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
  }
});

/** In a row of tabs that is wider than the window the present one is in sight. */
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Parts that only make sense with scripts are hidden until here. */
function reveal(root) {
  for (const element of root.querySelectorAll("[data-needs-script]")) element.hidden = false;
  for (const element of root.querySelectorAll("[data-without-script]")) element.hidden = true;
}

reveal(document);
document.addEventListener("htmx:after:swap", () => reveal(document));
