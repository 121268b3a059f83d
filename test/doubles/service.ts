import type { IncomingHttpHeaders } from "node:http";

/** A request as a double sees it; the body is whole. */
export interface DoubleRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface DoubleResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One AWS service behind the double's one port. */
export interface DoubleService {
  /** "Glue GetTables" or "S3 ListObjectsV2"; undefined for a request to another service. */
  nameCall(request: DoubleRequest): string | undefined;
  /** Answers; AWS errors are answers too. */
  handle(request: DoubleRequest): Promise<DoubleResponse>;
}
