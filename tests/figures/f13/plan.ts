import { addressForms } from "@/tests/support/address-forms";

/** The only addresses that anybody may connect to, beside a server of ours that redirects. */
export const PUBLIC = ["8.8.8.8", "2606:4700::1111"] as const;

/** What the name server says, by name: the n-th time that it is asked for a kind of address. */
const steady: Record<string, readonly string[]> = {
  "public.test": PUBLIC,
  "metadata.google.internal": ["169.254.169.254"],
  localhost: ["127.0.0.1", "::1"],
  "localhost.localdomain": ["127.0.0.1"],
  "loopback.test": ["127.0.0.1"],
  "loopback6.test": ["::1"],
  "intranet.test": ["10.0.0.1"],
  "unique-local.test": ["fd00::1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "translated.test": ["64:ff9b::7f00:1"],
  "link-local.test": ["fe80::1"],
  "zeros.test": ["0.0.0.0", "::"],
  "carrier.test": ["100.64.0.1"],
  "broadcast.test": ["255.255.255.255"],
  "mixed-first.test": ["10.0.0.1", "8.8.8.8"],
  "mixed-last.test": ["8.8.8.8", "192.168.0.1"],
  "mixed-kinds.test": ["8.8.8.8", "fd00::1"],
  "mixed-kinds-again.test": ["2606:4700::1111", "127.0.0.1"],
};
const flipping: Record<string, readonly (readonly string[])[]> = {
  "rebinding.test": [["8.8.8.8"], ["127.0.0.1"]],
  "rebinding6.test": [["2606:4700::1111"], ["::1"]],
  "rebinding-to-metadata.test": [["8.8.8.8"], ["169.254.169.254"], ["10.0.0.1"]],
};

export const names = [...Object.keys(steady), ...Object.keys(flipping)];
export const answer = (name: string, asked: number): readonly string[] => {
  const turns = flipping[name.toLowerCase()];
  return turns ? (turns[asked % turns.length] ?? []) : (steady[name.toLowerCase()] ?? []);
};

/** Ways in which somebody may write where he would like us to call. */
const written = [
  (host: string) => `https://${host}/token`,
  (host: string) => `https://${host}:8443/token`,
  (host: string) => `http://${host}/`,
  (host: string) => `https://public.test@${host}/`,
  (host: string) => `https://${host}\\@public.test/`,
];
export const literalUrls = addressForms.flatMap((host) => written.map((write) => write(host)));
/** Each name several times, so that each answer of one that flips has its turn, in any spelling. */
export const nameUrls = names.flatMap((name) =>
  [name, name.toUpperCase(), `${name}.`].flatMap((host) => Array.from({ length: 6 }, () => `https://${host}:8443/token`)),
);
export const redirects = ["http://10.0.0.1:8443/", "https://127.0.0.1:8443/", "https://[::1]:8443/", "http://169.254.169.254/latest/"];
