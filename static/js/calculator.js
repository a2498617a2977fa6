/**
 * Works a calculator out as the reader types. The page brings each formula as a program for a stack, compiled by
 * the server (learning/content/expressions.py says what the steps mean), so both come to the same numbers.
 */

/** @typedef {Array<number | string>} Program */
/** @typedef {{name: string, decimals: number, program: Program}} Output */

const NOTHING = "–";

/** @type {(rate: number, years: number) => number} */
const annuity = (rate, years) => (rate === 0 ? years : (1 - (1 + rate) ** -years) / rate);

/** @type {(investment: number, saving: number, years: number) => number} */
function irr(investment, saving, years) {
  let [low, high] = [-0.99, 10];
  if (!(annuity(low, years) * saving >= investment && investment >= annuity(high, years) * saving)) {
    return NaN;
  }
  for (let round = 0; round < 200; round += 1) {
    const middle = (low + high) / 2;
    if (annuity(middle, years) * saving > investment) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

/** @type {Record<string, (...values: number[]) => number>} */
const FUNCTIONS = {
  min: Math.min,
  max: Math.max,
  sum: (...values) => values.reduce((total, value) => total + value, 0),
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  round: (value) => Math.floor(value + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  acos: Math.acos,
  pi: () => Math.PI,
  annuity,
  irr,
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "<": (left, right) => Number(left < right),
  "<=": (left, right) => Number(left <= right),
  ">": (left, right) => Number(left > right),
  ">=": (left, right) => Number(left >= right),
};

/**
 * The value of a program; NaN where there is none.
 * @param {Program} program
 * @param {Map<string, number>} values
 */
export function evaluate(program, values) {
  /** @type {number[]} */
  const stack = [];
  for (const step of program) {
    if (typeof step === "number") {
      stack.push(step);
    } else if (step.startsWith("$")) {
      stack.push(values.get(step.slice(1)) ?? NaN);
    } else if (step === "neg") {
      stack.push(-(stack.pop() ?? NaN));
    } else if (step === "if/3") {
      const [condition, then, otherwise] = stack.splice(-3);
      stack.push(Number.isNaN(condition) ? NaN : condition ? then : otherwise);
    } else {
      const [name, count] = step in FUNCTIONS ? [step, 2] : [step.split("/")[0], Number(step.split("/")[1])];
      const found = count ? stack.splice(-count) : [];
      const value = found.some(Number.isNaN) ? NaN : FUNCTIONS[name](...found);
      stack.push(Number.isFinite(value) ? value : NaN);
    }
  }
  return stack.pop() ?? NaN;
}

/**
 * A number as the page shows it: commas for thousands, a true minus sign.
 * @param {number} value
 * @param {number} decimals
 */
export function written(value, decimals) {
  if (Number.isNaN(value)) {
    return NOTHING;
  }
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = new Intl.NumberFormat("en", digits).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/**
 * The number in a field, NaN if there is none within its bounds.
 * @param {HTMLInputElement} field
 */
function read(field) {
  const text = field.value.trim().replaceAll("−", "-").replaceAll(",", ".");
  const value = /^[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})$/.test(text) ? Number(text) : NaN;
  return value >= Number(field.dataset.minimum) && value <= Number(field.dataset.maximum) ? value : NaN;
}

/** @param {HTMLElement} place */
export function attach(place) {
  const form = place.querySelector("form");
  const results = place.querySelector("[data-programs]");
  if (!form || !(results instanceof HTMLElement)) {
    return;
  }
  /** @type {Output[]} */
  const outputs = JSON.parse(results.dataset.programs ?? "[]");
  /** @type {NodeListOf<HTMLInputElement>} */
  const fields = form.querySelectorAll("input[inputmode]");

  const show = () => {
    /** @type {Map<string, number>} */
    const values = new Map();
    for (const field of fields) {
      const value = read(field);
      values.set(field.name, value);
      const wrong = Number.isNaN(value);
      field.setAttribute("aria-invalid", String(wrong));
      field.closest(".calculator-field")?.classList.toggle("field-wrong", wrong);
      const problem = document.getElementById(`${field.id}-problem`);
      if (problem) {
        problem.textContent = wrong ? (problem.dataset.hint ?? "") : "";
      }
    }
    for (const { name, decimals, program } of outputs) {
      const value = evaluate(program, values);
      values.set(name, value);
      const output = results.querySelector(`[data-result="${name}"]`);
      if (output) {
        output.textContent = written(value, decimals);
      }
    }
  };

  const starts = [...fields].map((field) => field.defaultValue);
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.querySelector(".calculator-actions a")?.addEventListener("click", (event) => {
    if (!window.location.search) {
      event.preventDefault();
      fields.forEach((field, index) => {
        field.value = starts[index];
      });
      show();
    }
  });
  form.querySelector("button")?.remove();
  // What was typed before this script came.
  if ([...fields].some((field) => field.value !== field.defaultValue)) {
    show();
  }
}
