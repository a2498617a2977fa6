/**
 * Saves every answer of a quiz or of the self-assessment as it is given.
 *
 * In the page: form[data-autosave][data-attempt] with fieldset[data-question="<id>"][data-save-url][data-revision], which
 * may hold an input[data-base] with the revision that the page shows, and an input[data-operations] for the saves that
 * are on their way while the form is sent: an answer stored by one of them is no answer of another tab. The words stand on the form, by saving_words() of
 * components/saving.html.
 * What could not be sent stays in localStorage under the attempt until it is saved or the form is sent; with
 * data-keep="tab" in sessionStorage, never longer than the tab: others may use the device.
 */

import { freshToken } from "./token.js";

const TYPING = 600;
const PAUSES = [1000, 2000, 5000, 10000, 30000];

/** @typedef {{operation: string, revision: number, value: string[]}} Unsent */

/** @param {HTMLFormElement} form */
export function attach(form) {
  const key = `headwater:${form.dataset.attempt || form.dataset.autosave || location.pathname}`;
  const store = new Store(key, form.dataset.keep === "tab" ? () => sessionStorage : () => localStorage);
  const questions = [...form.querySelectorAll("fieldset[data-question][data-save-url]")].map(
    (place) => new Question(/** @type {HTMLFieldSetElement} */ (place), form, store),
  );
  questions.forEach((question) => question.restore());
  const state = form.querySelector("[data-answered]");
  if (state instanceof HTMLElement) {
    const count = () => showAnswered(state, questions.filter((question) => question.value().length > 0).length);
    form.addEventListener("input", count);
    count();
  }

  form.addEventListener("submit", () => {
    questions.forEach((question) => question.stop());
    store.clear();
  });
  window.addEventListener("online", () => questions.forEach((question) => question.again()));
  // A phone may end the page after this without another word.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      questions.forEach((question) => question.flush());
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (questions.some((question) => question.unsaved)) {
      event.preventDefault();
    }
  });
}

class Question {
  /**
   * @param {HTMLFieldSetElement} place
   * @param {HTMLFormElement} form
   * @param {Store} store
   */
  constructor(place, form, store) {
    this.place = place;
    this.words = form.dataset;
    this.store = store;
    this.id = place.dataset.question ?? "";
    this.url = place.dataset.saveUrl ?? "";
    this.revision = Number(place.dataset.revision ?? 0);
    this.form = form;
    this.status = place.querySelector("[data-save-status]") ?? newStatus(place);
    /** @type {string[]} Values that were sent and may have arrived. */
    this.sent = [];
    /** @type {Unsent | null} */
    this.unsent = null;
    /** @type {string[]} Saves that were begun. */
    this.operations = [];
    this.leaving = new AbortController();
    this.running = false;
    this.stopped = false;
    this.tries = 0;
    this.timer = 0;
    place.addEventListener("input", (event) => {
      const choice = event.target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(event.target.type);
      this.changed(choice || event.target instanceof HTMLSelectElement ? 0 : TYPING);
    });
  }

  get unsaved() {
    return !this.stopped && this.unsent !== null;
  }

  /** The controls that hold the answer, in their order. */
  controls() {
    return /** @type {Array<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>} */ ([
      ...this.place.querySelectorAll("input:not([type=hidden]), select, textarea"),
    ]);
  }

  /** @returns {string[]} */
  value() {
    const value = this.controls()
      .filter((control) => !isChoice(control) || /** @type {HTMLInputElement} */ (control).checked)
      .map((control) => control.value);
    return value.some((each) => each.trim()) ? value : [];
  }

  /** @param {string[]} value */
  show(value) {
    const controls = this.controls();
    const open = controls.filter((control) => !isChoice(control));
    open.forEach((control, place) => {
      control.value = value[place] ?? "";
    });
    controls.filter(isChoice).forEach((control) => {
      /** @type {HTMLInputElement} */ (control).checked = value.includes(control.value);
    });
  }

  /** What an earlier visit could not send is shown again and sent. */
  restore() {
    const kept = this.store.get(this.id);
    if (kept) {
      this.show(kept.value);
      this.unsent = kept;
      this.sent.push(same(kept.value));
      this.send();
    }
  }

  /** @param {number} wait */
  changed(wait) {
    this.keep({ operation: newId(), revision: this.revision + 1, value: this.value() });
    this.tries = 0;
    this.later(wait);
  }

  /** @param {Unsent} unsent */
  keep(unsent) {
    this.unsent = unsent;
    this.store.put(this.id, unsent);
  }

  /** @param {number} revision */
  stored(revision) {
    this.revision = revision;
    const base = this.place.querySelector("input[data-base]");
    if (base instanceof HTMLInputElement) {
      base.value = String(revision);
    }
  }

  /** @param {number} wait */
  later(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), wait);
  }

  flush() {
    if (this.unsaved) {
      this.later(0);
    }
  }

  again() {
    this.tries = 0;
    this.flush();
  }

  stop() {
    this.stopped = true;
    this.leaving.abort();
    window.clearTimeout(this.timer);
  }

  async send() {
    const sent = this.unsent;
    if (!sent || this.running || this.stopped) {
      return;
    }
    this.running = true;
    if (this.tries === 0) {
      this.say("saving", this.words.saving);
    }
    this.sent.push(same(sent.value));
    this.begun(sent.operation);
    const { code, body } = await this.put(sent);
    this.running = false;
    if (this.stopped) {
      return;
    }
    if (code >= 200 && code < 300) {
      this.arrived(sent, body.revision ?? sent.revision);
    } else if (code === 409 && body.revision && this.sent.includes(same(body.value ?? []))) {
      // What is stored there came from here: only the answer to it was lost.
      this.arrived(same(sent.value) === same(body.value ?? []) ? sent : null, body.revision);
    } else if (code === 409) {
      this.say("changed", this.words.changed, this.words.reload);
      this.store.drop(this.id);
      this.stop();
    } else if (code === 401 || code === 403 || (code === 400 && this.tries === 0)) {
      // Somebody signed in again in another tab: this page goes on with the new token.
      this.say("ended", this.words.ended);
      await freshToken(this.form);
      this.retry();
    } else if (code === 0 || code === 429 || code >= 500) {
      this.say("failed", this.words.failed);
      this.retry();
    } else {
      this.say("failed", `${this.words.refused ?? ""} ${body.error ?? ""}`.trim());
    }
  }

  /**
   * @param {Unsent | null} sent what is now stored, or null for an earlier value of this page
   * @param {number} revision
   */
  arrived(sent, revision) {
    this.stored(revision);
    this.tries = 0;
    this.sent = [];
    if (this.unsent === sent) {
      this.unsent = null;
      this.store.drop(this.id);
      this.say("saved", this.words.saved);
    } else if (this.unsent) {
      this.keep({ ...this.unsent, revision: revision + 1 });
      this.later(0);
    }
  }

  /** @param {string} operation */
  begun(operation) {
    const note = this.place.querySelector("input[data-operations]");
    if (note instanceof HTMLInputElement && !this.operations.includes(operation)) {
      this.operations.push(operation);
      // The last ones suffice: an older save was answered long ago.
      note.value = this.operations.slice(-5).join(" ");
    }
  }

  retry() {
    this.later(PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
    this.tries += 1;
  }

  /**
   * @param {Unsent} sent
   * @returns {Promise<{code: number, body: {revision?: number, value?: string[], error?: string}}>}
   */
  async put(sent) {
    try {
      const answer = await fetch(this.url, {
        method: "PUT",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "",
          "X-Requested-With": "fetch",
        },
        body: JSON.stringify({ operation_id: sent.operation, revision: sent.revision, value: sent.value }),
        credentials: "same-origin",
        redirect: "error",
        keepalive: true,
        signal: this.leaving.signal,
      });
      const body = await answer.json().catch(() => ({}));
      return { code: answer.status, body: body ?? {} };
    } catch {
      return { code: 0, body: {} };
    }
  }

  /**
   * @param {string} state
   * @param {string} [text]
   * @param {string} [reload]
   */
  say(state, text, reload) {
    if (!(this.status instanceof HTMLElement)) {
      return;
    }
    if (this.status.dataset.state === state && state === "failed" && this.status.textContent === text) {
      return; // Said already; a screen reader would read it again.
    }
    this.status.dataset.state = state;
    this.status.textContent = text ?? "";
    if (reload) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = reload;
      this.status.append(" ", link);
    }
  }
}

/**
 * How many questions are answered, in the words of the page.
 * @param {HTMLElement} place
 * @param {number} answered
 */
function showAnswered(place, answered) {
  const words = (place.dataset.answered ?? "").replace("{answered}", String(answered));
  const bar = place.querySelector("progress");
  const text = place.querySelector(".progress-text");
  if (bar && text) {
    bar.value = answered;
    bar.setAttribute("aria-label", words);
    text.textContent = words;
  }
}

/** @param {string[]} value */
function same(value) {
  return JSON.stringify([...value].sort());
}

/**
 * @param {HTMLElement} place
 * @returns {HTMLElement}
 */
function newStatus(place) {
  const status = document.createElement("p");
  status.className = "save-status";
  status.setAttribute("role", "status");
  place.append(status);
  return status;
}

/** @param {Element} control */
function isChoice(control) {
  return control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox");
}

/** An id that no other save has, also where the page came without encryption. */
function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Unsent answers of one attempt. A browser that stores nothing only loses what a closed page could not send. */
class Store {
  /**
   * @param {string} key
   * @param {() => Storage} place Asked each time: a browser that forbids it refuses already to name it.
   */
  constructor(key, place) {
    this.key = key;
    this.place = place;
  }

  /** @returns {Record<string, Unsent>} */
  all() {
    try {
      return JSON.parse(this.place().getItem(this.key) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  /** @param {string} id @returns {Unsent | undefined} */
  get(id) {
    const kept = this.all()[id];
    return Array.isArray(kept?.value) ? kept : undefined;
  }

  /** @param {string} id @param {Unsent} unsent */
  put(id, unsent) {
    this.write({ ...this.all(), [id]: unsent });
  }

  /** @param {string} id */
  drop(id) {
    const { [id]: _, ...rest } = this.all();
    this.write(rest);
  }

  clear() {
    this.write({});
  }

  /** @param {Record<string, Unsent>} all */
  write(all) {
    try {
      if (Object.keys(all).length) {
        this.place().setItem(this.key, JSON.stringify(all));
      } else {
        this.place().removeItem(this.key);
      }
    } catch {
      // Full or forbidden: the answer is still sent.
    }
  }
}
