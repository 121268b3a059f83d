/** A member of a JSON object: what its key spells, and the texts of its value and of itself. */
export interface Member {
  readonly key: string;
  readonly value: string;
  readonly text: string;
}

/** The members of an object that JSON.parse has accepted. */
export function splitMembers(json: string): Member[] {
  return splitItems(json, (at) => {
    const keyEnd = findEnd(json, at);
    const valueStart = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = findEnd(json, valueStart);
    const key = JSON.parse(json.slice(at, keyEnd)) as string;
    return { item: { key, value: json.slice(valueStart, end), text: json.slice(at, end) }, end };
  });
}

/** The texts of the elements of a list that JSON.parse has accepted. */
export function splitElements(json: string): string[] {
  return splitItems(json, (at) => {
    const end = findEnd(json, at);
    return { item: json.slice(at, end), end };
  });
}

/** The texts of the documents that stand one after the other; undefined where one of them is no JSON object. */
export function splitDocuments(json: string): string[] | undefined {
  const documents: string[] = [];
  for (let at = skipSpace(json, 0); at < json.length || documents.length === 0;) {
    if (json[at] !== "{") return undefined;
    const end = findEnd(json, at);
    const document = json.slice(at, end);
    if (!isJson(document)) return undefined;
    documents.push(document);
    at = skipSpace(json, end);
  }
  return documents;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function splitItems<T>(json: string, read: (at: number) => { readonly item: T; readonly end: number }): T[] {
  const items: T[] = [];
  for (let at = skipSpace(json, 1); !"}]".includes(json[at] ?? "}");) {
    const { item, end } = read(at);
    items.push(item);
    at = skipSpace(json, end);
    if (json[at] === ",") at = skipSpace(json, at + 1);
  }
  return items;
}

function skipSpace(json: string, at: number): number {
  while (at < json.length && " \t\r\n".includes(json[at] ?? "")) at++;
  return at;
}

/** After the value that begins there; the end of the text where it does not end. */
function findEnd(json: string, at: number): number {
  if (json[at] === '"') return findStringEnd(json, at);
  if (json[at] !== "{" && json[at] !== "[") return at + (/^[^\s,\]}]*/.exec(json.slice(at))?.[0].length ?? 0);
  let depth = 0;
  do {
    if (json[at] === '"') at = findStringEnd(json, at);
    else {
      if ("{[".includes(json[at] ?? "")) depth++;
      if ("}]".includes(json[at] ?? "")) depth--;
      at++;
    }
  } while (depth > 0 && at < json.length);
  return at;
}

function findStringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return Math.min(at + 1, json.length);
}
