import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./daemon/store/schema.ts",
  out: "./drizzle",
  schemaFilter: ["nexora"],
  migrations: { schema: "nexora" },
});
