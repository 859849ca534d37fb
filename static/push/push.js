/* Push in this very browser: its state in words, and a button. Nothing is asked but on a click. */

import { isOn, renew, supported, turnOff, turnOn } from "./subscribing.js";

const box = document.querySelector("[data-push]");
const words = box?.querySelector("[data-push-words]");
const button = box?.querySelector("[data-push-button]");

const STATES = {
  unsupported: {
    text: "This browser cannot show push messages. On an iPhone or iPad, add Vigil to the home screen first.",
  },
  denied: {
    text: "Push is blocked in this browser. Allow notifications for this site in the browser’s settings, then reload the page.",
  },
  off: { text: "Push is off in this browser.", button: "Allow push in this browser" },
  on: { text: "Push is on in this browser.", button: "Turn push off in this browser" },
};

let state = "";

/* The inbox offers what can be done, and says the rest only after a click. */
const quiet = () => box.dataset.push === "quiet";

function show(next, wrong = null) {
  const { text, button: label = "" } = STATES[next];
  state = next;
  box.dataset.state = next;
  words.textContent = wrong === null ? text : `${text} ${wrong}`;
  button.textContent = label;
  button.hidden = label === "";
  box.hidden = false;
}

function settings() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return { user: box.dataset.user, key: box.dataset.key, token };
}

async function current() {
  if (!supported) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return (await isOn(box.dataset.user)) ? "on" : "off";
}

async function press() {
  if (state === "on") return turnOff(settings());
  const permission = await Notification.requestPermission();
  return permission === "granted" ? turnOn(settings()) : null;
}

/* What the page lists below the button, as the server has it now. */
async function listAnew() {
  const place = document.querySelector('[data-addresses="web_push"]');
  if (!place) return;
  const answer = await fetch(window.location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceWith(page.querySelector('[data-addresses="web_push"]'));
}

async function pressed() {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  words.textContent = "One moment …";
  const wrong = await press().catch(() => "That did not work. Please try again.");
  button.removeAttribute("aria-busy");
  show(await current(), wrong);
  await listAnew();
  if (button.hidden) words.focus();
}

async function start() {
  const found = await current();
  if (!quiet() || found === "off") show(found);
  button.addEventListener("click", pressed);
  if (found === "on") await renew(settings());
}

if (box) start();
