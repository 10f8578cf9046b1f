import { z } from "@hono/zod-openapi";
import type { ProviderView } from "@/lib/connections/list-providers";
import { instant } from "./connection";

const fieldShape = z
  .object({
    name: z.string().openapi({ example: "client_id" }),
    kind: z.enum(["text", "secret", "number", "choice"]),
    options: z.array(z.string()).openapi({ description: "Of a choice" }),
    initial: z.string().nullable().openapi({ description: "Its value where none is given" }),
    optional: z.boolean(),
    when: z
      .object({ name: z.string(), value: z.string() })
      .nullable()
      .openapi({ description: "Asked for only while that field has this value" }),
  })
  .openapi("Field");

export const providerShape = z
  .object({
    slug: z.string().openapi({ description: "What the API calls it", example: "harbor" }),
    name: z.string().openapi({ example: "Harbor Market" }),
    environment: z.string().openapi({ example: "production" }),
    kind: z
      .enum(["redirect", "credentials"])
      .openapi({ description: "How a merchant connects: by approving at the platform, or by typing credentials" }),
    fields: z.array(fieldShape).openapi({ description: "What a merchant types; none, where they approve at the platform" }),
    import_fields: z.array(fieldShape).openapi({ description: "The `values` of POST /connections/import" }),
    revocation: z.object({
      ends_siblings: z.boolean().openapi({ description: "Revoking one connection ends the account's other ones too" }),
      token_only: z.boolean().openapi({ description: 'It can be asked to end one alone: `"reach": "token"`' }),
    }),
    paused_until: instant
      .nullable()
      .openapi({ description: "An admin holds it back until then: nobody is sent there, nothing is renewed by itself" }),
    incident: z.boolean().openapi({ description: "It refuses Latchkey's own client just now, which is for Latchkey's admins to mend" }),
    failing: z.boolean().openapi({ description: "Many calls to it have failed in the last ten minutes" }),
  })
  .openapi("Provider");

const fieldOf = ({ name, kind, options = [], initial = undefined, optional, when }: ProviderView["fields"][number]) => ({
  name,
  kind,
  options: [...options],
  initial: initial ?? null,
  optional: optional === true,
  when: when ?? null,
});

export const providerOf = (view: ProviderView): z.infer<typeof providerShape> => ({
  slug: view.slug,
  name: view.name,
  environment: view.environment,
  kind: view.kind,
  fields: view.fields.map(fieldOf),
  import_fields: view.importFields.map(fieldOf),
  revocation: { ends_siblings: view.revocation.endsSiblings, token_only: view.revocation.tokenOnly },
  paused_until: view.held?.until.toISOString() ?? null,
  incident: view.incident,
  failing: view.failing,
});
