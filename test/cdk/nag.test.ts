import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import type { CloudTrailPartitioner } from "../../src/cdk/index.ts";
import { openWorlds, WORLD_NAMES } from "./worlds.ts";

/** Rules that were acknowledged anywhere in the construct, with their reasons. */
function listAcknowledged(partitioner: CloudTrailPartitioner): ReadonlyMap<string, string> {
  const entries = partitioner.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
  return new Map(entries.map(([id, reason]) => [id.replace(/^Annotation::/, ""), reason]));
}

/** They find all that there is, acknowledged or not. */
function makeHarshChecks(): AwsSolutionsChecks {
  return Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false });
}

describe.each(WORLD_NAMES)("cdk-nag on %s", (name) => {
  test("finds nothing but what is acknowledged, and each acknowledgement is for something", () => {
    const { partitioner } = openWorlds()[name];
    expect(new AwsSolutionsChecks().validateScope(partitioner).violations).toEqual([]);
    const found = makeHarshChecks()
      .validateScope(partitioner)
      .violations.map(({ ruleName }) => ruleName);
    expect([...listAcknowledged(partitioner).keys()].toSorted()).toEqual(found.toSorted());
  });

  test("is told why", () => {
    for (const reason of listAcknowledged(openWorlds()[name].partitioner).values()) {
      expect(reason).toMatch(/^[A-Z].{60,}\.$/);
    }
  });
});
