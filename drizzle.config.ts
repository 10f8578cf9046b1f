import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: [
    "./db/schema.ts",
    "./db/api-tables.ts",
    "./db/bulk-tables.ts",
    "./db/health-tables.ts",
    "./db/list-tables.ts",
    "./db/offer-tables.ts",
    "./db/restore-tables.ts",
    "./db/rotation-tables.ts",
  ],
  out: "./db/migrations",
});
