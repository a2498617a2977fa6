/**
 * Entries to be put in order: moved by their buttons without leaving the page, or dragged by a handle.
 *
 * In the page: [data-ordering="<question>"] with li, each with an input[data-entry] and buttons name="move" whose value
 * ends with "up" or "down". Until something is moved the inputs are called "o-…" and are no answer.
 */

/** @param {HTMLElement} list */
export function attachOrdering(list) {
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[name=move]") : null;
    const row = button?.closest("li");
    if (!(button instanceof HTMLButtonElement) || !row) {
      return;
    }
    event.preventDefault();
    const up = button.value.endsWith(" up");
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (other) {
      up ? other.before(row) : other.after(row);
      button.focus();
    }
    moved(list);
  });
  list.querySelectorAll("li").forEach((row) => attachDrag(list, row));
}

/**
 * Show a saved order; none leaves the list as it is.
 * @param {HTMLElement} list
 * @param {string[]} value
 */
export function showOrder(list, value) {
  const rows = [...list.children];
  const place = (/** @type {Element} */ row) => value.indexOf(row.querySelector("input")?.value ?? "");
  if (value.length) {
    rows.sort((one, other) => place(one) - place(other)).forEach((row) => list.append(row));
    answered(list);
  }
}

/** @param {HTMLElement} list */
function moved(list) {
  answered(list);
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLElement} list */
function answered(list) {
  list.querySelectorAll("input[data-entry]").forEach((input) => {
    /** @type {HTMLInputElement} */ (input).name = `q-${list.dataset.ordering}`;
  });
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 */
function attachDrag(list, row) {
  const handle = document.createElement("span");
  handle.className = "entry-handle";
  handle.setAttribute("aria-hidden", "true");
  row.prepend(handle);
  handle.addEventListener("pointerdown", (start) => {
    start.preventDefault();
    handle.setPointerCapture(start.pointerId);
    row.classList.add("dragged");
    const drag = (/** @type {PointerEvent} */ event) => {
      const over = [...list.children].find((each) => {
        const box = each.getBoundingClientRect();
        return each !== row && event.clientY > box.top && event.clientY < box.bottom;
      });
      if (over) {
        const box = over.getBoundingClientRect();
        event.clientY < box.top + box.height / 2 ? over.before(row) : over.after(row);
      }
    };
    const drop = () => {
      handle.removeEventListener("pointermove", drag);
      row.classList.remove("dragged");
      moved(list);
    };
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("pointerup", drop, { once: true });
    handle.addEventListener("pointercancel", drop, { once: true });
  });
}
