/** Tokens by vendor, as their documentation shows them, put together at run time. */

import { ALNUM, type Dice, DIGITS, HEX, LOWER, UPPER } from "../case.ts";
import { B32, B64, URLSAFE } from "./chance.ts";

/** A vendor's token, and the name under which people keep it. */
export type VendorToken = readonly [name: string, token: (d: Dice) => string];

const uuid = (d: Dice) => [8, 4, 4, 4, 12].map((n) => d.text(HEX, n)).join("-");
const jwt = (d: Dice) =>
  [
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
    btoa(`{"sub":"${d.text(DIGITS, 9)}","exp":1893456000}`).replace(/=/g, ""),
    d.text(URLSAFE, 43),
  ].join(".");

export const TOKENS: readonly VendorToken[] = [
  ["GITHUB_TOKEN", (d) => "gh" + "p_" + d.text(ALNUM, 36)],
  ["GH_OAUTH", (d) => "gh" + "o_" + d.text(ALNUM, 36)],
  ["GH_PAT", (d) => "github" + "_pat_" + d.text(ALNUM, 22) + "_" + d.text(ALNUM, 59)],
  ["GITLAB_TOKEN", (d) => "glp" + "at-" + d.text(URLSAFE, 20)],
  ["GITLAB_DEPLOY", (d) => "gl" + "dt-" + d.text(URLSAFE, 20)],
  ["CI_TRIGGER", (d) => "glpt" + "t-" + d.text(HEX, 40)],
  ["RUNNER_TOKEN", (d) => "gl" + "rt-" + d.text(URLSAFE, 20)],
  ["AWS_ACCESS_KEY_ID", (d) => "AK" + "IA" + d.text(B32, 16)],
  ["AWS_SECRET_ACCESS_KEY", (d) => d.text(B64, 40)],
  ["GOOGLE_MAPS_KEY", (d) => "AI" + "zaSy" + d.text(URLSAFE, 32) + "x"],
  ["GOOGLE_CLIENT_SECRET", (d) => "GOC" + "SPX-" + d.text(URLSAFE, 28)],
  ["GOOGLE_ACCESS", (d) => "ya" + "29.a0A" + d.text(URLSAFE, 150)],
  ["AZURE_CLIENT_SECRET", (d) => d.text(ALNUM, 3) + "8" + "Q~" + d.text(ALNUM + "_.~-", 33) + "a"],
  ["AZURE_STORAGE_KEY", (d) => d.text(B64, 76) + "+" + "ASt" + d.text(B64, 6) + "=="],
  ["AZURE_DEVOPS_PAT", (d) => d.text(LOWER + "234567", 52)],
  [
    "SLACK_BOT_TOKEN",
    (d) => "xo" + "xb-" + d.text(DIGITS, 12) + "-" + d.text(DIGITS, 13) + "-" + d.text(ALNUM, 24),
  ],
  [
    "SLACK_USER",
    (d) =>
      "xo" + "xp-" + [12, 12, 13].map((n) => d.text(DIGITS, n)).join("-") + "-" + d.text(HEX, 32),
  ],
  [
    "SLACK_APP",
    (d) =>
      "xa" + "pp-1-A" + d.text(UPPER + DIGITS, 10) + "-" + d.text(DIGITS, 13) + "-" +
      d.text(HEX, 64),
  ],
  [
    "SLACK_HOOK",
    (d) =>
      "https://hooks.slack.com/ser" + "vices/T" + d.text(UPPER + DIGITS, 10) + "/B" +
      d.text(UPPER + DIGITS, 10) + "/" + d.text(ALNUM, 24),
  ],
  [
    "DISCORD_HOOK",
    (d) =>
      "https://discord.com/api/web" + "hooks/1" + d.text(DIGITS, 18) + "/" + d.text(URLSAFE, 68),
  ],
  [
    "DISCORD_BOT_TOKEN",
    (d) =>
      btoa("1" + d.text(DIGITS, 17)).replace(/=/g, "") + ".G" + d.text(ALNUM, 5) + "." +
      d.text(URLSAFE, 38),
  ],
  ["TELEGRAM_BOT_TOKEN", (d) => "5" + d.text(DIGITS, 9) + ":AA" + d.text(URLSAFE, 33)],
  [
    "TEAMS_HOOK",
    (d) =>
      `https://acme.webhook.office.com/webhookb2/${uuid(d)}@${uuid(d)}/IncomingWebhook/${
        d.text(HEX, 32)
      }/${uuid(d)}`,
  ],
  ["TWILIO_API_KEY", (d) => "SK" + d.text(HEX, 32)],
  ["TWILIO_AUTH_TOKEN", (d) => d.text(HEX, 32)],
  ["SENDGRID_API_KEY", (d) => "SG" + "." + d.text(URLSAFE, 22) + "." + d.text(URLSAFE, 43)],
  ["MAILGUN_API_KEY", (d) => "key" + "-" + d.text(HEX, 32)],
  ["MAILCHIMP_API_KEY", (d) => d.text(HEX, 32) + "-" + "us" + d.between(1, 21)],
  ["POSTMARK_SERVER_TOKEN", uuid],
  ["BREVO_KEY", (d) => "xkey" + "sib-" + d.text(HEX, 64) + "-" + d.text(ALNUM, 16)],
  ["RESEND_API_KEY", (d) => "re" + "_" + d.text(ALNUM, 8) + "_" + d.text(ALNUM, 24)],
  ["STRIPE_SECRET_KEY", (d) => "sk" + "_live_" + d.text(ALNUM, 24)],
  ["STRIPE_RESTRICTED", (d) => "rk" + "_live_51" + d.text(ALNUM, 97)],
  ["STRIPE_WEBHOOK_SECRET", (d) => "wh" + "sec_" + d.text(ALNUM, 32)],
  ["SQUARE_ACCESS_TOKEN", (d) => "EA" + "AAE" + d.text(URLSAFE, 59)],
  ["SQUARE_SECRET", (d) => "sq0" + "csp-" + d.text(URLSAFE, 43)],
  [
    "BRAINTREE_TOKEN",
    (d) => "access_token" + "$production$" + d.text(LOWER + DIGITS, 16) + "$" + d.text(HEX, 32),
  ],
  ["SHOPIFY_TOKEN", (d) => "shp" + "at_" + d.text(HEX, 32)],
  ["RAZORPAY_KEY_SECRET", (d) => d.text(ALNUM, 24)],
  ["FLUTTERWAVE_SECRET", (d) => "FLWSECK" + "-" + d.text(HEX, 32) + "-X"],
  [
    "ADYEN_API_KEY",
    (d) => "AQE" + d.text(B64, 80) + "-" + d.text(B64, 43) + "=-" + d.text(ALNUM, 16),
  ],
  ["NPM_TOKEN", (d) => "np" + "m_" + d.text(ALNUM, 36)],
  ["PYPI_TOKEN", (d) => "pypi-" + "AgEIcHlwaS5vcmc" + d.text(URLSAFE, 150)],
  ["RUBYGEMS_KEY", (d) => "ruby" + "gems_" + d.text(HEX, 48)],
  ["NUGET_KEY", (d) => "oy" + "2" + d.text(LOWER + DIGITS, 43)],
  ["CARGO_REGISTRY_TOKEN", (d) => "ci" + "o" + d.text(ALNUM, 32)],
  ["DOCKERHUB_TOKEN", (d) => "dckr" + "_pat_" + d.text(URLSAFE, 27)],
  ["HF_TOKEN", (d) => "h" + "f_" + d.text(ALNUM, 34)],
  [
    "OPENAI_API_KEY",
    (d) => "sk-proj-" + d.text(URLSAFE, 74) + "T3Blbk" + "FJ" + d.text(URLSAFE, 74),
  ],
  ["OPENAI_KEY", (d) => "sk-" + d.text(ALNUM, 20) + "T3Blbk" + "FJ" + d.text(ALNUM, 20)],
  ["ANTHROPIC_API_KEY", (d) => "sk-ant-" + "api03-" + d.text(URLSAFE, 93) + "AA"],
  ["GROQ_API_KEY", (d) => "gs" + "k_" + d.text(ALNUM, 52)],
  ["REPLICATE_API_TOKEN", (d) => "r8" + "_" + d.text(ALNUM, 37)],
  ["PPLX_KEY", (d) => "pp" + "lx-" + d.text(ALNUM, 48)],
  ["XAI_KEY", (d) => "xa" + "i-" + d.text(ALNUM, 80)],
  ["COHERE_API_KEY", (d) => d.text(ALNUM, 40)],
  ["MISTRAL_API_KEY", (d) => d.text(ALNUM, 32)],
  ["DEEPSEEK_API_KEY", (d) => "sk" + "-" + d.text(HEX, 32)],
  ["PINECONE_API_KEY", (d) => "pc" + "sk_" + d.text(ALNUM, 6) + "_" + d.text(ALNUM, 63)],
  ["DD_API_KEY", (d) => d.text(HEX, 32)],
  ["NEW_RELIC_KEY", (d) => "NR" + "AK-" + d.text(UPPER + DIGITS, 27)],
  ["GRAFANA_TOKEN", (d) => "gl" + "sa_" + d.text(ALNUM, 32) + "_" + d.text(HEX, 8)],
  ["SENTRY_AUTH_TOKEN", (d) => "sntr" + "yu_" + d.text(HEX, 64)],
  ["DYNATRACE_TOKEN", (d) => "dt0" + "c01." + d.text(B32, 24) + "." + d.text(B32, 64)],
  ["HONEYCOMB_KEY", (d) => "hc" + "aik_" + d.text(LOWER + DIGITS, 58)],
  ["PAGERDUTY_TOKEN", (d) => d.text(ALNUM, 18) + "+x"],
  ["LINEAR_KEY", (d) => "lin" + "_api_" + d.text(ALNUM, 40)],
  ["NOTION_TOKEN", (d) => "nt" + "n_" + d.text(DIGITS, 11) + d.text(ALNUM, 35)],
  ["AIRTABLE_PAT", (d) => "pat" + d.text(ALNUM, 14) + "." + d.text(HEX, 64)],
  [
    "JIRA_TOKEN",
    (d) => "ATA" + "TT3xFfGF0" + d.text(URLSAFE, 171) + "=" + d.text(HEX, 8).toUpperCase(),
  ],
  ["FIGMA_TOKEN", (d) => "fi" + "gd_" + d.text(URLSAFE, 40)],
  ["POSTMAN_KEY", (d) => "PM" + "AK-" + d.text(HEX, 24) + "-" + d.text(HEX, 34)],
  ["DOPPLER_TOKEN", (d) => "dp" + ".pt." + d.text(ALNUM, 43)],
  ["VAULT_TOKEN", (d) => "hv" + "s." + d.text(URLSAFE, 95)],
  ["TFE_TOKEN", (d) => d.text(ALNUM, 14) + ".atlas" + "v1." + d.text(ALNUM, 67)],
  ["PULUMI_ACCESS_TOKEN", (d) => "pu" + "l-" + d.text(HEX, 40)],
  ["DIGITALOCEAN_TOKEN", (d) => "dop" + "_v1_" + d.text(HEX, 64)],
  ["HEROKU_API_KEY", uuid],
  ["NETLIFY_TOKEN", (d) => "nf" + "p_" + d.text(ALNUM, 36)],
  ["VERCEL_TOKEN", (d) => d.text(ALNUM, 24)],
  ["CLOUDFLARE_API_TOKEN", (d) => d.text(URLSAFE, 40)],
  ["CLOUDFLARE_API_KEY", (d) => d.text(HEX, 37)],
  ["FASTLY_TOKEN", (d) => d.text(URLSAFE, 32)],
  ["SUPABASE_TOKEN", (d) => "sb" + "p_" + d.text(HEX, 40)],
  ["SUPABASE_SERVICE_KEY", jwt],
  ["PLANETSCALE_PASSWORD", (d) => "pscale" + "_pw_" + d.text(URLSAFE, 43)],
  ["DATABRICKS_TOKEN", (d) => "da" + "pi" + d.text(HEX, 32)],
  [
    "FCM_SERVER_KEY",
    (d) => "AA" + "AA" + d.text(URLSAFE, 7) + ":AP" + "A91b" + d.text(URLSAFE, 134),
  ],
  ["FB_ACCESS_TOKEN", (d) => "EA" + "AC" + d.text(ALNUM, 150)],
  ["FACEBOOK_APP_SECRET", (d) => d.text(HEX, 32)],
  ["TWITTER_BEARER", (d) => "AAAAAAAAAAAAAAAAAA" + "AAA" + d.text(ALNUM + "%", 80)],
  ["TWITTER_CONSUMER_SECRET", (d) => d.text(ALNUM, 50)],
  ["DROPBOX_TOKEN", (d) => "s" + "l." + d.text(URLSAFE, 135)],
  ["ALGOLIA_ADMIN_KEY", (d) => d.text(HEX, 32)],
  ["CONTENTFUL_PAT", (d) => "CF" + "PAT-" + d.text(URLSAFE, 43)],
  ["OKTA_API_TOKEN", (d) => "00" + d.text(URLSAFE, 39) + "x"],
  ["OP_TOKEN", (d) => "op" + "s_eyJ" + d.text(ALNUM, 250)],
  ["AGE_KEY", (d) => "AGE-SECRET" + "-KEY-1" + d.text("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)],
  ["TS_AUTHKEY", (d) => "tskey" + "-auth-k" + d.text(ALNUM, 10) + "CNTRL-" + d.text(ALNUM, 32)],
  ["CIRCLE_TOKEN", (d) => "CCIP" + "AT_" + d.text(ALNUM, 22) + "_" + d.text(HEX, 40)],
  ["BUILDKITE_TOKEN", (d) => "bk" + "ua_" + d.text(HEX, 40)],
  ["SONAR_TOKEN", (d) => "sq" + "p_" + d.text(HEX, 40)],
  ["SNYK_TOKEN", uuid],
  ["ARTIFACTORY_KEY", (d) => "AK" + "Cp8" + d.text(ALNUM, 69)],
  ["MAPBOX_SECRET", (d) => "sk" + ".eyJ" + d.text(ALNUM, 80) + "." + d.text(URLSAFE, 22)],
  ["HUBSPOT_TOKEN", (d) => "pat" + "-na1-" + uuid(d)],
  ["SALESFORCE_SESSION", (d) => "00" + "D" + d.text(ALNUM, 12) + "!AR" + d.text(ALNUM + "._", 94)],
  ["TYPEFORM_TOKEN", (d) => "tf" + "p_" + d.text(ALNUM, 44) + "_" + d.text(ALNUM, 14)],
  ["LAUNCHDARKLY_SDK", (d) => "sd" + "k-" + uuid(d)],
  ["CLOJARS_TOKEN", (d) => "CLO" + "JARS_" + d.text(HEX, 60)],
  ["ALIYUN_ACCESS_KEY", (d) => "LT" + "AI5t" + d.text(ALNUM, 18)],
  ["TENCENT_SECRET_ID", (d) => "AK" + "ID" + d.text(ALNUM, 32)],
  ["ALIYUN_SECRET", (d) => d.text(ALNUM, 30)],
  ["SHIPPO_TOKEN", (d) => "shippo" + "_live_" + d.text(HEX, 40)],
  ["EASYPOST_KEY", (d) => "EZ" + "AK" + d.text(ALNUM, 54)],
  ["LOB_KEY", (d) => "live" + "_" + d.text(HEX, 35)],
  ["PREFECT_KEY", (d) => "pn" + "u_" + d.text(ALNUM, 36)],
  ["INFRACOST_KEY", (d) => "ic" + "o-" + d.text(ALNUM, 32)],
  ["SOURCEGRAPH_TOKEN", (d) => "sg" + "p_" + d.text(HEX, 16) + "_" + d.text(HEX, 40)],
  ["INTERCOM_TOKEN", (d) => "dG9rO" + d.text(ALNUM, 54) + "="],
  ["RIOT_KEY", (d) => "RG" + "API-" + uuid(d)],
  ["STEAM_WEB_API_KEY", (d) => d.text(HEX, 32).toUpperCase()],
  ["OPENWEATHER_API_KEY", (d) => d.text(HEX, 32)],
  ["SESSION_JWT", jwt],
];
