/**
 * Where answers wait in the browser until they are sent: for the tab in sessionStorage, so that a reload shows the same
 * page; for the device in localStorage under the wave and a hash of the code, so that nobody else who answers here meets
 * them. Both are erased after sending and when somebody says so; what is older than its wave on the next visit.
 *
 * The key of one's own result stays with the tab: on the device it would open the result to whoever comes next. The
 * permit does not; it lets a sending that was cut off end as one answer.
 */

import { symbols } from "./ballotcode.js";

const TAB = "headwater-answer";
const DEVICE = "headwater-answer:";

/** @typedef {{given: string, trust: string, permit: string, asks: string, until: string}} Kept */

let erased = false;

/** @param {() => unknown} attempt A browser that stores nothing loses nothing but this comfort. */
function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return null;
  }
}

/** @param {string} wave @param {string} code */
async function keyOf(wave, code) {
  if (!globalThis.crypto?.subtle) {
    return null;
  }
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(wave + symbols(code)));
  const hex = [...new Uint8Array(hash).slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${DEVICE}${wave}:${hex}`;
}

/** @param {string} wave @param {string} code @param {Kept} what */
export async function keep(wave, code, what) {
  const key = await keyOf(wave, code);
  if (key && !erased) {
    quietly(() => localStorage.setItem(key, JSON.stringify(what)));
  }
}

/** @param {string} wave @param {string} code @returns {Promise<Record<string, string> | null>} */
export async function kept(wave, code) {
  const key = await keyOf(wave, code);
  return key ? quietly(() => JSON.parse(localStorage.getItem(key) ?? "null")) : null;
}

/** @param {Record<string, string>} fields @param {string} until */
export function keepTab(fields, until) {
  if (!erased) {
    quietly(() => sessionStorage.setItem(TAB, JSON.stringify({ fields, until })));
  }
}

/** @returns {Record<string, string> | null} */
export function keptTab() {
  return quietly(() => JSON.parse(sessionStorage.getItem(TAB) ?? "null")?.fields ?? null);
}

/** Whether this browser keeps answers, of whomever. */
export function keepsAny() {
  return Boolean(quietly(() => sessionStorage.getItem(TAB) !== null || names().length > 0));
}

/** What waves left that are over. */
export function forgetOver() {
  quietly(() => isOver(sessionStorage.getItem(TAB)) && forgetTab());
  quietly(() => names().forEach((name) => isOver(localStorage.getItem(name)) && localStorage.removeItem(name)));
}

function forgetTab() {
  quietly(() => sessionStorage.removeItem(TAB));
}

/** Both places, for this code. @param {string} wave @param {string} code */
export async function forget(wave, code) {
  forgetTab();
  const key = await keyOf(wave, code);
  if (key) {
    quietly(() => localStorage.removeItem(key));
  }
}

/** Everything, whoever left it; nothing more is kept by this page. */
export function forgetAll() {
  erased = true;
  forgetTab();
  quietly(() => names().forEach((name) => localStorage.removeItem(name)));
}

function names() {
  return Object.keys(localStorage).filter((name) => name.startsWith(DEVICE));
}

/** @param {string | null} stored */
function isOver(stored) {
  return stored !== null && !(Date.parse(JSON.parse(stored).until) > Date.now());
}
