// Runs the statement that is its argument on DuckDB: not in TypeScript, so that the process starts as fast as a user's would.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(process.argv[2] ?? "");
