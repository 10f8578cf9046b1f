import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

export type MailServer = {
  port: number;
  /** What was delivered, headers and all; in the body soft line breaks are taken out. */
  mails: readonly string[];
  close: () => Promise<void>;
};

/** Just enough SMTP (RFC 5321, AUTH PLAIN) on 127.0.0.1 to take what the product mails. It lets in who knows the password. */
export async function startMailServer(user: string, password: string): Promise<MailServer> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    converse(socket, `\0${user}\0${password}`, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given");
  return {
    port: address.port,
    mails,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function converse(socket: Socket, credentials: string, deliver: (mail: string) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let known = false;
  let data: string[] | null = null;
  say("220 mail.test");
  createInterface({ input: socket }).on("line", (line) => {
    if (data) {
      if (line !== ".") return void data.push(line);
      const [head = "", ...body] = data.join("\n").split("\n\n");
      deliver([head, ...body.map((part) => part.replace(/=\n/g, "").replace(/=3D/g, "="))].join("\n\n"));
      data = null;
      return say("250 taken");
    }
    const [verb = "", ...rest] = line.split(" ");
    if (verb === "EHLO") return say("250-mail.test\r\n250 AUTH PLAIN");
    if (verb === "AUTH") {
      known = Buffer.from(rest[1] ?? "", "base64").toString() === credentials;
      return say(known ? "235 welcome" : "535 refused");
    }
    if (verb === "QUIT") return void socket.end("221 bye\r\n");
    if (!known) return say("530 who are you");
    if (verb === "DATA") data = [];
    say(verb === "DATA" ? "354 go on" : "250 fine");
  });
}
