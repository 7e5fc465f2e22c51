// Amounts come as decimal texts and stay exact: a JavaScript number would round them.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const MINUS = "−";

/** Return an amount with its thousands apart, as in 1,234.5; what is no amount is returned as it is. */
export function shown(text) {
  const parts = DECIMAL.exec(text ?? "");
  if (!parts) return text ?? "–";
  const [, sign, whole, rest] = parts;
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (sign ? MINUS : "") + apart + (rest ? `.${rest}` : "");
}

/** Return a change with its sign, as in +1,234.5; nothing for zero. */
export function change(text) {
  if (text == null || isZero(text)) return "";
  return isNegative(text) ? shown(text) : `+${shown(text)}`;
}

export const isZero = (text) => /^-?0*(\.0*)?$/.test(text ?? "");
export const isNegative = (text) => (text ?? "").startsWith("-") && !isZero(text);

/** Return the exact sum of amounts. */
export function sum(texts) {
  const parts = texts.map((text) => DECIMAL.exec(text)).filter(Boolean);
  const scale = Math.max(0, ...parts.map(([, , , rest]) => rest?.length ?? 0));
  const total = parts.reduce(
    (so_far, [, sign, whole, rest = ""]) => so_far + BigInt(sign + whole + rest.padEnd(scale, "0")), 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const rest = digits.slice(digits.length - scale).replace(/0+$/, "");
  return (total < 0n ? "-" : "") + whole + (rest ? `.${rest}` : "");
}

/** Return about how much it is: for the sizes of drawings, never to be shown. */
export const geometry = (text) => Number.parseFloat(text) || 0;

/** Return a count with its thousands apart. */
export const count = (number) => (number == null ? "–" : shown(String(number)));
