/** RFC 2369's header, and RFC 8058's, with which a mail reader's own button posts there without opening a page. */
export const unsubscribeHeaders = (origin: string, token: string): Record<string, string> => ({
  "List-Unsubscribe": `<${origin}/api/mail/unsubscribe?token=${token}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});
