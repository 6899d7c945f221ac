/** The verdicts that most structure checks come to. */
import type { Verdict } from "../rule.ts";

/** A checksum the vendor publishes: right raises confidence; wrong lowers it, and the severity. */
export function byChecksum(right: boolean): Verdict {
  return right
    ? { keep: true, confidence: "high", reason: "checksum is right" }
    : { keep: true, confidence: "low", severity: "low", reason: "checksum is wrong" };
}

/** A checksum known from observation only: right raises confidence, wrong leaves it in the middle. */
export function byObservedChecksum(right: boolean): Verdict {
  return right
    ? { keep: true, confidence: "high", reason: "checksum is right" }
    : { keep: true, confidence: "medium" };
}

/** Keeps, with a fact for the person. */
export function kept(reason: string, more: Omit<Verdict, "keep" | "reason"> = {}): Verdict {
  return { keep: true, reason, ...more };
}
