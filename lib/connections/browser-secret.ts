import { createHash, randomBytes } from "node:crypto";

/** 256 random bits for a state, a verifier (RFC 7636 section 4.1) or a browser's cookie. */
export const randomSecret = (): string => randomBytes(32).toString("base64url");

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The cookie that binds an attempt to its browser; `__Host-` wherever the address is https. */
export const flowCookie = (attemptId: string, secure: boolean): string => `${secure ? "__Host-" : ""}latchkey.flow.${attemptId}`;
