/* Whatever is moved is tried on the last 30 days at once. Without this file "Try it" does it. */

const form = document.querySelector("[data-try]");
const effect = document.querySelector("[data-effect]");
const tried = document.querySelector("[data-tried]");
const PAUSE = 350;
const FAILED = "That could not be tried just now.";

let timer = 0;
let asking = null;

/* 422 says what is not complete yet, in the place of what came of it. */
async function ask(signal) {
  const body = new FormData(form);
  const answer = await fetch(form.dataset.try, { method: "POST", body, signal });
  if (!answer.ok && answer.status !== 422) return FAILED;
  tried.innerHTML = await answer.text();
  return [...tried.querySelectorAll("[data-says]")].map((part) => part.textContent).join(" · ");
}

async function tryIt() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  effect.setAttribute("aria-busy", "true");
  const words = await ask(signal).catch(() => FAILED);
  if (signal.aborted) return;
  effect.textContent = words;
  effect.removeAttribute("aria-busy");
}

function round(slider) {
  slider.value = String(Math.round(slider.value * 100) / 100);
  form.querySelector(`output[for="${slider.id}"]`).textContent = slider.value;
}

form.addEventListener("input", ({ target }) => {
  if (target.type === "range") round(target);
  window.clearTimeout(timer);
  timer = window.setTimeout(tryIt, PAUSE);
});
