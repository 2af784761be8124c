// What is chosen on a page stands in its address: it can be sent on, reloaded and gone back to.

/** @param {string} name */
export function param(name) {
  return new URLSearchParams(location.search).get(name) ?? "";
}

/** A list, written with commas.
 * @param {string} name
 */
export function listParam(name) {
  return param(name).split(",").filter(Boolean);
}

/**
 * Sets parameters; empty ones are taken out. A new choice is a step in the history, a detail (a sort) replaces it.
 * @param {Record<string, string | null>} changes
 * @param {{step?: boolean}} [options]
 */
export function setParams(changes, { step = false } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString().replaceAll("%2C", ",");
  const url = location.pathname + (text ? `?${text}` : "");
  if (url === location.pathname + location.search) return;
  if (step) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}

/**
 * @param {string} page
 * @param {Record<string, string | null | undefined>} params
 */
export function pageUrl(page, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) query.set(name, value);
  const text = query.toString();
  return `/staff/${page}${text ? `?${text}` : ""}`;
}
