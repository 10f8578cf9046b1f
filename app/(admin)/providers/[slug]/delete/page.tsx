import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { loadOffer } from "@/app/(admin)/providers/[slug]/load-offer";
import { deleteAction } from "@/app/(admin)/providers/actions";
import { problemOf } from "@/app/(admin)/providers/words";
import { OutcomeNote } from "@/components/providers/outcome-note";
import { TypedNameForm } from "@/components/providers/typed-name-form";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { signedInRecently } from "@/lib/auth/recently";
import { singleValues } from "@/lib/single-values";

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, platform } = await loadOffer((await params).slug);
  return { title: `${t("delete.title", { platform })} — ${t("title")}` };
}

export default async function DeleteProviderPage({ params, searchParams }: Props) {
  const [{ actor, offer, t, platform }, query] = await Promise.all([
    params.then(({ slug }) => loadOffer(slug)),
    searchParams.then(singleValues),
  ]);
  const { slug, values, holding, asOf } = offer;
  if (!values) notFound();
  const problem = problemOf(query.problem);
  return (
    <div className="max-w-prose">
      <PageHeader
        title={t("delete.title", { platform })}
        lead={t("delete.text")}
        back={{ href: `/providers/${slug}`, label: t("try.toPlatform") }}
      />
      {holding > 0 ? (
        <Notice tone="warning" action={<ButtonLink href={`/support?offer=${slug}`}>{t("delete.see")}</ButtonLink>}>
          {t("delete.held", { n: holding })}
        </Notice>
      ) : (
        <>
          <OutcomeNote problem={problem && t(`problem.${problem}`)} done={null} />
          <TypedNameForm
            action={deleteAction}
            hidden={{ slug }}
            platform={platform}
            submit={t("delete.do", { platform })}
            signInFor={signedInRecently(actor, asOf) ? null : `/providers/${slug}/delete`}
            error={problem === "name" ? t("problem.name") : undefined}
          />
        </>
      )}
    </div>
  );
}
