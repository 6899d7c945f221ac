/** Every built-in rule: the vendors' formats, then the places where secrets of any form stand. */

import type { Rule } from "@/lib/detect/rule.ts";
import { rules as assignments } from "@/lib/detect/rules/assignments.ts";
import { vendorRules } from "@/lib/detect/rules/vendors.ts";

/** In the order of the list; ids are unique. */
export const RULES: readonly Rule[] = [
  ...vendorRules,
  ...assignments,
];
