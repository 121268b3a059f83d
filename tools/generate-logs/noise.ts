import { gzipSync } from "node:zlib";
import { splitDay } from "../../src/core/day.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { makeDigests } from "./digests.ts";
import { makeOtherKinds } from "./other-kinds.ts";
import type { Sample } from "./sample.ts";

/** What real buckets hold beside logs. */
export function* makeNoise(sample: Sample): Generator<GeneratedFile> {
  yield* makeOtherKinds(sample);
  yield* makeDigests(sample);
  yield* makeOtherServices(sample, sample.place.account);
  yield* makeOtherServices(sample, sample.world.strangerId);
  yield* makeStrayFiles(sample);
}

/** What other services write below an account; the stranger's has nothing else. */
function* makeOtherServices({ place, random }: Sample, account: string): Generator<GeneratedFile> {
  const { root, region, day } = place;
  const date = splitDay(day).join("/");
  const minute = `${day.replaceAll("-", "")}T0900Z`;
  const folder = `${root}${account}`;
  const id = random.hex(8);
  const config = `{"fileVersion":"1.0","configSnapshotId":"${random.guid()}","configurationItems":[]}`;
  yield other(`${folder}/Config/ConfigWritabilityCheckFile`, "");
  yield other(
    `${folder}/Config/${region}/${date.replaceAll("/0", "/")}/ConfigSnapshot/${account}_Config_${region}_ConfigSnapshot_${minute}_${id}.json.gz`,
    gzipSync(config),
  );
  yield other(
    `${folder}/elasticloadbalancing/${region}/${date}/${account}_elasticloadbalancing_${region}_app.shop.${random.hex(16)}_${minute}_192.0.2.10_${id}.log.gz`,
    gzipSync(
      `https ${day}T08:59:59.999999Z app/shop/50dc6c495c0c9188 203.0.113.9:2817 - -1 -1 -1 503 - 34 366 "GET / HTTP/1.1"\n`,
    ),
  );
  yield other(
    `${folder}/vpcflowlogs/${region}/${date}/${account}_vpcflowlogs_${region}_fl-0${random.hex(16)}_${minute}_${id}.log.gz`,
    gzipSync(
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n",
    ),
  );
  yield other(
    `${folder}/GuardDuty/${region}/${date}/${random.guid()}.jsonl.gz`,
    gzipSync('{"schemaVersion":"2.0"}\n'),
  );
}

/** What people and programs leave lying, some of it before `AWSLogs/` in the order of keys. */
function* makeStrayFiles({ place, world }: Sample): Generator<GeneratedFile> {
  const { root, account, region, day } = place;
  const above = root.slice(0, root.indexOf("AWSLogs/"));
  yield other(`${above}.DS_Store`, "\u0000\u0000\u0000\u0001Bud1");
  yield other(
    `${above}0-readme.txt`,
    "Logs of the whole company. Ask the security team before you delete anything.\n",
  );
  yield other(
    `${above}2019-import/cloudtrail.csv`,
    "eventTime,eventName\n2019-01-01T00:00:00Z,ConsoleLogin\n",
  );
  yield other(`${above}AWSLogs-old/readme.txt`, "moved to AWSLogs/\n");
  yield other(`${above}AWSLogs/.DS_Store`, "\u0000\u0000\u0000\u0001Bud1");
  yield other(`${root}${account}/CloudTrail/.DS_Store`, "\u0000\u0000\u0000\u0001Bud1");
  yield other(`${root}${account}/CloudTrail/${region}/${splitDay(day).join("/")}/_SUCCESS`, "");
  yield other(
    `${above}elb/AWSLogs/${world.home.id}/ELBAccessLogTestFile`,
    "Enable AccessLog for ELB: shop\n",
  );
  yield other(`${above}terraform.tfstate`, '{"version":4,"resources":[]}\n');
}

function other(key: string, content: string | Uint8Array): GeneratedFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { key, bytes, records: 0, kind: "other", note: "noise" };
}
