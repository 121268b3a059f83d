import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { dropUndefined } from "../config/configuration.ts";
import { UserError } from "../core/user-error.ts";
import { checkRegion } from "./aws-place.ts";
import { allowSender } from "./key-access.ts";

/** Who hears of alarms. */
export interface AlarmTopicProps {
  /**
   * The topic that alarms go to, or its ARN; its policy, and its key's, must let CloudWatch publish.
   * @default - a new topic
   */
  readonly alarmTopic?: ITopic | string | undefined;

  /**
   * Who is subscribed to the new topic; SNS asks for a confirmation first.
   * @default - nobody
   */
  readonly alarmEmail?: string | undefined;
}

/** @throws UserError for a topic that alarms of this stack cannot go to */
export function chooseTopic(scope: Construct, props: AlarmTopicProps, key: IKey | undefined): ITopic {
  const { alarmTopic, alarmEmail } = props;
  if (alarmTopic === undefined) return makeTopic(scope, alarmEmail, key);
  if (alarmEmail !== undefined) {
    throw new UserError(`alarms go to alarmTopic or to alarmEmail, and both are given`, {
      hint: `remove alarmEmail, and subscribe ${alarmEmail} to the topic`,
    });
  }
  if (typeof alarmTopic !== "string") return alarmTopic;
  checkRegion(scope, alarmTopic, "the topic of the alarms");
  return Topic.fromTopicArn(scope, "AlarmTopic", alarmTopic);
}

function makeTopic(scope: Construct, email: string | undefined, key: IKey | undefined): ITopic {
  const topic = new Topic(scope, "AlarmTopic", { enforceSSL: true, ...dropUndefined({ masterKey: key }) });
  // The policy that enforces TLS stands in place of SNS's own, which had allowed this.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "CloudWatchAlarms",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  if (key !== undefined) allowSender(scope, key, "cloudwatch");
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
