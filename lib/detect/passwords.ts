/** Judges a password by where it stands: in a URL, a header, a command or a credential file. */

import type { Verdict } from "@/lib/detect/rule.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

/** Filters that do not fit a place where only a password can stand. */
const NOT_HERE: ReadonlySet<string> = new Set(["number", "name-again", "path", "address", "code"]);
/** Passwords that software ships with or that every example has. */
const SHIPPED =
  /^(?:root|toor|admin|administrator|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|rabbit|guest|elastic|kibana|oracle|sa|sys|system|neo4j|minio|minioadmin|default|public|private|user\d?|username|me|myuser|mypass\w*|mypassword|pass\w{0,8}|pw[d\d]?|p|pp|x+|abc|bar|foo|baz|secret\d?|s3cret|s3cr3t|hunter2|letmein|welcome\d?|bob|alice|joe|john|jane|someuser|somepass\w*|thepassword|1234\d*|0000+|test\w{0,6}|dev\w{0,8}|local|demo|docker|laravel|forge|sail|app|api|dbuser|dbpass\w*|db|service|git|oauth2?|token|key|none|null|x-oauth-basic|x-token-auth)$/i;
const LOCAL_HOST =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|10\.0\.2\.2|(?:db|database|postgres|postgresql|pg|mysql|mariadb|mongo|mongodb|redis|rabbitmq|rabbit|broker|cache|mq|amqp|server|host|hostname|proxy|myhost|somehost|foo|bar|example|test)(?::|$|\/))/i;
const EXAMPLE_HOST =
  /(?:^|[.@])(?:example|test|invalid|localhost|domain|acme|foo|bar|myhost|mydomain|somewhere|yourdomain|host)(?:\.(?:com|org|net|io|co|test|invalid|localhost|tld|local|edu))?(?:[:\/]|$)|\.example(?:[:\/]|$)/i;

/** Code that puts the password in at run time: `"' + password + '"`. */
const PUT_TOGETHER =
  /^\s*["'`]\s*[+.&]|[+.&]\s*["'`]\s*$|\(\)|["'`]\s*[+.&]\s*\w|\w\s*[+.&]\s*["'`]/;

/** What is known beside the password. */
export interface PasswordPlace {
  user?: string;
  host?: string;
  /** A fact to show; the place usually says it. */
  reason?: string;
}

/** Keeps what could open something, with less confidence where it is weak or the host made up. */
export function judgePassword(password: string, place: PasswordPlace = {}): Verdict {
  const user = place.user ?? "";
  const host = place.host ?? "";
  if (password.length < 3 || SHIPPED.test(password)) return { keep: false };
  if (PUT_TOGETHER.test(password)) return { keep: false };
  if (rejectedBy({ name: "", value: password, quoted: true }, NOT_HERE) !== null) {
    return { keep: false };
  }
  const likeness = likenessOf(password);
  const doubtful = LOCAL_HOST.test(host) || EXAMPLE_HOST.test(host) || /^[$%{(\[]/.test(host);
  if (user !== "" && password.toLowerCase() === user.toLowerCase() && (doubtful || host === "")) {
    return { keep: false };
  }
  if (likeness === "random") {
    return {
      keep: true,
      confidence: doubtful ? "medium" : "high",
      reason: place.reason ?? "a random password",
    };
  }
  if (likeness === "chosen") {
    return {
      keep: true,
      confidence: doubtful ? "low" : "medium",
      ...(doubtful ? { severity: "medium" as const } : {}),
      reason: doubtful ? "a host of one's own or made up" : "a password as people choose them",
    };
  }
  if (doubtful) return { keep: false };
  return { keep: true, confidence: "low", severity: "medium", reason: "a weak password" };
}
