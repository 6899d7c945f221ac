/** Where drizzle-kit finds the schema; `sqlite`, as the `turso` dialect emits ALTER COLUMN. */
export default {
  dialect: "sqlite",
  schema: "./lib/store/schema.ts",
  out: "./migrations",
};
