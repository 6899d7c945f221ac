/** Amazon Web Services: key ids with their account, secret keys, session tokens, Bedrock keys. */
import { awsAccountOf } from "../checks/aws_account.ts";
import { toBase32 } from "../checks/base32.ts";
import { toBase64 } from "../checks/base64.ts";
import { hasLettersAndDigits } from "../checks/chance.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base32, base64, bytes, pick, upper, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const vendor = "Amazon Web Services";
const revokeUrl = "https://console.aws.amazon.com/iam/home#/security_credentials";
const docsUrl = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html";

/** A key id of the account 123456789012. */
function keyId(prefix: string): string {
  const account = 123456789012n << 7n;
  const head = Uint8Array.from(
    { length: 6 },
    (_, at) => Number((account >> BigInt(40 - 8 * at)) & 255n),
  );
  head[0]! |= 0x80;
  return prefix + toBase32(Uint8Array.of(...head, ...bytes(4, 3)));
}

function ofAccount(id: string) {
  const account = awsAccountOf(id);
  return account === null
    ? { keep: true }
    : kept(`belongs to account ${account}`, { confidence: "high" as const });
}

/** Secret keys are 40 characters; digests in hexadecimal and paths are not. */
function isSecretKey(secret: string): boolean {
  return hasLettersAndDigits(secret) && /[A-Z]/.test(secret) && /[a-z]/.test(secret) &&
    (secret.match(/\//g)?.length ?? 0) < 6;
}

/** A session token starts with a version and the name of its issuer in base64. */
function sessionToken(id: string, name: string, prefix: string): Rule {
  return prefixed({
    id,
    name,
    vendor,
    severity: "medium",
    prefix,
    body: "[A-Za-z0-9/+]{150,1300}={0,2}",
    edge: "A-Za-z0-9/+=",
    window: { before: 100, after: 1500 },
    help:
      "Completes a temporary key, which ends after at most 36 hours. Revoke the role's active sessions in IAM if it is fresh.",
    docsUrl:
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
    samples: () => [prefix + base64(354) + "=="],
  });
}

export const rules: readonly Rule[] = [
  prefixed({
    id: "aws-access-key-id",
    name: "AWS access key id",
    vendor,
    severity: "medium",
    prefix: "AKIA",
    body: "[A-Z2-7]{16}",
    check: ofAccount,
    help:
      "Names a long-lived key of an IAM user; with its secret it does what that user may. Deactivate and delete the key in IAM, Users, Security credentials.",
    revokeUrl,
    docsUrl,
    samples: () => [keyId("AKIA"), "AKIA" + base32(16)],
    ignores:
      () => ["AKIA" + "IOSFODNN7EXAMPLE", "AKIA" + pick("0189", 16), `role AROA${base32(16)}`],
  }),
  prefixed({
    id: "aws-temporary-access-key-id",
    name: "AWS temporary access key id",
    vendor,
    severity: "low",
    prefix: "ASIA",
    body: "[A-Z2-7]{16}",
    check: ofAccount,
    help:
      "Names a temporary key, which ends after at most 36 hours and needs its secret and session token. Revoke the role's active sessions in IAM if it is fresh.",
    revokeUrl: "https://console.aws.amazon.com/iam/home#/roles",
    docsUrl,
    samples: () => [keyId("ASIA")],
  }),
  prefixed({
    id: "aws-service-bearer-token-id",
    name: "AWS STS service bearer token or context credential id",
    vendor,
    severity: "low",
    confidence: "medium",
    prefix: ["ABIA", "ACCA"],
    body: "[A-Z2-7]{16}",
    check: ofAccount,
    help:
      "Names a short-lived service credential. Check when it was made and revoke its role's sessions.",
    docsUrl,
    samples: () => [keyId("ABIA"), keyId("ACCA")],
  }),
  named({
    id: "aws-secret-access-key",
    name: "AWS secret access key",
    vendor,
    severity: "critical",
    confidence: "high",
    word: "(?:aws|amazon|s3|dynamo|sqs|bedrock)|secret_?access",
    noun: "secret[_.\\- ]?(?:access[_.\\- ]?)?key|secret|access_?key(?!_?id)",
    variable: "AWS_SECRET_ACCESS_KEY",
    keywords: [
      "secret_access_key",
      "secretaccesskey",
      "secret-access-key",
      "aws_secret",
      "awssecret",
      "aws-secret",
      "aws.secret",
      "s3_secret",
      "s3secret",
      "amazon_secret",
      "secret access key",
    ],
    value: "[A-Za-z0-9/+]{40}",
    check: (secret) => ({ keep: isSecretKey(secret) }),
    help:
      "With its key id it does all that its IAM user may. Deactivate and delete the key in IAM, then look through CloudTrail for its use.",
    revokeUrl,
    docsUrl: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    samples: () => [base64(40), base64(40, 5)],
    ignores: () => [
      "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
      `aws_secret_checksum = "${pick("0123456789abcdef", 40)}"`,
    ],
  }),
  {
    ...named({
      id: "aws-secret-beside-key-id",
      name: "AWS secret access key beside its key id",
      vendor,
      severity: "critical",
      confidence: "high",
      word: "unused",
      variable: "AWS",
      value: "unused",
      samples: () => [],
      help:
        "With the key id beside it, it does all that its IAM user may. Deactivate and delete the key in IAM, then look through CloudTrail for its use.",
      revokeUrl,
      docsUrl: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    }),
    keywords: ["akia"],
    pattern: new RegExp(
      "(?<![A-Z0-9])AKIA[A-Z2-7]{16}(?![A-Z0-9])[\\s\\S]{1,80}?(?<![A-Za-z0-9/+])([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    check: (secret) => ({ keep: isSecretKey(secret) }),
    matches: () => [
      `${keyId("AKIA")}:${base64(40, 7)}`,
      `Client("${keyId("AKIA")}",\n  "${base64(40, 8)}")`,
    ],
    ignores: () => [
      `${keyId("AKIA")} sha1 ${pick("0123456789abcdef", 40)}`,
      `${keyId("AKIA")} ${base64(44)}`,
    ],
  },
  sessionToken("aws-session-token", "AWS session token", "IQoJb3JpZ2luX2"),
  sessionToken("aws-session-token-before-2019", "AWS session token (old form)", "FwoGZXIvYXdz"),
  prefixed({
    id: "aws-bedrock-api-key",
    name: "Amazon Bedrock long-term API key",
    vendor,
    prefix: "ABSKQmVkcm9ja0FQSUtleS",
    body: "[A-Za-z0-9+/]{60,260}={0,2}",
    edge: "A-Za-z0-9+/",
    help:
      "Calls Amazon Bedrock models on the account's bill. Delete the key in IAM, Users, Security credentials, API keys for Amazon Bedrock.",
    revokeUrl,
    docsUrl: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
    samples: () => ["ABSK" + toBase64(`BedrockAPIKey-${alnum(4)}-at-123456789012:${alnum(44)}`)],
    ignores: () => ["ABSK" + base64(120)],
  }),
  prefixed({
    id: "aws-bedrock-short-key",
    name: "Amazon Bedrock short-term API key",
    vendor,
    severity: "medium",
    prefix: "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t",
    body: "[A-Za-z0-9+/=]{20,1500}",
    window: { before: 100, after: 1700 },
    help:
      "Calls Amazon Bedrock models for at most twelve hours. Revoke its role's sessions in IAM if it is fresh.",
    docsUrl: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
    samples: () => ["bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t" + base64(200)],
  }),
  prefixed({
    id: "aws-mws-token",
    name: "Amazon Marketplace Web Service token",
    vendor,
    prefix: "amzn.mws.",
    body: UUID,
    help:
      "Acts for a seller of Amazon's marketplace. Revoke it in Seller Central, User permissions.",
    docsUrl:
      "https://developer-docs.amazon.com/sp-api/docs/authorizing-selling-partner-api-applications",
    samples: () => ["amzn.mws." + uuid()],
  }),
  prefixed({
    id: "amazon-oauth-client-secret",
    name: "Login with Amazon client secret",
    vendor,
    prefix: "amzn1.oa2-cs.v1.",
    body: "[0-9a-f]{64}",
    help:
      "Lets anyone pose as the application at Login with Amazon. Rotate it in the developer console, Security profile.",
    revokeUrl: "https://developer.amazon.com/loginwithamazon/console/site/lwa/overview.html",
    docsUrl: "https://developer.amazon.com/docs/login-with-amazon/register-web.html",
    samples: () => ["amzn1.oa2-cs.v1." + pick("0123456789abcdef", 64)],
    ignores:
      () => ["amzn1.application-oa2-client." + pick("0123456789abcdef", 32), `id ${upper(20)}`],
  }),
];
