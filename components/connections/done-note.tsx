import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { doneTones, type readDone } from "./done-word";

type Props = { done: NonNullable<ReturnType<typeof readDone>>; platform: string };

export function DoneNote({ done: { word, waitS }, platform }: Props) {
  const t = useTranslations("connections.done");
  return (
    <div role="status" className="mb-6">
      <Notice tone={doneTones[word]}>{t(word, { platform, n: waitS })}</Notice>
    </div>
  );
}
