/**
 * What a browser keeps of an attempt until the server has it. The review of the attempt ([data-attempt-done]) throws it
 * away: others may use the device.
 */

/** @param {string | undefined} attempt */
export function storeKey(attempt) {
  return `headwater:${attempt ?? location.pathname}`;
}

/** @param {HTMLElement} place */
export function attach(place) {
  localStorage.removeItem(storeKey(place.dataset.attemptDone));
}
