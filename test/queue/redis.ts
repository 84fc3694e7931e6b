/**
 * A real Redis for tests: the one that FAULTLINE_TEST_REDIS names, or a server of our own on a free
 * port where `redis-server` is installed. Without either, tests that need one are skipped.
 */

import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll } from "vitest";

const given = process.env["FAULTLINE_TEST_REDIS"];

export const redisPresent =
  given !== undefined || spawnSync("redis-server", ["--version"]).status === 0;

/** Its address; the server ends with the test file. */
export async function startRedis(): Promise<string> {
  if (given !== undefined) return given;
  const port = await freePort();
  const server = execa(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { reject: false },
  );
  afterAll(async () => {
    server.kill();
    await server;
  });
  const url = `redis://127.0.0.1:${port}`;
  await answering(url);
  return url;
}

async function answering(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  await redis.ping();
  redis.disconnect();
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
