/* This browser's subscription, here and at the server. */

import { forget, owner, remember } from "./owner.js";

const WORKER = "/service-worker.js";
const RENEWED_MS = 24 * 60 * 60 * 1000;
/* A browser that cannot reach its own push service may go on trying for ever. */
const PATIENCE_MS = 20_000;

export const supported =
  window.isSecureContext &&
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function holdsFor(subscription, key) {
  const theirs = new Uint8Array(subscription.options.applicationServerKey ?? []);
  const ours = bytesOf(key);
  return theirs.length === ours.length && theirs.every((byte, at) => byte === ours[at]);
}

function within(promise, milliseconds) {
  const late = new Promise((_, refuse) => {
    window.setTimeout(() => refuse(new Error("late")), milliseconds);
  });
  return Promise.race([promise, late]);
}

async function present() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/* Returns null when it went well, otherwise what went wrong, for people. */
async function tell(method, place, body, token) {
  const answer = await fetch(`/api/notifications/push/${place}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer?.ok) return null;
  const said = await answer?.json().catch(() => null);
  return said?.detail ?? "The server could not be reached.";
}

export async function isOn(user) {
  if (Notification.permission !== "granted" || (await present()) === null) return false;
  return (await owner())?.user === user;
}

/* A subscription of somebody else, or for another key, ends: its messages are not this person's. */
export async function turnOn({ user, key, token }) {
  const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  const keeps = old !== null && holdsFor(old, key) && (await owner())?.user === user;
  if (old && !keeps) await old.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const subscription = keeps
    ? old
    : await within(registration.pushManager.subscribe(options), PATIENCE_MS).catch(() => null);
  if (subscription === null) return "The browser’s push service could not be reached.";
  const body = { subscription: subscription.toJSON(), userAgent: navigator.userAgent };
  const wrong = await tell("POST", "subscribe", body, token);
  if (wrong === null) {
    await remember(user);
  } else if (!keeps) {
    await subscription.unsubscribe();
  }
  return wrong;
}

export async function turnOff({ token }) {
  const subscription = await present();
  await forget();
  if (subscription === null) return null;
  const { endpoint } = subscription;
  await subscription.unsubscribe();
  await tell("DELETE", "unsubscribe", { endpoint }, token);
  return null;
}

/* Services forget what is not used, and keys change: once a day it is said again. */
export async function renew(box) {
  const kept = await owner();
  const subscription = await present();
  if (subscription === null) return;
  if (holdsFor(subscription, box.key) && Date.now() - kept.at < RENEWED_MS) return;
  await turnOn(box);
}
