import { Notice } from "@/components/ui/notice";

type Props = { problem: string | null; done: string | null };

// What an act came to, said once when the page comes back.
export function OutcomeNote({ problem, done }: Props) {
  return (
    <div className="mb-6 empty:hidden" role={problem ? "alert" : "status"}>
      {problem ? <Notice tone="critical">{problem}</Notice> : done && <Notice tone="positive">{done}</Notice>}
    </div>
  );
}
