import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const hex = (text: string) => Buffer.from(text, "hex");
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const time = (date: Date) => tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`));
const name = (common: string) => sequence(tlv(0x31, sequence(hex("0603550403"), tlv(0x0c, Buffer.from(common)))));

/** A key and a certificate that it signed itself, for `host` and an hour, in PEM (X.509 v3, P-256). */
export function selfSigned(host: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(hex("06082a8648ce3d040302"));
  const alternatives = sequence(hex("0603551d11"), tlv(0x04, sequence(tlv(0x82, Buffer.from(host)))));
  const authority = sequence(hex("0603551d13"), hex("0101ff"), tlv(0x04, sequence(hex("0101ff"))));
  const content = sequence(
    tlv(0xa0, hex("020102")),
    tlv(0x02, Buffer.concat([hex("01"), randomBytes(8)])),
    ecdsaWithSha256,
    name(host),
    sequence(time(new Date(Date.now() - 60_000)), time(new Date(Date.now() + 3_600_000))),
    name(host),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(alternatives, authority)),
  );
  const signature = tlv(0x03, hex("00"), sign("sha256", content, privateKey));
  const base64 = sequence(content, ecdsaWithSha256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
