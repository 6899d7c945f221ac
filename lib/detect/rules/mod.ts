/** Every built-in rule, one file per vendor or family. */

import type { Rule } from "@/lib/detect/rule.ts";
import { rules as atlassian } from "@/lib/detect/rules/atlassian.ts";
import { rules as aws } from "@/lib/detect/rules/aws.ts";
import { rules as github } from "@/lib/detect/rules/github.ts";
import { rules as gitlab } from "@/lib/detect/rules/gitlab.ts";

/** In the order of the list; ids are unique. */
export const RULES: readonly Rule[] = [
  atlassian,
  aws,
  github,
  gitlab,
].flat();
