/* The live inbox. Without this file the same pages work by links and forms. */

import { announce, count, unreadShown } from "./counting.js";
import { build, known, markAllRead, markRead, remove, unmarkRead } from "./entries.js";
import { listenToKeys } from "./keys.js";
import { connect } from "./live.js";
import { keepCurrent } from "./moments.js";
import { sendOpinion } from "./opinions.js";
import { closeRead } from "../push/closing.js";

const inbox = document.querySelector("[data-inbox]");
const list = document.querySelector("[data-entries]");
const pill = document.querySelector("[data-pill]");
const takesNews = list !== null && inbox.dataset.later === "";

let waiting = [];

/* Somebody who has scrolled, or has a reason open, is reading: nothing may move. */
function isReading() {
  return window.scrollY > 80 || document.querySelector("details.why[open]") !== null;
}

function show(entries) {
  for (const entry of entries) {
    list.prepend(entry);
    entry.classList.add("arriving");
  }
  const empty = document.querySelector("[data-empty]");
  if (empty) empty.hidden = true;
  keepCurrent();
}

function showWaiting() {
  if (waiting.length === 0) return;
  show(waiting);
  waiting = [];
  pill.hidden = true;
  window.scrollTo({ top: 0 });
  list.querySelector("article").focus({ preventScroll: true });
}

function arrived({ notification, unread }) {
  count(unread);
  if (!takesNews || known(notification.id, waiting)) return;
  const entry = build(notification);
  announce(`New: ${notification.title}`);
  if (isReading()) {
    waiting.push(entry);
    pill.textContent = `${waiting.length} new`;
    pill.hidden = false;
  } else {
    show([entry]);
  }
}

function wasRead({ ids, unread }) {
  count(unread);
  closeRead(ids, unread);
  if (unread === 0) markAllRead();
  else ids.forEach(markRead);
}

async function sendRead(form) {
  const id = form.closest("[data-entry]").dataset.entry;
  const removed = markRead(id);
  count(Math.max(0, unreadShown() - 1));
  const answer = await fetch(`/api/notifications/${id}/read`, {
    method: "PATCH",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  }).catch(() => null);
  if (answer?.ok) return;
  unmarkRead(id, removed);
  count(unreadShown() + 1);
  announce("It could not be marked as read. Please try again.");
}

async function sendLater(form, button) {
  const entry = form.closest("[data-entry]");
  const answer = await fetch(`/api/notifications/${entry.dataset.entry}/snooze`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ for: button.value }),
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (!answer?.ok) {
    const words = `${said?.detail ?? "That did not work"}.`;
    entry.querySelector('[data-slot="noted"]').textContent = words;
    return announce(words);
  }
  if (entry.classList.contains("unread")) count(Math.max(0, unreadShown() - 1));
  remove(entry.dataset.entry);
  announce(`It comes back at ${new Date(said.until).toLocaleString()}.`);
}

async function sendAllRead(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    redirect: "manual",
  }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return announce("That did not work. Please try again.");
  markAllRead();
  count(0);
  announce("All marked as read.");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-say]") && event.submitter) {
    event.preventDefault();
    sendOpinion(form, event.submitter);
    return;
  }
  if (form.matches("[data-later-form]") && event.submitter) {
    event.preventDefault();
    sendLater(form, event.submitter);
    return;
  }
  const send = form.matches("[data-read]") ? sendRead : form.matches("[data-read-all]") ? sendAllRead : null;
  if (send === null) return;
  event.preventDefault();
  send(form);
});

pill.addEventListener("click", showWaiting);
window.addEventListener("scroll", () => window.scrollY === 0 && waiting.length && showWaiting(), { passive: true });

keepCurrent();
listenToKeys({ showWaiting });
connect(inbox.dataset, { arrived, wasRead, unread: (news) => count(news.unread) });
