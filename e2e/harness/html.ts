/** As much of HTML as a test without a browser needs: forms, their fields, and text. */

export interface Form {
  /** As written, perhaps empty. */
  action: string;
  method: "GET" | "POST";
  /** What a browser would send without a touch: name and value. */
  fields: [name: string, value: string][];
  /** Also of boxes that are not ticked. */
  fieldNames: Set<string>;
  buttons: { text: string; name: string | null; value: string; action: string | null }[];
}

/** The forms of a page, in order, with the fields that name them by the `form` attribute. */
export function parseForms(html: string): Form[] {
  const forms: Form[] = [];
  for (const [, attributes, inner] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const form = parseAttributes(attributes!);
    const id = form.get("id");
    const outside = id ? html.replaceAll(/<form\b.*?<\/form>/gs, "") : "";
    const parsed: Form = {
      action: form.get("action") ?? "",
      method: form.get("method")?.toUpperCase() === "POST" ? "POST" : "GET",
      fields: [],
      fieldNames: new Set(),
      buttons: [],
    };
    readFields(parsed, inner!, () => true);
    if (id) readFields(parsed, outside, (field) => field.get("form") === id);
    forms.push(parsed);
  }
  return forms;
}

/** The text of a page as a person reads it, without scripts, on one line. */
export function textOf(html: string): string {
  return decode(
    html.replaceAll(/<(script|style|svg|head)\b.*?<\/\1>/gs, " ").replaceAll(/<[^>]*>/g, " "),
  ).replaceAll(/\s+/g, " ").trim();
}

type Attributes = Map<string, string>;

function readFields(form: Form, html: string, belongs: (field: Attributes) => boolean): void {
  const tags = /<(?:(input)\b([^>]*)>|(select|textarea|button)\b([^>]*)>(.*?)<\/\3>)/gs;
  for (const [, input, ofInput, other, ofOther, inner = ""] of html.matchAll(tags)) {
    const [tag, rest] = [input ?? other, ofInput ?? ofOther];
    const field = parseAttributes(rest!);
    const name = field.get("name");
    const value = field.get("value") ?? "";
    if (!belongs(field)) continue;
    if (tag === "button") {
      if ((field.get("type") ?? "submit") === "submit" && !field.has("disabled")) {
        form.buttons.push({
          text: textOf(inner),
          name: name ?? null,
          value,
          action: field.get("formaction") ?? null,
        });
      }
      continue;
    }
    if (!name || field.has("disabled")) continue;
    form.fieldNames.add(name);
    if (tag === "textarea") form.fields.push([name, decode(inner).replace(/^\n/, "")]);
    else if (tag === "select") {
      form.fields.push(...chosen(inner).map((one) => [name, one] as [string, string]));
    } else if (!/^(checkbox|radio)$/.test(field.get("type") ?? "")) form.fields.push([name, value]);
    else if (field.has("checked")) form.fields.push([name, field.get("value") ?? "on"]);
  }
}

function chosen(html: string): string[] {
  const options = [...html.matchAll(/<option\b([^>]*)>([^<]*)/g)].map(([, rest, text]) => {
    const option = parseAttributes(rest!);
    return { value: option.get("value") ?? decode(text!), selected: option.has("selected") };
  });
  const selected = options.filter((one) => one.selected);
  return (selected.length ? selected : options.slice(0, 1)).map((one) => one.value);
}

function parseAttributes(text: string): Attributes {
  const found: Attributes = new Map();
  for (
    const [, name, quoted, bare] of text.matchAll(
      /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|([^\s"]+)))?/g,
    )
  ) {
    found.set(name!.toLowerCase(), decode(quoted ?? bare ?? ""));
  }
  return found;
}

function decode(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return name === "nbsp" ? "\u00a0" : named[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16));
  });
}
