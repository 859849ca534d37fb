/* The stream and its lamp. The browser reconnects by itself and says where it had come to. */

const PATIENCE_MS = 2000;
const lamp = document.querySelector("[data-live]");
let soon = 0;

function say(state, words) {
  window.clearTimeout(soon);
  lamp.hidden = false;
  lamp.dataset.live = state;
  lamp.querySelector("[data-live-words]").textContent = words;
}

export function connect({ stream, since }, { arrived, wasRead, unread }) {
  const source = new EventSource(since ? `${stream}?since=${encodeURIComponent(since)}` : stream);
  const on = (name, handle) => source.addEventListener(name, (event) => handle(JSON.parse(event.data)));

  source.onopen = () => say("on", "Live");
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) return say("off", "Not live, please reload");
    window.clearTimeout(soon);
    soon = window.setTimeout(() => say("again", "Reconnecting…"), PATIENCE_MS);
  };
  on("unread", unread);
  on("proactive_message", arrived);
  on("notification_read", wasRead);
  on("replaced", () => {
    source.close();
    say("off", "Live in another tab");
  });
}
