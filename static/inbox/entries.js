/* Entries of the list. What others wrote is only ever set as text. */

const all = () => document.querySelectorAll("[data-entries] [data-entry]");

function find(id) {
  return [...all()].find((entry) => entry.dataset.entry === id) ?? null;
}

function fill(root, values) {
  for (const [slot, text] of Object.entries(values)) {
    const element = root.querySelector(`[data-slot="${slot}"]`);
    if (element) element.textContent = text;
  }
}

function check({ passed, text }) {
  const template = document.querySelector("[data-check-template]");
  const item = template.content.firstElementChild.cloneNode(true);
  item.className = passed ? "passed" : "missed";
  fill(item, { text });
  return item;
}

export function known(id, waiting) {
  return find(id) !== null || waiting.some((entry) => entry.dataset.entry === id);
}

export function build(notification) {
  const template = document.querySelector("[data-entry-template]");
  const entry = template.content.querySelector("[data-entry]").cloneNode(true);
  const { why, urgency, deliveredAt } = notification;
  entry.id = `entry-${notification.id}`;
  entry.dataset.entry = notification.id;
  entry.dataset.urgency = urgency;
  entry.classList.toggle("unread", notification.status === "delivered");
  fill(entry, {
    sender: notification.sender,
    category: notification.categoryLabel,
    urgency: urgency.charAt(0).toUpperCase() + urgency.slice(1),
    headline: notification.headline,
    message: notification.message,
    reason: why.reason,
    verdict: why.verdict,
    method: why.confidence === null ? why.method : `${why.method} · ${Math.round(why.confidence * 100)} % sure`,
  });
  entry.querySelector('[data-slot="checks"]').replaceChildren(...why.checks.map(check));
  entry.querySelector('[data-slot="digest"]').hidden = !notification.inDigest;
  const time = entry.querySelector("time");
  time.dateTime = deliveredAt;
  time.title = new Date(deliveredAt).toLocaleString();
  entry.querySelector("[data-read]").action = `/inbox/${notification.id}/read/`;
  entry.querySelector("[data-later-form]").action = `/inbox/${notification.id}/snooze/`;
  entry.querySelector("[data-say]").action = `/inbox/${notification.id}/feedback/`;
  if (notification.status !== "delivered") read(entry);
  return entry;
}

function read(entry) {
  const form = entry.querySelector("[data-read]");
  const hadFocus = form?.contains(document.activeElement);
  entry.classList.remove("unread");
  entry.querySelector("[data-unread-word]").textContent = "";
  form?.remove();
  if (hadFocus) entry.querySelector("article").focus({ preventScroll: true });
  return form;
}

/* Returns the form that was taken away, so that it can be put back. */
export function markRead(id) {
  const entry = find(id);
  return entry && read(entry);
}

export function unmarkRead(id, form) {
  const entry = find(id);
  if (!entry || !form) return;
  entry.classList.add("unread");
  entry.querySelector("[data-unread-word]").textContent = "Unread: ";
  entry.querySelector(".foot").append(form);
}

/* Takes the entry off the page; the next one, or the one before, is where the reader goes on. */
export function remove(id) {
  const entry = find(id);
  if (!entry) return;
  const next = entry.nextElementSibling ?? entry.previousElementSibling;
  const hadFocus = entry.contains(document.activeElement);
  entry.remove();
  if (hadFocus) next?.querySelector("article").focus({ preventScroll: true });
}

export function markAllRead() {
  all().forEach(read);
}
