import type { Readable } from "node:stream";

/** How the passing on of an answer ended; null: with its end. */
export type BodyEnd = "gone" | "cut" | null;

type Listener = {
  /** Told once, before the caller sees the end. */
  ended: (end: BodyEnd) => Promise<void>;
  /** Ends the caller's connection, where that can be reached, so that half an answer is not taken for a whole one. */
  hangUp?: (() => void) | undefined;
};

/** A platform's body as it comes, no faster than the caller takes it. */
export function answerBody(body: Readable, { ended, hangUp }: Listener): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let over = false;
  const end = async (how: BodyEnd) => {
    if (over) return false;
    over = true;
    await ended(how);
    return true;
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await chunks.next();
          if (!done) controller.enqueue(value);
          else if (await end(null)) controller.close();
        } catch {
          if (!(await end("cut"))) return;
          // The listener would write the error's words behind what it has written, and to the log.
          if (hangUp) hangUp();
          else controller.error(new Error("The platform's answer was cut off."));
        }
      },
      cancel: async () => {
        const told = end("gone");
        body.on("error", () => undefined).destroy();
        await told;
      },
    },
    { highWaterMark: 0 },
  );
}

/** What there is of a body up to so many bytes, and the rest of it; `rest` null: that was all. */
export async function beginningOf(body: Readable, bytes: number): Promise<{ read: Uint8Array; rest: Readable | null }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > bytes) return { read: Buffer.concat(chunks), rest: body };
  }
  return { read: Buffer.concat(chunks), rest: null };
}
