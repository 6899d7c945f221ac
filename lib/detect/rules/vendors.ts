/** Every rule that belongs to a vendor, in one list. */
import type { Rule } from "../rule.ts";
import { rules as ai } from "./ai.ts";
import { rules as analytics } from "./analytics.ts";
import { rules as atlassian } from "./atlassian.ts";
import { rules as automation } from "./automation.ts";
import { rules as aws } from "./aws.ts";
import { rules as azure } from "./azure.ts";
import { rules as banks } from "./banks.ts";
import { rules as brokers } from "./brokers.ts";
import { rules as channels } from "./channels.ts";
import { rules as ci } from "./ci.ts";
import { rules as cloud } from "./cloud.ts";
import { rules as clusters } from "./clusters.ts";
import { rules as commerce } from "./commerce.ts";
import { rules as communication } from "./communication.ts";
import { rules as content } from "./content.ts";
import { rules as contentNetworks } from "./content_networks.ts";
import { rules as crypto } from "./crypto.ts";
import { rules as customers } from "./customers.ts";
import { rules as databases } from "./databases.ts";
import { rules as deployment } from "./deployment.ts";
import { rules as developer } from "./developer.ts";
import { rules as files } from "./files.ts";
import { rules as github } from "./github.ts";
import { rules as gitlab } from "./gitlab.ts";
import { rules as google } from "./google.ts";
import { rules as hashicorp } from "./hashicorp.ts";
import { rules as identity } from "./identity.ts";
import { rules as mail } from "./mail.ts";
import { rules as networks } from "./networks.ts";
import { rules as observability } from "./observability.ts";
import { rules as payments } from "./payments.ts";
import { rules as places } from "./places.ts";
import { rules as publishing } from "./publishing.ts";
import { rules as quality } from "./quality.ts";
import { rules as registries } from "./registries.ts";
import { rules as search } from "./search.ts";
import { rules as slack } from "./slack.ts";
import { rules as sluice } from "./sluice.ts";
import { rules as social } from "./social.ts";
import { rules as teamwork } from "./teamwork.ts";

export const vendorRules: readonly Rule[] = [
  ...ai,
  ...analytics,
  ...atlassian,
  ...automation,
  ...aws,
  ...azure,
  ...banks,
  ...brokers,
  ...channels,
  ...ci,
  ...cloud,
  ...clusters,
  ...commerce,
  ...communication,
  ...content,
  ...contentNetworks,
  ...crypto,
  ...customers,
  ...databases,
  ...deployment,
  ...developer,
  ...files,
  ...github,
  ...gitlab,
  ...google,
  ...hashicorp,
  ...identity,
  ...mail,
  ...networks,
  ...observability,
  ...payments,
  ...places,
  ...publishing,
  ...quality,
  ...registries,
  ...search,
  ...slack,
  ...sluice,
  ...social,
  ...teamwork,
];
