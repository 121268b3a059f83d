import { lakeContractOn } from "../../src/lake-store/s3-lake-fixture.contract.ts";
import { MOTO_SKIPS, s3ContractOn } from "../../src/store/s3-fixture.contract.ts";
import { onServer } from "./servers.ts";

onServer("s3", (endpointUrl) => {
  s3ContractOn("radosgw", { endpointUrl, region: "us-east-1" });
  lakeContractOn("radosgw", { endpointUrl });
});
onServer("moto", (endpointUrl) => {
  s3ContractOn("moto", { endpointUrl, region: "us-east-1", skip: MOTO_SKIPS });
  lakeContractOn("moto", { endpointUrl });
});
