import assert from "node:assert/strict";
import { parseForms, textOf } from "@/e2e/harness/html.ts";

Deno.test("parseForms() gives what a browser would send", () => {
  const [form, second] = parseForms(`
    <form method="post" action="/a?b=1&amp;c=2" id="f"><input type="hidden" name="h" value="&quot;1&quot;">
      <input name=plain><input type="checkbox" name="box" value="x"><input type="checkbox" name="box" checked>
      <select name="s"><option>one</option><option value="2" selected>two</option></select>
      <textarea name="t">a &lt; b</textarea><button name="go" value="1"><svg><title>i</title></svg> Next </button>
      <button type="button">No</button><input name="off" disabled></form>
    <button form="f" formaction="/c">Cancel</button><form action="/search"><input name="q" value="x"></form>`);
  assert.deepEqual(form, {
    action: "/a?b=1&c=2",
    method: "POST",
    fields: [["h", '"1"'], ["plain", ""], ["box", "on"], ["s", "2"], ["t", "a < b"]],
    fieldNames: new Set(["h", "plain", "box", "s", "t"]),
    buttons: [
      { text: "Next", name: "go", value: "1", action: null },
      { text: "Cancel", name: null, value: "", action: "/c" },
    ],
  });
  assert.equal(second?.method, "GET");
});

Deno.test("textOf() leaves what a person reads", () => {
  assert.equal(
    textOf("<head><title>T</title></head><p>One &amp; <b>two</b></p>\n<script>x()</script>"),
    "One & two",
  );
});
