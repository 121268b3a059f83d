import type { Scene } from "../scene.ts";
import { inventHostileText } from "../hostile.ts";

/** From where, and with what, a call came. */
export interface Origin {
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** Whether the call came over the network with TLS, and not from within AWS. */
  readonly tls: boolean;
  readonly fromConsole?: boolean;
  readonly vpcEndpointId?: string;
}

const COMMAND_LINES = [
  "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/macos#25.1.0 md/arch#arm64 lang/python#3.13.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off",
  "aws-cli/2.17.20 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard",
  "aws-cli/1.44.2 md/Botocore#1.42.2 ua/2.1 os/windows#11 md/arch#amd64 lang/python#3.12.4 md/pyimpl#CPython",
] as const;

const BROWSERS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "AWS Internal",
] as const;

const PIPELINES = [
  "APN/1.0 HashiCorp/1.0 Terraform/1.13.5 (+https://www.terraform.io) terraform-provider-aws/6.21.0 (+https://registry.terraform.io/providers/hashicorp/aws)",
  "aws-sdk-js/3.940.0 ua/2.1 os/linux#6.1.155 lang/js md/nodejs#22.21.1 api/cloudformation#3.940.0 m/E,N",
] as const;

const PROGRAMS = [
  "Boto3/1.41.5 md/Botocore#1.41.5 ua/2.1 os/linux#6.1.158 md/arch#x86_64 lang/python#3.13.9 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13",
  "aws-sdk-java/2.38.7 md/io#sync md/http#Apache ua/2.1 os/Linux#6.12.55 lang/java#25.0.1 exec-env/AWS_ECS_FARGATE m/D,N",
  "aws-sdk-go-v2/1.39.6 ua/2.1 os/linux lang/go#1.25.4 md/GOOS#linux md/GOARCH#arm64 api/s3#1.90.2 m/E,U",
  "aws-sdk-rust/1.3.10 ua/2.1 api/dynamodb/1.98.0 os/linux lang/rust/1.91.0",
] as const;

const HOSTILE_SHARE = 0.03;

/** Somebody at the office, on the command line. */
export function fromDesk({ random }: Scene): Origin {
  const sourceIPAddress = random.chance(0.15)
    ? `2001:db8:${random.hex(4)}::${random.hex(4)}`
    : `203.0.113.${1 + random.below(60)}`;
  const userAgent = random.chance(HOSTILE_SHARE) ? inventHostileText(random) : random.pick(COMMAND_LINES);
  return { sourceIPAddress, userAgent, tls: true };
}

/** Somebody at the office, in the web console. */
export function fromConsole({ random }: Scene): Origin {
  const sourceIPAddress = `203.0.113.${1 + random.below(60)}`;
  return { sourceIPAddress, userAgent: random.pick(BROWSERS), tls: true, fromConsole: true };
}

/** The pipeline, on somebody else's machines. */
export function fromPipeline({ random }: Scene): Origin {
  return {
    sourceIPAddress: `198.51.100.${100 + random.below(40)}`,
    userAgent: random.pick(PIPELINES),
    tls: true,
  };
}

/** An application inside a VPC, at times through an endpoint. */
export function fromWorkload({ random, account }: Scene): Origin {
  const origin = {
    sourceIPAddress: `192.0.2.${1 + random.below(250)}`,
    userAgent: random.pick(PROGRAMS),
    tls: true,
  };
  if (!random.chance(0.3)) return origin;
  return {
    ...origin,
    vpcEndpointId: `vpce-0f00d${account.id}`,
  };
}

/** An AWS service on its own account, "config.amazonaws.com". */
export function fromService(service: string): Origin {
  return { sourceIPAddress: service, userAgent: service, tls: false };
}

/** The thief's one address. */
export function fromThief(): Origin {
  return {
    sourceIPAddress: "198.51.100.23",
    userAgent: "aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-kali botocore/1.16.19",
    tls: true,
  };
}
