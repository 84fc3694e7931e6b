/**
 * A dead man's switch for child processes: whatever ends this process (its own exit, a signal, a
 * crash, even SIGKILL), no program that it started outlives it.
 *
 * A tiny shell in a session of its own reads from a pipe which process groups live; when the pipe
 * closes, because its only writer is gone, it kills those that are left. POSIX only. A program that
 * leaves its process group on purpose (a daemon) escapes.
 */

import { type ChildProcess, spawn } from "node:child_process";

const script = `groups=' '
while read -r change group; do
  case $change in
    start) groups="$groups$group " ;;
    end) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done`;

let guardian: ChildProcess | undefined;
const groups = new Set<number>();

/** From now on the group dies with this process. */
export function guard(group: number): void {
  groups.add(group);
  tell(`start ${group}\n`);
}

/** The group has ended, or was killed. */
export function release(group: number): void {
  if (groups.delete(group)) tell(`end ${group}\n`);
}

/** SIGKILL to a whole process group; true unless nothing of it is left. */
export function killGroup(group: number): boolean {
  return signalGroup(group, "SIGKILL");
}

export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function tell(line: string): void {
  guardian ??= engage();
  guardian.stdin?.write(line);
}

function engage(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", script], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Should it die before us, the exit handler below is what is left.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as typeof child.stdin & { unref?(): void }).unref?.();
  // The switch acts when we are gone; an orderly exit leaves nothing behind in the first place.
  process.once("exit", () => groups.forEach(killGroup));
  return child;
}
