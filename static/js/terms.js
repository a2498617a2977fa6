/**
 * Shows the meaning of a glossary term beside it: on hover, on focus and on the first tap.
 * The meanings stand in the page already, in <dl id="lesson-terms">; without this module the link leads to the glossary.
 */

const WAIT = 250;

/** @param {HTMLElement} list */
export function attach(list) {
  /** @type {HTMLElement | null} */
  let card = null;
  /** @type {HTMLAnchorElement | null} */
  let open = null;
  let timer = 0;
  let touched = false;

  /** @param {HTMLAnchorElement} link */
  const show = (link) => {
    window.clearTimeout(timer);
    if (open === link) {
      return;
    }
    hide();
    const entry = list.querySelector(`[data-term="${CSS.escape(link.dataset.term ?? "")}"]`);
    const term = entry?.querySelector("dt");
    const meaning = entry?.querySelector("dd");
    if (!term || !meaning) {
      return;
    }
    card = document.createElement("div");
    card.className = "term-card";
    card.id = "term-card";
    card.setAttribute("role", "tooltip");
    const title = document.createElement("strong");
    title.append(...[...term.childNodes].map((node) => node.cloneNode(true)));
    const text = document.createElement("span");
    text.textContent = meaning.textContent;
    card.append(title, text);
    card.addEventListener("pointerenter", () => window.clearTimeout(timer));
    card.addEventListener("pointerleave", later);
    document.body.append(card);
    place(card, link);
    link.setAttribute("aria-describedby", card.id);
    open = link;
  };

  const hide = () => {
    window.clearTimeout(timer);
    open?.removeAttribute("aria-describedby");
    card?.remove();
    card = open = null;
  };

  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(hide, WAIT);
  };

  for (const link of document.querySelectorAll("a.term[data-term]")) {
    if (!(link instanceof HTMLAnchorElement)) {
      continue;
    }
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => show(link), WAIT);
      }
    });
    link.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && later());
    link.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch" && open !== link;
    });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", later);
    link.addEventListener("click", (event) => {
      // The first tap shows the meaning, the second follows the link.
      if (touched) {
        touched = false;
        event.preventDefault();
        show(link);
      }
    });
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !card?.contains(event.target) && event.target !== open) {
      hide();
    }
  });
}

/**
 * Below the link, or above it where there is no room; never past the edges of the page.
 * @param {HTMLElement} card
 * @param {HTMLElement} link
 */
function place(card, link) {
  const line = link.getClientRects()[0];
  const size = card.getBoundingClientRect();
  const edge = document.documentElement.clientWidth - size.width - 16;
  const below = line.bottom + 8 + size.height < window.innerHeight;
  const top = below ? line.bottom + 8 : Math.max(8, line.top - size.height - 8);
  // The style object is allowed by the policy; a style attribute in the page would not be.
  card.style.left = `${Math.max(16, Math.min(line.left, edge)) + window.scrollX}px`;
  card.style.top = `${top + window.scrollY}px`;
}
