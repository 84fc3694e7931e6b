import { defineConfig } from "vitest/config";

/** What mocks modules, fences the globals of its process, or lets nodes throw in its ticks, is alone. */
const alone = [
  "test/hosts/ts-ambient.test.ts",
  "test/hosts/ts-host.test.ts",
  "test/checkers/litmus/mutants.test.ts",
];

export default defineConfig({
  test: {
    // Campaigns and processes take their time on a small machine; nothing asserts on speed.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    // By default one core is left idle, which on two is half of them.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        // Hundreds of files import the same modules: loading them once takes a minute off.
        test: { name: "shared", isolate: false, include: ["test/**/*.test.ts"], exclude: alone },
      },
      { extends: true, test: { name: "alone", include: alone } },
    ],
  },
});
