import { expect, test } from "vitest";
import type { Value } from "../../warehouse/warehouse.ts";
import { printCell, printSmallTable, printTable } from "./table.ts";

/** Columns of a terminal that a line takes: East Asian characters and emoji take two. */
function stringWidth(line: string): number {
  return Array.from(line).reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]|\p{Emoji_Presentation}/u.test(character)
        ? 2
        : 1),
    0,
  );
}

interface Options {
  readonly columns: readonly string[];
  readonly batches: readonly (readonly (readonly Value[])[])[];
  readonly width?: number;
}

async function print({ columns, batches, width }: Options): Promise<string[]> {
  const rows = (async function* () {
    yield* batches;
  })();
  const chunks: string[] = [];
  for await (const chunk of printTable(columns, rows, { width })) chunks.push(chunk);
  return chunks.join("").trimEnd().split("\n");
}

test("a table is as wide as its cells where there is no limit", async () => {
  expect(await print({ columns: ["id", "text"], batches: [[[1, "x".repeat(200)]]] })).toEqual([
    `┌────┬${"─".repeat(202)}┐`,
    `│ id │ text${" ".repeat(196)} │`,
    `├────┼${"─".repeat(202)}┤`,
    `│ 1  │ ${"x".repeat(200)} │`,
    `└────┴${"─".repeat(202)}┘`,
  ]);
});

test("NULL is an empty cell, and lists and structs are JSON", () => {
  expect([null, [1, "x"], { k: null }, true, -5, ""].map((value) => printCell(value))).toEqual([
    "",
    '[1,"x"]',
    '{"k":null}',
    "true",
    "-5",
    "",
  ]);
});

test("a cell has no line break and nothing that a terminal acts on", () => {
  expect(printCell("a\nb\u001b[31m\u202e")).toBe("a\\nb\\u001b[31m\\u202e");
  expect(printCell({ "\u001b": ["\u009b"] })).toBe('{"\\u001b":["\\u009b"]}');
});

test("no rows are a head, as are only empty batches", async () => {
  const head = ["┌───┬────┐", "│ a │ bc │", "├───┼────┤", "└───┴────┘"];
  expect((await print({ columns: ["a", "bc"], batches: [] })).slice(0, 2)).toEqual(head.slice(0, 2));
  expect(await print({ columns: ["a", "bc"], batches: [[], []] })).toEqual(
    await print({ columns: ["a", "bc"], batches: [] }),
  );
});

test("columns of one name stand side by side", async () => {
  const [, head] = await print({ columns: ["n", "n"], batches: [[[1, 2]]] });
  expect(head).toBe("│ n │ n │");
});

test.each([20, 30, 41, 60, 80, 120])("a table fits %d columns, and cut cells say so", async (width) => {
  const cells = ["short", "x".repeat(300), "y".repeat(50), "", "z".repeat(80)];
  for (const count of [1, 2, 3, 4, 5]) {
    const lines = await print({
      columns: ["a", "b", "c", "d", "e"].slice(0, count),
      batches: [[cells.slice(0, count), cells.slice(0, count).toReversed()]],
      width,
    });
    expect(Math.max(...lines.map((line) => stringWidth(line))), lines.join("\n")).toBeLessThanOrEqual(width);
    if (count > 1) expect(lines.join("\n")).toContain("…");
  }
});

test("the widest columns are cut first", async () => {
  const lines = await print({
    columns: ["account", "text"],
    batches: [[["111122223333", "x".repeat(100)]]],
    width: 40,
  });
  expect(lines[3]).toMatch(/^│ 111122223333 │ x+… │$/);
});

test("rows too wide for their columns are printed a field a line, without the NULLs", async () => {
  const columns = Array.from({ length: 12 }, (_, index) => `column${index}`);
  const row = columns.map((_, index) => (index % 2 === 0 ? null : `value ${index} ${"x".repeat(100)}`));
  const lines = await print({ columns, batches: [[row], [row]], width: 60 });
  expect(lines).toHaveLength(14);
  expect(lines[0]).toBe("-- row 1 ".padEnd(60, "-"));
  expect(lines[7]).toBe("-- row 2 ".padEnd(60, "-"));
  expect(lines[1]).toMatch(/^column1 {2}\| value 1 x+…$/);
  expect(lines[6]).toMatch(/^column11 \| value 11 x+…$/);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
});

test("a table fits the terminal in wide characters too", async () => {
  for (const cell of ["日本語".repeat(40), "🦊".repeat(60)]) {
    const lines = await print({ columns: ["a", "b"], batches: [[[cell, cell]]], width: 60 });
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
  }
});

test("a field a line fits the terminal in wide characters too", async () => {
  const columns = Array.from({ length: 12 }, (_, index) => `column${index}`);
  const lines = await print({ columns, batches: [[columns.map(() => "日本語".repeat(40))]], width: 60 });
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
});

test("pages of a long answer are one table: a head, rows that are all there, lines of one width", async () => {
  const rows = Array.from({ length: 1300 }, (_, index) => [String(index).padStart(5, "0"), "same"]);
  const lines = await print({
    columns: ["id", "text"],
    batches: [rows.slice(0, 700), rows.slice(700)],
    width: 80,
  });
  expect(lines.filter((line) => line.includes("│ id"))).toHaveLength(1);
  expect(lines.flatMap((line) => /^│ (\d{5}) │ same │$/.exec(line)?.[1] ?? [])).toEqual(
    rows.map(([id]) => id),
  );
  expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
});

test("a cell of a later page that is longer than all before is whole where there is no limit", async () => {
  const rows = Array.from({ length: 600 }, (_, index) => [index === 599 ? "x".repeat(50) : "y"]);
  const lines = await print({ columns: ["text"], batches: [rows.slice(0, 100), rows.slice(100)] });
  expect(lines.join("\n")).toContain("x".repeat(50));
});

test("a cell of a later page that is longer than all before is whole where the terminal has room", async () => {
  const lines = await print({ columns: ["n"], batches: [[[999]], [[1_000_000]]], width: 80 });
  expect(lines.join("\n")).toContain("1000000");
});

test("printSmallTable prints a head and rows", () => {
  expect(printSmallTable(["a", "b"], [["x", 1]])).toBe(
    "┌───┬───┐\n│ a │ b │\n├───┼───┤\n│ x │ 1 │\n└───┴───┘\n",
  );
});
