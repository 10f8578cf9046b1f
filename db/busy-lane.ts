import pg from "pg";

/** Nobody hears of a connection that broke on its way. Whatever waits longer than this is given up with it, and the next gets another. */
const SILENT_MS = 5_000;

interface BusyLane {
  ask(name: string, text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

/** What the driver is given as an object it copies, property by property; a text it takes as it is. */
function send(client: pg.Client, name: string, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query<{ rows: unknown[] }>(text, values);
    const callback = (error: Error | null, result: { rows: unknown[] }) => (error ? reject(error) : resolve(result));
    client.query(Object.assign(query, { name, callback }));
  });
}

/**
 * One connection for short statements that are asked all the time: each goes out at once, behind others whose answers are yet to come, so
 * that server and process are woken for several of them and not for each. What fails fails by itself, unless the connection is lost.
 */
export function busyLane(settings: pg.ClientConfig, silentMs = SILENT_MS): BusyLane {
  let lane: Promise<pg.Client> | undefined;
  let gathering: pg.Connection["stream"] | undefined;

  function open(): Promise<pg.Client> {
    const client = new pg.Client({ ...settings, pipeline: true, query_timeout: silentMs });
    const opening = client.connect().then(() => client);
    const leave = () => {
      if (lane === opening) lane = undefined;
    };
    client.on("error", leave).once("end", leave);
    opening.catch(leave);
    return opening;
  }

  /** What is asked in one turn of the event loop goes out in one piece: a write costs more than most of what is written. */
  function gather({ stream }: pg.Connection): void {
    if (gathering === stream) return;
    gathering = stream;
    stream.cork();
    setImmediate(() => {
      gathering = undefined;
      stream.uncork();
    });
  }

  async function usable(): Promise<pg.Client> {
    for (;;) {
      lane ??= open();
      const asked = lane;
      const client = await asked;
      // Given up, which it is told of a little later.
      if (!client.connection.stream.destroyed) return client;
      if (lane === asked) lane = undefined;
    }
  }

  return {
    async ask(name, text, values) {
      const client = await usable();
      gather(client.connection);
      return send(client, name, text, values);
    },
    async end() {
      await (await lane?.catch(() => undefined))?.end();
    },
  };
}
