import { createSocket } from "node:dgram";
import { isIPv4 } from "node:net";

const A = 1;
const AAAA = 28;

/** What a name leads to, asked for the n-th time, counted by kind: addresses of that kind among these are answered. */
export type Answers = (name: string, asked: number) => readonly string[];

/** A name server of our own on loopback, which may say something else each time. */
export async function dnsStub(answers: Answers): Promise<{ port: number; asked: string[]; close: () => Promise<void> }> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  const counts = new Map<string, number>();
  socket.on("message", (query, from) => {
    const { name, type, end } = questionOf(query);
    const kind = type === A ? "A" : type === AAAA ? "AAAA" : `TYPE${type}`;
    const times = counts.get(`${name} ${kind}`) ?? 0;
    counts.set(`${name} ${kind}`, times + 1);
    asked.push(`${kind} ${name}`);
    const found = type === A || type === AAAA ? answers(name, times).filter((address) => isIPv4(address) === (type === A)) : [];
    socket.send(answerTo(query.subarray(0, end), found), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { port: socket.address().port, asked, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The question once more, then each address with a life of no time, so that nobody keeps it. */
function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8580, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const bytes = isIPv4(address) ? Buffer.from(address.split(".").map(Number)) : bytesOf(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(isIPv4(address) ? A : AAAA, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

/** An IPv6 address, at most once shortened, whose last part may be an IPv4 address. */
function bytesOf(address: string): Buffer {
  const [last = ""] = /[\d.]+$/.exec(address) ?? [];
  const plain = last.includes(".") ? address.slice(0, -last.length) + hexOf(last) : address;
  const [before = "", after] = plain.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [left, right] = [groups(before), groups(after ?? "")];
  const all = after === undefined ? left : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function hexOf(ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split(".").map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
