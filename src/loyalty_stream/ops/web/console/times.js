// Moments are milliseconds since the epoch, shown in UTC; days are ISO texts.

const two = (number) => String(number).padStart(2, "0");

/** Return a moment as a time element: the day and, unless it is left out, the time to the second. */
export function moment(milliseconds) {
  if (milliseconds == null) return "–";
  const at = new Date(milliseconds);
  const day = at.toISOString().slice(0, 10);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const element = document.createElement("time");
  element.dateTime = at.toISOString();
  element.title = `${at.toISOString()} (UTC)`;
  element.textContent = `${day} ${time}`;
  return element;
}

export const today = () => new Date().toISOString().slice(0, 10);

/** Return how many days lie between two ISO days. */
export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Return a day with how far it is away, or a word where there is none. */
export function day(text, without) {
  if (!text) return without;
  const distance = document.createElement("span");
  distance.className = text < today() ? "due" : "muted";
  distance.textContent = away(text);
  const whole = document.createElement("span");
  whole.className = "day";
  whole.append(text, " ", distance);
  return whole;
}

/** Return in words when a day is, as seen from today. */
export function away(day) {
  const days = daysBetween(today(), day);
  if (days === 0) return "today";
  const size = Math.abs(days);
  const text = size < 60 ? `${size} ${size === 1 ? "day" : "days"}` : `${Math.round(size / 30.44)} months`;
  return days < 0 ? `${text} ago` : `in ${text}`;
}
