/* Shows what is pushed, and does what is pressed on it, with or without an open page. */

const ACT = "/api/notifications/push/act";
const STATE = "/preferences/push/";
const ICON = "/static/push/icon.png";
const INBOX = "/inbox/";
const CACHE = "vigil-push";
const OWNER = "/push/owner";
/* From so many of one kind on, they are gathered into one. What is urgent stays by itself. */
const GATHER_FROM = 4;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* --- showing --- */

const UNREADABLE = { title: "Vigil", body: "Something new is in your inbox.", tag: "vigil", group: "", url: INBOX };

function cardOf(data) {
  try {
    const card = data.json();
    return typeof card?.title === "string" ? card : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

function optionsOf(card) {
  const { body, tag, url, group, urgent = false, actions = [], token = "", at = Date.now() } = card;
  return {
    body, tag, actions, icon: ICON, badge: ICON, timestamp: at, requireInteraction: urgent,
    data: { url, group, urgent, token, tags: [tag], titles: [card.title] },
  };
}

function gathered(card, alike) {
  const newestFirst = [...alike].reverse();
  const tags = [card.tag, ...newestFirst.flatMap((one) => one.data.tags)];
  const titles = [card.title, ...newestFirst.flatMap((one) => one.data.titles)];
  return {
    body: titles.slice(0, GATHER_FROM).join("\n"),
    tag: `group:${card.group}`,
    icon: ICON,
    badge: ICON,
    data: { url: INBOX, group: card.group, urgent: false, token: "", tags, titles },
  };
}

/* A message that comes again has the tag it had: it takes its own place, without another sound. */
async function show(card) {
  const shown = await self.registration.getNotifications();
  const others = shown.filter((one) => one.tag !== card.tag);
  const alike = others.filter((one) => one.data?.group === card.group && !one.data.urgent);
  const known = alike.find((one) => one.data.tags.includes(card.tag));
  if (known) return;
  const count = alike.reduce((sum, one) => sum + one.data.tags.length, 1);
  if (card.urgent || count < GATHER_FROM) {
    await self.registration.showNotification(card.title, optionsOf(card));
    return;
  }
  alike.forEach((one) => one.close());
  await self.registration.showNotification(`${count} new notifications`, gathered(card, alike));
}

/* One after the other: two at once would both find as many as there were before. */
let last = Promise.resolve();

self.addEventListener("push", (event) => {
  const card = cardOf(event.data);
  last = last.catch(() => undefined).then(() => show(card));
  event.waitUntil(last);
});

/* --- pressing --- */

async function open(wanted) {
  const target = new URL(wanted ?? INBOX, self.location.origin);
  const url = target.origin === self.location.origin ? target : new URL(INBOX, self.location.origin);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === url.pathname);
  if (!there) return self.clients.openWindow(url.href);
  const page = await there.focus().catch(() => there);
  return page.navigate(url.href).catch(() => page);
}

/* The token the message brought is all it takes: no session, no page. Where it has ended, or the
   server says no, the page itself is the way. */
async function act({ token, url }, action) {
  const answer = await fetch(ACT, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, action }),
  }).catch(() => null);
  return answer?.ok ? undefined : open(url);
}

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(action ? act(notification.data, action) : open(notification.data?.url));
});

/* --- staying subscribed --- */

async function owner() {
  const kept = await (await caches.open(CACHE)).match(OWNER);
  return kept ? (await kept.json()).user : null;
}

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function tell(method, place, body, token) {
  return fetch(`/api/notifications/push/${place}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
}

/* Only for the person who allowed it here, and only while they are logged in; else the next page
   they open does it. */
async function resubscribe({ oldSubscription, newSubscription }) {
  const [user, answer] = await Promise.all([owner(), fetch(STATE, { redirect: "error" })]);
  const state = await answer.json();
  if (user === null || state.user !== user || !state.publicKey) return;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(state.publicKey) };
  const subscription = newSubscription ?? (await self.registration.pushManager.subscribe(options));
  await tell("POST", "subscribe", { subscription: subscription.toJSON() }, state.csrfToken);
  if (oldSubscription) {
    await tell("DELETE", "unsubscribe", { endpoint: oldSubscription.endpoint }, state.csrfToken);
  }
}

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(resubscribe(event).catch(() => undefined));
});
