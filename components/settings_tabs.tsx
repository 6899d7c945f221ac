/** The way around the settings. */

import { Tabs } from "./table.tsx";

const PLACES = [
  { id: "users", href: "/settings", word: "Users" },
  { id: "api-keys", href: "/settings/api-keys", word: "API keys" },
  { id: "embed-keys", href: "/settings/embed-keys", word: "Embed keys" },
  { id: "rules", href: "/settings/rules", word: "Rules" },
  { id: "suppressions", href: "/settings/suppressions", word: "Suppressions" },
  { id: "audit", href: "/settings/audit", word: "Audit log" },
  { id: "operations", href: "/settings/operations", word: "Operations" },
] as const;

/** Links to each page of the settings, the present one marked. */
export function SettingsTabs(props: { current: typeof PLACES[number]["id"] }) {
  return (
    <Tabs
      id="settings-tabs"
      label="Settings"
      tabs={PLACES.map(({ id, href, word }) => ({
        href,
        word,
        icon: null,
        count: null,
        current: id === props.current,
      }))}
    />
  );
}
