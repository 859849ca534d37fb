/* What somebody thinks of an entry, and the change that is proposed when it says enough. */

import { announce } from "./counting.js";

const place = document.querySelector("[data-proposals]");

function press(form, pressed) {
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === pressed));
  }
  form.parentElement.querySelector('[data-slot="noted"]').textContent = pressed?.dataset.noted ?? "";
}

const offered = () => [...place.querySelectorAll("[data-proposal]")].map((card) => card.dataset.proposal);

/* Returns the first card that was not there before. The page of the server is the only text. */
async function showProposals() {
  const before = offered();
  const answer = await fetch(place.dataset.proposals).catch(() => null);
  if (!answer?.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.body.children);
  return [...place.querySelectorAll("[data-proposal]")].find((card) => !before.includes(card.dataset.proposal)) ?? null;
}

function lead(card, kind) {
  if (kind !== "less_like_this") return announce("A change is proposed at the top of the page.");
  card.scrollIntoView({ block: "center" });
  card.focus({ preventScroll: true });
}

export async function sendOpinion(form, button) {
  const id = form.closest("[data-entry]").dataset.entry;
  const before = form.querySelector('[aria-pressed="true"]');
  press(form, button);
  const answer = await fetch(`/api/notifications/${id}/feedback`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ kind: button.value }),
  }).catch(() => null);
  if (!answer?.ok) {
    press(form, before);
    return announce("That could not be noted. Please try again.");
  }
  announce(button.dataset.noted);
  const { proposals } = await answer.json();
  const open = new Set(proposals.map((proposal) => proposal.id));
  if (place === null || (open.size === offered().length && offered().every((one) => open.has(one)))) return;
  const card = await showProposals();
  if (card) lead(card, button.value);
}
