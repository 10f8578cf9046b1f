/**
 * Who may do what, by hand, beside the product's own table: merchant's member, support, admin; o: of their own merchant, a: of everybody's,
 * -: nothing, *: whoever asks. `store`: it is about one connection. `staffElsewhere`: staff are led to
 * their own page about it, whatever it is.
 */
export type Rule = { may: string; store?: true; staffElsewhere?: true };

/** Pages and handlers of people, by address. */
export const pages: Record<string, Rule> = {
  "/alerts": { may: "--a" },
  "/audit": { may: "--a" },
  "/audit/export": { may: "--a" },
  "/health": { may: "--a" },
  "/import": { may: "--a" },
  "/keys": { may: "--a" },
  "/keys/new": { may: "--a" },
  "/keys/[id]/replace": { may: "--a" },
  "/keys/[id]/revoke": { may: "--a" },
  "/people": { may: "--a" },
  "/people/[id]": { may: "--a" },
  "/providers": { may: "--a" },
  "/providers/new": { may: "--a" },
  "/providers/[slug]": { may: "--a" },
  "/providers/[slug]/delete": { may: "--a" },
  "/providers/[slug]/edit": { may: "--a" },
  "/providers/[slug]/retire/[secret]": { may: "--a" },
  "/providers/[slug]/try/[run]": { may: "--a" },
  "/support": { may: "-aa" },
  "/support/export": { may: "-aa" },
  "/support/version": { may: "-aa" },
  "/support/bulk": { may: "-aa" },
  "/support/bulk/[run]": { may: "-aa" },
  "/support/[id]": { may: "-aa", store: true },
  "/support/[id]/calls": { may: "-aa", store: true },
  "/support/[id]/revoke": { may: "-aa", store: true },
  "/connections": { may: "oaa" },
  "/connections/[id]": { may: "oaa", store: true, staffElsewhere: true },
  "/connections/[id]/disconnect": { may: "o--", store: true },
  "/connect": { may: "o--" },
  "/connect/[provider]": { may: "o--" },
  "/connect/result/[attempt]": { may: "o--" },
};
/** Nobody's in particular, or a browser's that came by a link; and what machines call. */
export const forAnybody =
  /^\/($|_|sign-in|docs|settings\/mail|link\/|by-link\/|icon\.svg|apple-icon\.png|api\/(auth|cron|health|links|mail|metrics|oauth|preferences|v1|webhooks))/;

/** Actions by file and name; without a name, all of the file. `before`: what it is handed in front of the form. */
export const actions: Record<string, Rule & { before?: true; value?: true }> = {
  "app/(admin)/alerts/actions.ts": { may: "--a" },
  "app/(admin)/alerts/actions.ts addAction": { may: "--a", before: true },
  "app/(admin)/alerts/actions.ts rotateAction": { may: "--a", before: true },
  "app/(admin)/import/actions.ts": { may: "--a", before: true },
  "app/(admin)/keys/actions.ts": { may: "--a", before: true },
  "app/(admin)/keys/actions.ts revokeAction": { may: "--a" },
  "app/(admin)/people/actions.ts": { may: "--a" },
  "app/(admin)/providers/actions.ts": { may: "--a" },
  "app/(admin)/providers/form-action.ts": { may: "--a", before: true },
  "app/(admin)/providers/[slug]/try/[run]/actions.ts": { may: "--a" },
  "app/(merchant)/connect/[provider]/actions.ts": { may: "o--", before: true },
  "app/(merchant)/connect/result/[attempt]/actions.ts": { may: "o--" },
  "app/(merchant)/connections/[id]/actions.ts": { may: "oaa", store: true },
  "app/(merchant)/connections/[id]/actions.ts disconnectAction": { may: "o--", store: true },
  "app/caller-action.ts": { may: "oaa", store: true },
  "app/(staff)/support/view-actions.ts": { may: "-aa" },
  "app/(staff)/support/[id]/actions.ts": { may: "-aa", store: true, before: true },
  "app/(staff)/support/[id]/link-actions.ts makeLinkAction": { may: "-aa", store: true, before: true },
  "app/(staff)/support/[id]/link-actions.ts takeBackAction": { may: "-aa" },
  "app/(staff)/support/[id]/revoke/actions.ts openRevokeAction": { may: "-aa", store: true, value: true },
  "app/(staff)/support/[id]/revoke/actions.ts revokeAction": { may: "-aa", store: true, before: true },
  "app/(staff)/support/bulk/actions.ts startBulkAction": { may: "-aa", before: true },
  "app/(staff)/support/bulk/actions.ts changeRunAction": { may: "-aa" },
  "app/settings/mail/actions.ts": { may: "aaa" },
  "app/sign-in/actions.ts": { may: "*" },
  "app/sign-out-action.ts": { may: "*" },
};
