import { countRequests, makeClientConfig } from "../../../aws/clients.ts";
import { AthenaClient } from "@aws-sdk/client-athena";
import type { GlueClient } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AthenaOptions } from "../athena-options.ts";

/** What queries send requests with. Those that few queries need are loaded when they are. Must be closed. */
export interface QueryClients {
  readonly athena: AthenaClient;
  s3(): Promise<S3Client>;
  glue(): Promise<GlueClient>;
  sts(): Promise<STSClient>;
  close(): void;
}

export function openQueryClients({ aws }: AthenaOptions, requests: Map<string, number>): QueryClients {
  const config = makeClientConfig(aws);
  const open: { destroy(): void }[] = [];
  const keep = <Client extends Parameters<typeof countRequests>[0] & { destroy(): void }>(
    client: Client,
  ): Client => {
    countRequests(client, requests);
    open.push(client);
    return client;
  };
  return {
    athena: keep(new AthenaClient(config)),
    s3: once(async () => {
      const { S3Client } = await import("@aws-sdk/client-s3");
      const forcePathStyle = aws.endpointUrl !== undefined;
      return keep(new S3Client({ ...config, forcePathStyle, followRegionRedirects: true }));
    }),
    glue: once(async () => keep(new (await import("@aws-sdk/client-glue")).GlueClient(config))),
    sts: once(async () => keep(new (await import("@aws-sdk/client-sts")).STSClient(config))),
    close: () => {
      for (const client of open.splice(0)) client.destroy();
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
