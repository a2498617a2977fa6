/**
 * A page of the self-assessment saves itself on every change. The button at its end does the same without it.
 * The words stand in the page: data-saving, data-saved, data-failed, and data-ended for a session that is over.
 * What could not be sent stays with this tab until it is saved, and never longer than the tab: others may use the device.
 */

import { freshToken } from "./token.js";

const PAUSES = [1000, 3000, 8000, 20000];

/** @param {HTMLFormElement} form */
export function attach(form) {
  const status = form.querySelector("[data-save-status]");
  const key = `headwater:${location.pathname}`;
  let version = 0;
  let running = false;
  let tries = 0;
  let timer = 0;
  let dirty = false;

  /** @param {string} state @param {string} [text] */
  const say = (state, text) => {
    if (status instanceof HTMLElement && (status.dataset.state !== state || status.textContent !== text)) {
      status.dataset.state = state;
      status.textContent = text ?? "";
    }
  };

  const again = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  };

  const save = async () => {
    if (running) {
      return;
    }
    window.clearTimeout(timer);
    running = true;
    const sent = version;
    if (tries === 0) {
      say("saving", form.dataset.saving);
    }
    let code = 0;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        keepalive: true,
      });
      code = answer.status;
      // A redirect to another page counts as saved, but for one to the sign-in page.
      if (answer.redirected && new URL(answer.url).pathname.endsWith("/sign-in")) {
        code = 401;
      }
    } catch {
      code = 0;
    }
    running = false;
    if (code >= 200 && code < 400) {
      tries = 0;
      dirty = version !== sent;
      if (dirty) {
        save();
      } else {
        keep(key, null);
        say("saved", form.dataset.saved);
      }
    } else if (code === 401 || code === 403 || (code === 400 && tries === 0)) {
      say("ended", form.dataset.ended ?? form.dataset.failed);
      await freshToken(form);
      again();
    } else {
      say("failed", form.dataset.failed);
      if (code === 0 || code === 429 || code >= 500) {
        again();
      }
    }
  };

  const changed = () => {
    version += 1;
    dirty = true;
    tries = 0;
    save();
  };

  form.addEventListener("change", () => {
    keep(key, chosen(form));
    changed();
  });
  form.addEventListener("submit", () => {
    dirty = false;
    window.clearTimeout(timer);
    if (navigator.onLine) {
      keep(key, null);
    }
  });
  window.addEventListener("online", () => dirty && save());
  window.addEventListener("beforeunload", (event) => {
    if (dirty) {
      event.preventDefault();
    }
  });

  // What an earlier visit of this tab could not send is shown again and sent.
  const kept = recall(key);
  if (kept) {
    for (const choice of choices(form)) {
      if (choice.name in kept) {
        choice.checked = kept[choice.name] === choice.value;
      }
    }
    changed();
  }
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
function choices(form) {
  return /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=radio]")]);
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function chosen(form) {
  return Object.fromEntries(
    choices(form)
      .filter((choice) => choice.checked)
      .map((choice) => [choice.name, choice.value]),
  );
}

/** @param {string} key @param {Record<string, string> | null} answers */
function keep(key, answers) {
  try {
    if (answers) {
      sessionStorage.setItem(key, JSON.stringify(answers));
    } else {
      sessionStorage.removeItem(key);
    }
  } catch {
    // Full or forbidden: the answers are still sent.
  }
}

/** @param {string} key @returns {Record<string, string> | null} */
function recall(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return kept && typeof kept === "object" ? kept : null;
  } catch {
    return null;
  }
}
