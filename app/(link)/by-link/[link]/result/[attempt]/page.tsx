import type { Metadata } from "next";
import { chooseAction, finishAction } from "@/app/(merchant)/connect/result/[attempt]/actions";
import { loadResult, resultTitle } from "@/app/connecting/load-result";
import { OutcomePage } from "@/components/connect/outcome-page";
import { Unfinished } from "@/components/connect/unfinished";
import { requireLink } from "@/lib/auth/connector";
import { backFromLink } from "@/lib/links/back-from-link";

type Props = { params: Promise<{ link: string; attempt: string }> };

async function load({ params }: Props) {
  const { link, attempt } = await params;
  return loadResult(await requireLink(link), attempt);
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await resultTitle(await load(props)) };
}

// The way back waits for a press: whoever was sent away at once would not have read how it went.
export default async function LinkResultPage(props: Props) {
  const { attempt, outcome, connection } = await load(props);
  const { link } = await props.params;
  return (
    <div className="mx-auto max-w-prose">
      {outcome ? (
        <OutcomePage
          attempt={attempt}
          outcome={outcome}
          connection={connection}
          choose={chooseAction}
          back={await backFromLink(link, attempt)}
        />
      ) : (
        <Unfinished attempt={attempt} finish={finishAction} />
      )}
    </div>
  );
}
