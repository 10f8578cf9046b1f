/** What is between two neighbours and goes no further (RFC 9110 section 7.6.1), with what older ones still send. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** The names of those that are not passed on, with those that `Connection` names. */
export function hopByHop(headers: Headers): Set<string> {
  const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  return new Set([...HOP_BY_HOP, ...named]);
}
