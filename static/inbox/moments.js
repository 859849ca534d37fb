/* "9 min ago" goes on being true while the page stays open. */

const MINUTE = 60_000;

function span(minutes) {
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function ago(moment) {
  const minutes = Math.floor((Date.now() - moment) / MINUTE);
  return minutes < 1 ? "just now" : `${span(minutes)} ago`;
}

export function keepCurrent() {
  for (const time of document.querySelectorAll(".entries time")) {
    time.textContent = ago(Date.parse(time.dateTime));
  }
}

window.setInterval(keepCurrent, MINUTE / 2);
