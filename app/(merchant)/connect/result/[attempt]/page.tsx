import type { Metadata } from "next";
import { loadResult, resultTitle } from "@/app/connecting/load-result";
import { OutcomePage } from "@/components/connect/outcome-page";
import { Unfinished } from "@/components/connect/unfinished";
import { requireActor } from "@/lib/auth/session";
import { chooseAction, finishAction } from "./actions";

type Props = { params: Promise<{ attempt: string }> };

const load = async ({ params }: Props) => loadResult(await requireActor(), (await params).attempt);

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await resultTitle(await load(props)) };
}

// Reading this page exchanges nothing: that is done by its form, which posts itself where there is a script.
export default async function ResultPage(props: Props) {
  const { attempt, outcome, connection } = await load(props);
  return (
    <div className="mx-auto max-w-prose">
      {outcome ? (
        <OutcomePage attempt={attempt} outcome={outcome} connection={connection} choose={chooseAction} />
      ) : (
        <Unfinished attempt={attempt} finish={finishAction} />
      )}
    </div>
  );
}
