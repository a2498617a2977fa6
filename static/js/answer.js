/**
 * Anonymous answering with a script: pages come without being loaded anew, a dead line is tried again, answers survive
 * a reload and the closing of the tab, and a kiosk clears itself.
 *
 * In the page: form.answer-form, with [data-answer="<wave>"][data-until][data-step] once the wave is known; fieldsets
 * with data-place hold the answer at that place of the hidden field "given"; body[data-kiosk] on a device for many, where
 * nothing is stored; [data-line] tells of the connection; [data-kept-here] is shown while the browser keeps answers, and
 * deletes them. Requests carry no cookie.
 */

import { CODE_LENGTH, isMistyped, newKey, symbols } from "./ballotcode.js";
import { forget, forgetAll, forgetOver, keep, keepTab, keepsAny, kept, keptTab } from "./answerstore.js";
import { attachIdle } from "./idle.js";

const PAUSES = [1000, 2000, 5000, 10000, 30000];
const PERMIT = 26;
const RESPONSE_KEY = 20;
const kiosk = document.body.dataset.kiosk;
/** What is being answered, to be forgotten once it is sent. */
const open = { wave: "", code: "" };

/** @returns {HTMLFormElement | null} */
const theForm = () => document.querySelector("form.answer-form[data-step], form[data-answer-start]");

/**
 * @param {HTMLFormElement | null} form
 * @param {string} name
 * @returns {HTMLInputElement | null}
 */
function field(form, name) {
  const found = form?.querySelector(`input[name="${name}"]`);
  return found instanceof HTMLInputElement ? found : null;
}

/** What a form holds now, its page included. @param {HTMLFormElement} form */
function values(form) {
  /** @type {Record<string, string>} */
  const all = {};
  for (const [name, value] of new FormData(form)) {
    all[name] = String(value);
  }
  return all;
}

/** The signs of all answers, those of the open page included. @param {HTMLFormElement} form */
function given(form) {
  const signs = [...(field(form, "given")?.value ?? "")];
  form.querySelectorAll("fieldset[data-place]").forEach((place) => {
    const chosen = place.querySelector("input:checked");
    if (place instanceof HTMLElement && chosen instanceof HTMLInputElement) {
      signs[Number(place.dataset.place)] = chosen.value;
    }
  });
  return signs.join("");
}

/** Keep what was said, in this browser alone. @param {HTMLFormElement} form */
async function remember(form) {
  if (kiosk || !form.dataset.answer) {
    return;
  }
  const all = values(form);
  if (open.code && symbols(open.code) !== symbols(all.code)) {
    await forget(open.wave, open.code); // they go on under another code
  }
  [open.wave, open.code] = [form.dataset.answer, all.code];
  const now = { given: given(form), trust: all.trust ?? "", permit: all.permit, asks: all.asks };
  const until = form.dataset.until ?? "";
  const go = form.dataset.step === "send" ? "last" : (form.dataset.step ?? "intro");
  keepTab({ ...now, key: all.key, code: all.code, go }, until);
  if (/[^-]/.test(now.given)) {
    await keep(form.dataset.answer, all.code, { ...now, until });
  }
  offerToErase();
}

/** The offer to delete what this browser keeps stands while it keeps something. */
function offerToErase() {
  document.querySelector("[data-kept-here]")?.toggleAttribute("hidden", !keepsAny());
}

function erase() {
  forgetAll();
  leave(document.body.dataset.start ?? location.pathname);
}

/** To a page that knows nothing; the way back of the browser finds none of what was here. @param {string} start */
function leave(start) {
  document.body.replaceChildren();
  location.replace(start);
}

/** What an earlier visit left is put back into the first page. @param {HTMLFormElement} form */
async function bringBack(form) {
  const untouched = /^-*$/.test(field(form, "given")?.value ?? "");
  const before = form.dataset.answer && !kiosk ? await kept(form.dataset.answer, field(form, "code")?.value ?? "") : null;
  if (!before || !untouched || before.asks !== field(form, "asks")?.value || /^-*$/.test(before.given)) {
    return;
  }
  for (const name of ["given", "trust", "permit"]) {
    const place = field(form, name);
    if (place) {
      place.value = before[name] ?? "";
    }
  }
  const note = form.querySelector("[data-kept]");
  note?.removeAttribute("hidden");
  note?.querySelector("[data-forget]")?.addEventListener("click", () => {
    const signs = field(form, "given");
    const trust = field(form, "trust");
    if (signs && trust) {
      signs.value = signs.value.replace(/./g, "-");
      trust.value = "";
    }
    forget(open.wave, open.code);
    note.setAttribute("hidden", "");
  });
}

/** Everything that a page needs when it appears. @param {boolean} first */
function arrive(first) {
  const form = theForm();
  if (document.querySelector("[data-answer-sent]")) {
    forget(open.wave, open.code).then(offerToErase);
  }
  offerToErase();
  document.querySelectorAll("[data-print]").forEach((place) => {
    place.removeAttribute("hidden");
    place.querySelector("button")?.addEventListener("click", () => window.print());
  });
  document.querySelectorAll("form.answer-form").forEach((each) => each.addEventListener("submit", onSubmit));
  const summary = document.querySelector(".error-summary");
  if (summary instanceof HTMLElement) {
    summary.focus();
  } else if (!first) {
    landing().focus({ preventScroll: true });
  }
  if (form?.matches("[data-answer-start]")) {
    begin(form, first);
  } else if (form) {
    form.addEventListener("change", () => remember(form));
    (form.dataset.step === "intro" ? bringBack(form) : Promise.resolve()).then(() => remember(form));
  }
}

/** The first page: the code of the link, keys made here, a mistyped code told at once. */
function begin(/** @type {HTMLFormElement} */ form, /** @type {boolean} */ first) {
  const code = field(form, "code");
  const error = form.querySelector("[data-code-error]");
  if (!code || !(error instanceof HTMLElement)) {
    return;
  }
  for (const [name, length] of /** @type {Array<[string, number]>} */ ([["permit", PERMIT], ["key", RESPONSE_KEY]])) {
    const place = field(form, name);
    if (place && !place.value) {
      place.value = newKey(length);
    }
  }
  if (location.hash.length > 1) {
    const sent = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    code.value = sent;
  } else if (first && !kiosk) {
    const left = keptTab();
    if (left && !code.value) {
      visit(form.action, new URLSearchParams(left), "replace");
      return;
    }
  }
  const told = error.dataset.codeError ?? "";
  // Not when the field is left: the page would move while a button is being pressed.
  code.addEventListener("input", () => tell(symbols(code.value).length >= CODE_LENGTH && isMistyped(code.value)));
  if (code.value && !error.textContent) {
    tell(isMistyped(code.value));
  }

  /** @param {boolean} wrong */
  function tell(wrong) {
    error?.toggleAttribute("hidden", !wrong);
    if (error) {
      error.textContent = wrong ? told : "";
    }
    code?.closest(".field")?.classList.toggle("field--error", wrong);
    if (wrong) {
      code?.setAttribute("aria-invalid", "true");
    } else {
      code?.removeAttribute("aria-invalid");
    }
  }
}

/** @param {Event} event */
async function onSubmit(event) {
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement) || !(event instanceof SubmitEvent)) {
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  const body = new URLSearchParams(values(form));
  let address = form.action;
  if (button instanceof HTMLButtonElement) {
    if (button.name) {
      body.set(button.name, button.value);
    }
    address = button.hasAttribute("formaction") ? button.formAction : address;
  }
  await remember(form);
  visit(address, body, "push");
}

let visits = 0;

/**
 * Ask for a page until an answer comes, and show it. The same keys go with each try, so sending twice counts once.
 * @param {string} address
 * @param {URLSearchParams} body
 * @param {"push" | "replace" | "stay"} how what becomes of the history: it holds the name of the step, never an answer
 */
async function visit(address, body, how) {
  const mine = ++visits;
  const line = document.querySelector("[data-line]");
  for (let tries = 0; mine === visits; tries += 1) {
    const page = await ask(address, body);
    if (mine !== visits) {
      return;
    }
    if (page) {
      say(line, "");
      show(page, new URL(address, location.href).hash);
      note(how);
      return;
    }
    say(line, "offline", () => (visits === mine ? visit(address, body, how) : undefined));
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
  }
}

/** The page, or null when the line is dead or the server is busy. */
async function ask(/** @type {string} */ address, /** @type {URLSearchParams} */ body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "error",
    });
    if (answer.status >= 500 || answer.status === 429) {
      return null;
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((done) => {
    const timer = window.setTimeout(done, milliseconds);
    window.addEventListener("online", () => (window.clearTimeout(timer), done(undefined)), { once: true });
  });
}

/**
 * @param {Element | null} line
 * @param {string} kind
 * @param {() => void} [again]
 */
function say(line, kind, again) {
  if (!(line instanceof HTMLElement) || (kind && line.dataset.state === kind && !again)) {
    return;
  }
  line.dataset.state = kind;
  line.replaceChildren();
  if (kind && again) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = line.dataset.again ?? "";
    button.addEventListener("click", again);
    line.append(line.dataset[kind] ?? "", button);
  }
}

/**
 * @param {Document} page
 * @param {string} hash
 */
function show(page, hash) {
  const main = page.querySelector("main");
  if (!main) {
    return;
  }
  page.querySelectorAll('link[rel="stylesheet"]').forEach((style) => {
    const href = style.getAttribute("href");
    if (!document.querySelector(`link[href="${href}"]`)) {
      document.head.append(document.importNode(style, true));
    }
  });
  document.title = page.title;
  document.querySelector("main")?.replaceWith(document.importNode(main, true));
  const place = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  if (place) {
    place.scrollIntoView();
  } else {
    window.scrollTo(0, 0);
  }
  arrive(false);
  place?.querySelector("input")?.focus({ preventScroll: true });
}

function landing() {
  const title = document.querySelector("main h1");
  title?.setAttribute("tabindex", "-1");
  return /** @type {HTMLElement} */ (title ?? document.querySelector("main"));
}

/** @param {"push" | "replace" | "stay"} how */
function note(how) {
  const step = document.querySelector("form.answer-form[data-step]")?.getAttribute("data-step") ?? "";
  if (kiosk || how === "stay") {
    return;
  }
  history[how === "push" ? "pushState" : "replaceState"]({ step }, "", location.pathname);
}

window.addEventListener("popstate", (event) => {
  const form = theForm();
  const step = event.state?.step;
  if (!step || !form?.dataset.step) {
    // What the tab still keeps is shown there.
    location.replace(document.body.dataset.start ?? location.pathname);
    return;
  }
  const body = new URLSearchParams(values(form));
  body.set("go", step === "send" ? "last" : step);
  remember(form);
  visit(document.body.dataset.start ?? "", body, "stay");
});

if (kiosk) {
  forgetAll();
  attachIdle(document.body, kiosk);
  // A browser that keeps whole pages for the way back keeps an empty one.
  window.addEventListener("pagehide", () => document.body.replaceChildren());
  window.addEventListener("pageshow", (event) => event.persisted && location.replace(kiosk));
}
forgetOver();
document.querySelector("[data-erase]")?.addEventListener("click", erase);
arrive(true);
