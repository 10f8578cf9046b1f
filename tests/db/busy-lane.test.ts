import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { busyLane } from "@/db/busy-lane";
import { useDatabase } from "@/tests/support/database";
import { plainAddress, serverSocket } from "@/tests/support/route";

const address = useDatabase();
const SILENT_MS = 300;
const connections: { client: Socket; mute: boolean }[] = [];

/** Between the lane and the server: it counts connections, cuts them, and lets one of them fall silent. */
const between = createServer((client) => {
  const server = serverSocket(address());
  const connection = { client, mute: false };
  connections.push(connection);
  client.pipe(server);
  server.on("data", (chunk) => connection.mute || client.write(chunk));
  const end = () => void [client, server].map((socket) => socket.destroy());
  for (const socket of [client, server]) socket.on("error", end).on("close", end);
});
beforeAll(() => new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => between.close(resolve)));

let lane: ReturnType<typeof busyLane>;
beforeEach(() => {
  connections.length = 0;
  const url = new URL(plainAddress(address()));
  url.searchParams.delete("host");
  Object.assign(url, { hostname: "127.0.0.1", port: String((between.address() as AddressInfo).port) });
  lane = busyLane({ connectionString: url.href }, SILENT_MS);
});
afterEach(() => lane.end());

let serial = 0;
// A name of its own for each: what stands between may give the next one another session.
const divide = async (by: number) => (await lane.ask(`divide_${++serial}`, "select 60 / $1::int as n", [by])).rows;

it("sends many at once over one connection, and what fails fails by itself", async () => {
  const answers = await Promise.allSettled([1, 2, 0, 3, 0, 4, 5, 6].map(divide));
  expect(answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.code))).toEqual([
    [{ n: 60 }],
    [{ n: 30 }],
    "22012",
    [{ n: 20 }],
    "22012",
    [{ n: 15 }],
    [{ n: 12 }],
    [{ n: 10 }],
  ]);
  expect(connections).toHaveLength(1);
});

it("has another connection where the first is lost", async () => {
  await divide(1);
  connections[0]?.client.destroy();
  await expect(divide(2)).rejects.toThrow(/terminated|not queryable|ECONNRESET/);
  expect(await divide(3)).toEqual([{ n: 20 }]);
  expect(connections).toHaveLength(2);
});

it("gives up a connection that has fallen silent, with all that waited for it, and the next gets another", async () => {
  await divide(1);
  const [first] = connections;
  if (first) first.mute = true;
  const waiting = await Promise.allSettled([2, 3, 4].map(divide));
  expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await divide(5)).toEqual([{ n: 12 }]);
  expect(connections).toHaveLength(2);
});
