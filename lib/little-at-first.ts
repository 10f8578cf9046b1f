import type { Socket } from "node:net";

const PIECE = 256;
/** Headers that undici takes (16 KB without what stands between them) are over by then, unless they are made to be long. */
const FIRST = 131_072;

/**
 * Lets undici read what an answer begins with in small pieces, and nothing more of a socket that it has ended: it goes on through the piece
 * that it has been given when headers have grown too long, with an Error for each, which of 64 KB stops this process for 40 ms.
 */
export function littleAtFirst<Any extends Socket>(socket: Any): Any {
  const read = socket.read.bind(socket);
  let given = 0;
  socket.read = (size?: number) => {
    if (socket.destroyed) return null;
    const piece: Buffer | null = read(size ?? (given < FIRST && socket.readableLength > PIECE ? PIECE : undefined));
    given += piece?.length ?? 0;
    return piece;
  };
  return socket;
}
