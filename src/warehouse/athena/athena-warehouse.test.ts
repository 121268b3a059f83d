import { startAwsDouble } from "../../../test/doubles/aws-double.ts";
import { openS3Store } from "../../store/s3-store.ts";
import { warehouseContract } from "../warehouse.contract.ts";
import { openAthenaWarehouse } from "./athena-warehouse.ts";
import { BUCKET, DATABASE } from "./world.contract.ts";

warehouseContract(
  "Athena",
  async () => {
    const aws = await startAwsDouble();
    const { endpoint: endpointUrl, region: awsRegion, credentials } = aws.clientConfig;
    const settings = { endpointUrl, awsRegion, credentials };
    aws.s3.createBucket(BUCKET);
    aws.s3.createBucket("answers");
    const foreign = new Map<string, string>();
    const readEntry = (name: string): string | undefined => {
      const entry = aws.glue.tables(DATABASE).find(({ Name }) => Name === name);
      return entry === undefined ? undefined : JSON.stringify(entry);
    };
    return {
      store: openS3Store({ bucket: BUCKET, prefix: "", aws: settings }),
      put: async (files) => {
        for (const { key, bytes } of files) aws.s3.put(BUCKET, key, bytes);
      },
      remove: async (key) => {
        aws.s3.remove(BUCKET, key);
      },
      openWarehouse: () =>
        openAthenaWarehouse({ aws: settings, database: DATABASE, output: "s3://answers/" }),
      makeForeign: async (kind, name) => {
        if (kind === "table") aws.glue.makeForeignTable(DATABASE, name);
        else aws.glue.makeForeignView(DATABASE, name);
        foreign.set(name, readEntry(name) ?? "");
      },
      // A table of somebody else's is whole where Glue has it as it was made.
      countAsStranger: async (name) => {
        const entry = readEntry(name);
        if (entry === undefined) return undefined;
        return entry === foreign.get(name) ? 1 : 0;
      },
      close: () => aws.close(),
    };
  },
  {
    columnsGolden: "../../../test/golden/athena-described-columns.txt",
    differences: {
      atomic: "Glue has no transactions: what a killed run leaves is tested call by call",
      "set-aside": "Athena reads the files by itself, and cannot be told to leave some out",
      "file-names": "Athena reads every file below a partition's location, but for hidden ones",
    },
  },
);
