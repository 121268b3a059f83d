/** What Trino's REST API answers (Trino documentation, "Client REST API"). */
interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string };
}

/** A whole answer. */
export interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Runs a statement on Trino, in the catalog that stands for Athena's. */
export async function askTrino(url: string, database: string, sql: string): Promise<TrinoAnswer> {
  const headers = { "X-Trino-User": "test", "X-Trino-Catalog": "awsdatacatalog", "X-Trino-Schema": database };
  const rows: (readonly unknown[])[] = [];
  let columns: TrinoAnswer["columns"] = [];
  let page = await read(fetch(`${url}/v1/statement`, { method: "POST", body: sql, headers }));
  for (;;) {
    if (page.error !== undefined) throw new Error(`Trino: ${page.error.message} in ${sql}`);
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    if (page.nextUri === undefined) return { columns, rows };
    page = await read(fetch(page.nextUri, { headers }));
  }
}

async function read(answer: Promise<Response>): Promise<Page> {
  const response = await answer;
  if (!response.ok) throw new Error(`Trino answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Page;
}
