/** Every built-in rule: the vendors' formats, then the places where secrets of any form stand. */

import type { Rule } from "@/lib/detect/rule.ts";
import { rules as assignments } from "@/lib/detect/rules/assignments.ts";
import { rules as commandLines } from "@/lib/detect/rules/command_lines.ts";
import { rules as connectionStrings } from "@/lib/detect/rules/connection_strings.ts";
import { rules as credentialFiles } from "@/lib/detect/rules/credential_files.ts";
import { rules as headers } from "@/lib/detect/rules/headers.ts";
import { rules as keyCalls } from "@/lib/detect/rules/key_calls.ts";
import { rules as jwt } from "@/lib/detect/rules/jwt.ts";
import { rules as privateKeys } from "@/lib/detect/rules/private_keys.ts";
import { rules as urls } from "@/lib/detect/rules/urls.ts";
import { rules as wrappers } from "@/lib/detect/rules/wrappers.ts";
import { vendorRules } from "@/lib/detect/rules/vendors.ts";

/** In the order of the list; ids are unique. */
export const RULES: readonly Rule[] = [
  ...vendorRules,
  ...privateKeys,
  ...jwt,
  ...urls,
  ...connectionStrings,
  ...headers,
  ...commandLines,
  ...credentialFiles,
  ...keyCalls,
  ...assignments,
  ...wrappers,
];
