import { defineConfig } from "vitest/config"

// Passed with `vitest --config`: vitest 5 looks for no file of this name by itself.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "aidesk",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/postgres/globalSetup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      }
    ]
  }
})
