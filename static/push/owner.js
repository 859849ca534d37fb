/* Whose push messages this browser shows. Kept where the service worker finds it, too: it goes on
   when no page is open, and must not subscribe for whoever happens to be logged in by then. */

const CACHE = "vigil-push";
const PLACE = "/push/owner";

/* {user, at}: a person's id, and when the server was last told (ms); null for nobody. */
export async function owner() {
  const kept = await (await caches.open(CACHE)).match(PLACE);
  return kept ? kept.json() : null;
}

export async function remember(user) {
  const kept = new Response(JSON.stringify({ user, at: Date.now() }));
  await (await caches.open(CACHE)).put(PLACE, kept);
}

export async function forget() {
  await (await caches.open(CACHE)).delete(PLACE);
}
