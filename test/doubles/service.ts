import type { IncomingHttpHeaders } from "node:http";

/** A request as a double sees it; the body is whole. */
export interface DoubleRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of a call on many keys, of which each is allowed or not: what IAM says of one; undefined where it is allowed. */
  readonly explainDenial?: ((key: string) => string | undefined) | undefined;
}

export interface DoubleResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How it ends in its middle; undefined for a whole answer. */
  readonly ends?: "cut" | "stall" | undefined;
}

/** One AWS service behind the double's one port. */
export interface DoubleService {
  /** "Glue GetTables" or "S3 ListObjectsV2"; undefined for a request to another service. */
  nameCall(request: DoubleRequest): string | undefined;
  /** Answers; AWS errors are answers too. */
  handle(request: DoubleRequest): Promise<DoubleResponse>;
}
