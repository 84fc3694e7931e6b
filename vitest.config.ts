import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Campaigns and processes take their time on a small machine; nothing asserts on speed.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    // By default one core is left idle, which on two is half of them.
    maxWorkers: "100%",
  },
});
