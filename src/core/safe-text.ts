/** Control characters, and those that turn the direction of writing: what a terminal acts on instead of showing. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g; // oxlint-disable-line no-control-regex

/** Text from logs or paths, made fit for a terminal: what it would act on is shown as JSON writes it, `\u001b`. */
export function printSafe(text: string): string {
  return text.replaceAll(UNSAFE, escapeCharacter);
}

/** JSON leaves some of them as they are. The result is still the same JSON. */
export function printSafeJson(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
}

/** The same for text of several lines that is ours but for some names in it. */
export function printSafeLines(text: string): string {
  return text.split("\n").map(printSafe).join("\n");
}

function escapeCharacter(character: string): string {
  const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
