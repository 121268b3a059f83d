import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Value } from "../../warehouse/warehouse.ts";
import type { RowFormat } from "./rows.ts";
import { collect, toAsync } from "../../fixtures.contract.ts";
import { printRows, ROW_FORMATS } from "./rows.ts";

async function print(
  format: RowFormat,
  names: readonly string[],
  ...batches: (readonly (readonly Value[])[])[]
): Promise<string> {
  const rows = (async function* () {
    yield* batches;
  })();
  let text = "";
  const columns = names.map((name) => ({ name, type: "VARCHAR" }));
  for await (const chunk of printRows({ columns, rows }, { format, width: undefined })) text += chunk;
  return text;
}

test("json is an array with a line an object", async () => {
  expect(await print("json", ["a", "b"], [[1, "x"]], [[2, null]])).toBe(
    '[\n{"a":1,"b":"x"},\n{"a":2,"b":null}\n]\n',
  );
});

test("ndjson is an object a line", async () => {
  expect(await print("ndjson", ["a"], [[1]], [], [["two\nlines"]])).toBe('{"a":1}\n{"a":"two\\nlines"}\n');
});

test("csv has a head, and quotes where it must", async () => {
  expect(await print("csv", ["a", "b c", "d,e"], [["1,2", 'say "x"', "two\nlines"]])).toBe(
    'a,b c,"d,e"\n"1,2","say ""x""","two\nlines"\n',
  );
});

test.each([
  ["json", "[]\n"],
  ["ndjson", ""],
  ["csv", "a,b\n"],
] as const)("%s of no rows is well formed, of no batch and of an empty one", async (format, expected) => {
  expect(await print(format, ["a", "b"])).toBe(expected);
  expect(await print(format, ["a", "b"], [])).toBe(expected);
});

test.each(ROW_FORMATS)("%s of rows without columns does not fail", async (format) => {
  await expect(print(format, [], [[], []])).resolves.toBeTypeOf("string");
});

test("JSON names a column that is there twice anew, and never by a name that is taken", async () => {
  expect(await print("ndjson", ["n", "n_1", "n", "n"], [[1, 2, 3, 4]])).toBe(
    '{"n":1,"n_1":2,"n_2":3,"n_3":4}\n',
  );
});

test("JSON keeps the order of columns, also of those whose names are numbers", async () => {
  expect(await print("ndjson", ["b", "2026", "1"], [[1, 2, 3]])).toBe('{"b":1,"2026":2,"1":3}\n');
});

test("JSON keeps a column called __proto__", async () => {
  expect(await print("ndjson", ["__proto__", "toString"], [[1, null]])).toBe(
    '{"__proto__":1,"toString":null}\n',
  );
});

test("csv keeps columns of one name as they are", async () => {
  expect(await print("csv", ["n", "n"], [[1, 2]])).toBe("n,n\n1,2\n");
});

test("lists and structs are JSON in a csv cell, booleans are words, NULL is empty", async () => {
  expect(await print("csv", ["a", "b", "c", "d"], [[[1, "x"], { k: null }, true, null]])).toBe(
    'a,b,c,d\n"[1,""x""]","{""k"":null}",true,\n',
  );
});

test.each(["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])(
  "csv puts a quote before text that a spreadsheet would run: %j",
  async (text) => {
    expect(await print("csv", ["a"], [[text]])).toMatch(/^a\n"?'[=+\-@\t\r\n]/);
  },
);

test("csv puts a quote before such a name of a column", async () => {
  expect(await print("csv", ["=1+1"], [[1]])).toBe("'=1+1\n1\n");
});

test("csv leaves numbers and harmless text as they are", async () => {
  expect(await print("csv", ["a", "b", "c"], [[-5, -0.5, "a-b=c@d"]])).toBe("a,b,c\n-5,-0.5,a-b=c@d\n");
});

test.each(["BIGINT", "DECIMAL(10,2)", "bigint", "integer", "tinyint", "decimal", "double", "float", "real"])(
  "csv leaves a number of type %s that is text as it is",
  async (type) => {
    const rows = toAsync([[["-9007199254740993"]]]);
    const columns = [{ name: "a", type }];
    const chunks = await collect(printRows({ columns, rows }, { format: "csv", width: undefined }));
    expect(chunks.join("")).toBe("a\n-9007199254740993\n");
  },
);

test.each(["VARCHAR", "varchar", "interval day to second", "unknown"])(
  "csv puts a quote before text of type %s that begins like a formula",
  async (type) => {
    const rows = toAsync([[["-1+1"]]]);
    const columns = [{ name: "a", type }];
    const chunks = await collect(printRows({ columns, rows }, { format: "csv", width: undefined }));
    expect(chunks.join("")).toBe("a\n'-1+1\n");
  },
);

test("json and ndjson are exact for any value", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const cells = values.map((value) => [value as Value]);
      const expected = JSON.parse(JSON.stringify(values)) as unknown[];
      const parsed = JSON.parse(await print("json", ["a"], cells)) as { a: unknown }[];
      expect(parsed.map(({ a }) => a)).toEqual(expected);
      const lines = (await print("ndjson", ["a"], cells)).split("\n").slice(0, -1);
      expect(lines.map((line) => (JSON.parse(line) as { a: unknown }).a)).toEqual(expected);
    }),
  );
});

test("nothing is read ahead: a row is printed before the next batch is asked for", async () => {
  for (const format of ROW_FORMATS) {
    const asked: number[] = [];
    const rows = (async function* () {
      for (const index of [0, 1, 2]) {
        asked.push(index);
        yield [[index]];
      }
    })();
    for await (const chunk of printRows(
      { columns: [{ name: "a", type: "INTEGER" }], rows },
      { format, width: undefined },
    ))
      if (/\b0\b/.test(chunk)) break;
    expect(asked, format).toEqual([0]);
  }
});
