const CALL =
  /connect\(\d+, \{sa_family=AF_INET6?, .*?sin6?_port=htons\((\d+)\).*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")/;

/** Every connect() to an internet address that the kernel was asked for, as strace has written them. */
export function connectsOf(trace: string): { address: string; port: number }[] {
  return trace.split("\n").flatMap((line) => {
    const [, port, v4, v6] = CALL.exec(line) ?? [];
    return port === undefined ? [] : [{ address: v4 ?? v6 ?? "", port: Number(port) }];
  });
}
