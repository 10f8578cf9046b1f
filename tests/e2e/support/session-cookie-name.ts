/** On loopback, without https, there is no `__Host-` in front. */
export const sessionCookieName = "latchkey.session";
