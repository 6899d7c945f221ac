/** What holds up the repositories of a page: servers that wait, stand still or need somebody. */

import { Notice } from "./notices.tsx";
import type { StatusView } from "./scan_status.tsx";
import { ClockTime } from "./time.tsx";
import { plural } from "@/lib/format.ts";

/** A server whose work does not go on just now. */
export interface ServerNoticeView {
  id: string;
  name: string;
  status: StatusView;
}

/** More would push the list out of sight; the list of servers shows all. */
const SHOWN = 3;

/** One notice a server, those that need somebody first; it stands empty while all is well. */
export function ServerNotices(props: { notices: readonly ServerNoticeView[] }) {
  const left = props.notices.length - SHOWN;
  return (
    <div id="server-notices" class="stack tight speaks" role="status">
      {props.notices.slice(0, SHOWN).map(({ id, name, status }) => (
        <Notice tone={status.tone}>
          <p>
            <a href={`/servers/${id}`}>{name}</a>: <strong>{status.word}</strong>
            {status.until !== null && (
              <>
                {" "}until <ClockTime at={status.until} />
              </>
            )}. {[status.detail, status.sentence].filter((one) => one !== null).join(" ")}
          </p>
        </Notice>
      ))}
      {left > 0 && (
        <p class="small">
          <a href="/servers">{plural(left, "more code server")}</a> in such a state.
        </p>
      )}
    </div>
  );
}
