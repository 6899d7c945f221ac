/** What the pages of API keys and of embed keys have in common. */

import { z } from "zod";
import type { KeyRowView } from "@/components/api_keys_page.tsx";
import type { MakerLoss } from "@/lib/store/api_keys.ts";

const LOSS_WORDS: Record<MakerLoss, string> = {
  gone: "its maker has no account any more",
  demoted: "its maker is no admin any more",
};

/** A name that tells keys apart, and the last day of a key, if it has one. */
export const keyName = z.string({ error: "Give it a name." }).trim().min(1, "Give it a name.")
  .max(100, "Use at most 100 characters.");
export const lastDay = z.union([
  z.literal(""),
  z.iso.date("Enter a date, such as 2027-01-31."),
]).default("");

/** The moment after the last day; null for none. NaN never comes out: the form was checked. */
export function endOf(day: string): number | null {
  return day === "" ? null : Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}

/** A row of either list. */
export function keyRow(
  key: Omit<KeyRowView, "opens" | "over"> & {
    revokedAt: number | null;
    makerLoss?: MakerLoss | null;
  },
  opens: string,
  now: number,
): KeyRowView {
  const { id, name, hint, createdBy, createdAt, expiresAt, lastUsedAt } = key;
  const over = key.revokedAt !== null
    ? "revoked"
    : expiresAt !== null && expiresAt <= now
    ? "expired"
    : key.makerLoss
    ? LOSS_WORDS[key.makerLoss]
    : null;
  return { id, name, hint, opens, createdBy, createdAt, expiresAt, lastUsedAt, over };
}
