import { FileCode, FileJson } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ApiReference } from "@/components/docs/api-reference";
import { PageHeader } from "@/components/shell/page-header";
import { buttonClass } from "@/components/ui/button";
import { showReference } from "@/lib/api/show-reference";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("docs"))("title") };
}

/** For whoever writes a backend, signed in or not: it holds nothing but what the API offers. */
export default async function DocsPage() {
  const t = await getTranslations("docs");
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <a href="/api/v1/client.ts" className={buttonClass({})}>
              <FileCode size={16} aria-hidden="true" />
              {t("client")}
            </a>
            <a href="/api/v1/openapi.json" className={buttonClass({})}>
              <FileJson size={16} aria-hidden="true" />
              {t("description")}
            </a>
          </>
        }
      />
      <ApiReference reference={showReference()} contents={t("contents")} />
    </>
  );
}
