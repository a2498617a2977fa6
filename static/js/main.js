/**
 * Loads each behaviour only on pages that have a place for it. Every page works without any of them;
 * one that fails stays silent and leaves the others alone.
 */

/** @type {Array<[string, string]>} Selector of the place, and the module that serves it. */
const BEHAVIOURS = [
  ["[data-autosave]", "./autosave.js"],
  ["[data-deadline]", "./deadline.js"],
  ["[data-attempt-done]", "./kept.js"],
  ["#lesson-terms", "./terms.js"],
  ["[data-reading]", "./reading.js"],
  ["[data-opened]", "./opened.js"],
  ["[data-calculator]", "./calculator.js"],
  ["[data-workshop]", "./workshop.js"],
  ["[data-export]", "./exporting.js"],
  ["[data-menu]", "./menu.js"],
  ["[data-most-bytes]", "./filesize.js"],
];

for (const [selector, module] of BEHAVIOURS) {
  const places = document.querySelectorAll(selector);
  if (places.length > 0) {
    import(module)
      .then(({ attach }) => places.forEach((place) => attach(place)))
      .catch((problem) => console.warn(module, problem));
  }
}

const summary = document.querySelector(".error-summary");
if (summary instanceof HTMLElement) {
  summary.focus();
  const title = summary.querySelector("h2")?.textContent;
  document.title = title ? `${title}: ${document.title}` : document.title;
}
