/* How much is unread, wherever it is shown. */

const inbox = document.querySelector("[data-inbox]");
const name = document.title.replace(/^\(\d+\) /, "");

export function unreadShown() {
  return Number(inbox.dataset.unread);
}

export function count(unread) {
  inbox.dataset.unread = String(unread);
  document.title = unread > 0 ? `(${unread}) ${name}` : name;
  document.querySelector("[data-count-number]").textContent = String(unread);
  document.querySelector("[data-count]").hidden = unread === 0;
  document.querySelector("[data-read-all]").hidden = unread === 0;
}

export function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}
