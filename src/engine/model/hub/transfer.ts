import { ParamscopeError } from "../../errors";
import { bodyOf, type HubClient, type RemoteFile } from "./client";
import { lost, noChecksum, wrongChecksum, wrongSize } from "./errors";
import { PartialFile } from "./partial-file";
import { Transient } from "./retry";

/** Bytes that must come over a connection for it to count as progress: a byte per try would go on for ever. */
const worthwhile = 1 << 20;

/** Told of bytes that are in place; negative when a file has to start over. */
export type OnBytes = (count: number, phase: "checking" | "downloading") => void;

/** What is to be brought, and who is told. */
interface Job {
  readonly hub: HubClient;
  readonly file: RemoteFile;
  readonly revision: string;
  readonly partial: PartialFile;
  readonly onBytes: OnBytes;
}

/**
 * Brings one file to `path`: goes on from what is there, and verifies size and checksum.
 * @throws ParamscopeError, and the signal's reason when it is aborted: what has come so far stays.
 */
export async function transfer(
  hub: HubClient,
  file: RemoteFile,
  revision: string,
  path: string,
  onBytes: OnBytes,
): Promise<void> {
  if (file.digest === undefined) throw noChecksum(file.path);
  const partial = await PartialFile.open(path, file);
  const job = { hub, file, revision, partial, onBytes };
  try {
    const resumed = partial.length > 0;
    await partial.check(hub.options.signal, (count) => onBytes(count, "checking"));
    await receive(job);
    if (!partial.isGenuine() && resumed) {
      // What was there may be of another version of the file.
      await restart(job);
      await receive(job);
    }
    if (!partial.isGenuine()) {
      await restart(job);
      throw wrongChecksum(file.path);
    }
    await partial.finish();
  } finally {
    await partial.close();
  }
}

async function restart({ partial, onBytes }: Job): Promise<void> {
  onBytes(-partial.length, "downloading");
  await partial.restart();
}

async function receive(job: Job): Promise<void> {
  const { hub, file, partial } = job;
  let before = 0;
  await hub.persist(
    async () => {
      before = partial.length;
      if (partial.length === file.size) return;
      await receiveOnce(job);
      if (partial.length < file.size) throw new Transient(`${file.path} broke off`);
    },
    true,
    () => partial.length - before >= worthwhile,
  );
}

async function receiveOnce(job: Job): Promise<void> {
  const { hub, file, revision, partial, onBytes } = job;
  const { signal, retry } = hub.options;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), retry.patience);
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    const response = await hub.read(file.path, revision, partial.length, either);
    const total = totalSize(response);
    if (response.status === 416 || (total !== undefined && total !== file.size)) {
      await response.body?.cancel();
      throw wrongSize(file.path, file.size, total);
    }
    // A server may ignore that only the rest was asked for.
    const start = startOf(response);
    if (start !== partial.length) await restart(job);
    if (start !== partial.length) throw new Transient(`bytes from ${start} on came, which were not asked for`);
    for await (const chunk of bodyOf(response)) {
      timer.refresh();
      if (partial.length + chunk.length > file.size) throw wrongSize(file.path, file.size, undefined);
      await partial.append(chunk);
      onBytes(chunk.length, "downloading");
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ParamscopeError) throw error;
    if (stalled.signal.aborted) throw new Transient("nothing came any more", undefined, { cause: error });
    if (error instanceof Transient) throw error;
    throw lost(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The size of the whole file by the server's word. */
function totalSize({ status, headers }: Response): number | undefined {
  if (status === 206 || status === 416) {
    const total = /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
    return total === undefined ? undefined : Number(total);
  }
  // With a compressed answer it would be that of what is sent.
  const length = headers.get("content-encoding") === null ? headers.get("content-length") : null;
  return length === null ? undefined : Number(length);
}

/** The byte that an answer begins with. */
function startOf({ status, headers }: Response): number {
  if (status !== 206) return 0;
  const start = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1];
  return start === undefined ? 0 : Number(start);
}
