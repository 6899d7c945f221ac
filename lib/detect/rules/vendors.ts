/** Every rule that belongs to a vendor, in one list. */
import type { Rule } from "../rule.ts";
import { rules as ai } from "./ai.ts";
import { rules as atlassian } from "./atlassian.ts";
import { rules as aws } from "./aws.ts";
import { rules as azure } from "./azure.ts";
import { rules as ci } from "./ci.ts";
import { rules as cloud } from "./cloud.ts";
import { rules as commerce } from "./commerce.ts";
import { rules as communication } from "./communication.ts";
import { rules as crypto } from "./crypto.ts";
import { rules as data } from "./data.ts";
import { rules as developer } from "./developer.ts";
import { rules as github } from "./github.ts";
import { rules as gitlab } from "./gitlab.ts";
import { rules as google } from "./google.ts";
import { rules as identity } from "./identity.ts";
import { rules as infrastructure } from "./infrastructure.ts";
import { rules as observability } from "./observability.ts";
import { rules as payments } from "./payments.ts";
import { rules as registries } from "./registries.ts";
import { rules as saas } from "./saas.ts";
import { rules as slack } from "./slack.ts";
import { rules as sluice } from "./sluice.ts";
import { rules as social } from "./social.ts";

export const vendorRules: readonly Rule[] = [
  ...ai,
  ...atlassian,
  ...aws,
  ...azure,
  ...ci,
  ...cloud,
  ...commerce,
  ...communication,
  ...crypto,
  ...data,
  ...developer,
  ...github,
  ...gitlab,
  ...google,
  ...identity,
  ...infrastructure,
  ...observability,
  ...payments,
  ...registries,
  ...saas,
  ...slack,
  ...sluice,
  ...social,
];
