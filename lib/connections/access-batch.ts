import type { KeyActor } from "@/lib/auth/actor";
import { access } from "./access";
import type { Handed } from "./access-hand-out";
import type { Wish } from "./access-wish";
import { type OpenIo, openIo } from "./open-io";

export type InBatch = { id: string } & ({ handed: Handed } | { error: unknown });

/** Many at once, each as if it were asked for alone: they wait beside each other, so all of it lasts no longer than one. */
export async function accessBatch(actor: KeyActor, ids: readonly string[], wish: Wish, open: OpenIo = openIo): Promise<InBatch[]> {
  return Promise.all(
    ids.map((id) =>
      access(actor, id, wish, open).then(
        (handed) => ({ id, handed }),
        (error: unknown) => ({ id, error }),
      ),
    ),
  );
}
