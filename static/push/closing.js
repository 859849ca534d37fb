/* What was read elsewhere needs no notification here. Without an open page it stays until it is
   pressed: a browser gives a worker no silent push to take it away with. */

export async function closeRead(ids, unread) {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  if (!registration) return;
  const read = new Set(ids);
  for (const shown of await registration.getNotifications()) {
    const tags = shown.data?.tags ?? [shown.tag];
    if (unread === 0 || tags.every((tag) => read.has(tag))) shown.close();
  }
}
