/* j and k move, r marks read, w opens the why, h d l say what one thinks, n shows what is new, ? tells. */

const dialog = document.querySelector("[data-keys]");
const articles = () => [...document.querySelectorAll(".entries article")];

function current() {
  return document.activeElement?.closest?.(".entries article") ?? null;
}

function move(step) {
  const all = articles();
  const at = all.indexOf(current());
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

function toggleWhy() {
  const why = current()?.querySelector("details");
  if (why) why.open = !why.open;
}

function say(kind) {
  current()?.querySelector(`[data-say] [value="${kind}"]`)?.click();
}

export function listenToKeys({ showWaiting }) {
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    r: () => current()?.querySelector("[data-read]")?.requestSubmit(),
    w: toggleWhy,
    h: () => say("helpful"),
    d: () => say("dismissed"),
    l: () => say("less_like_this"),
    n: showWaiting,
    "?": () => dialog.showModal(),
  };
  const opener = document.querySelector("[data-keys-open]");
  opener.hidden = false;
  opener.addEventListener("click", actions["?"]);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
