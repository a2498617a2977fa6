/**
 * Says that a chosen file is too large before anything is sent, so that nobody waits for an upload that is refused.
 *
 * In the page: a file input with data-most-bytes, and data-too-large with the sentence. The server checks again.
 * @param {HTMLInputElement} input
 */
export function attach(input) {
  const most = Number(input.dataset.mostBytes);
  const said = document.createElement("p");
  said.id = `${input.id}-too-large`;
  said.className = "field-error";
  said.setAttribute("role", "alert");
  said.textContent = input.dataset.tooLarge ?? "";

  const described = input.getAttribute("aria-describedby") ?? "";

  /** Whether the file that is chosen is too large; says so beside the field. */
  const tooLarge = () => {
    const large = (input.files?.[0]?.size ?? 0) > most;
    if (large) input.before(said);
    else said.remove();
    input.setAttribute("aria-invalid", String(large));
    input.setAttribute("aria-describedby", `${described} ${large ? said.id : ""}`.trim());
    return large;
  };

  input.addEventListener("change", tooLarge);
  if (input.files?.length) {
    tooLarge(); // Chosen before this script came.
  }
  input.form?.addEventListener("submit", (event) => {
    if (tooLarge()) {
      event.preventDefault();
      input.focus();
    }
  });
}
