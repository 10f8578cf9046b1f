import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel } from "@/components/connections/platform-text";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FactList } from "@/components/ui/fact-list";
import type { LinkFace as Face } from "@/lib/links/look-at-link";
import { OtherAccount } from "./other-account";

type Props = {
  face: Face;
  token: string;
  company: string | null;
  host: string;
  // this browser opened it before
  again: boolean;
  // somebody who is signed in here and has nothing to do with this merchant
  signedIn: { name: string; staff: boolean } | null;
};

// What a link is before anything happens: whose, for whom, for what and until when, and one button.
export function LinkFace({ face, token, company, host, again, signedIn }: Props) {
  const t = useTranslations("link");
  const platforms = useTranslations("platforms");
  const { merchantName, platform, store, expiresAt } = face;
  const merchant = () => <bdi>{merchantName}</bdi>;
  const address = <bdi dir="ltr">{host}</bdi>;
  const form = (
    <form method="post" action="/api/links/open">
      <input type="hidden" name="token" value={token} />
      <Button type="submit" tone="primary" className="w-full sm:w-auto">
        <span>{signedIn ? t.rich("signedIn.go", { merchant }) : t(again ? "goOn" : "continue")}</span>
      </Button>
    </form>
  );
  return (
    <>
      <PageHeader
        title={store ? t.rich("titleStore", { merchant }) : t.rich("title", { merchant })}
        lead={company ? t.rich("leadCompany", { company: () => <bdi>{company}</bdi> }) : t("lead")}
      />
      <div className="space-y-6">
        <Card aria-labelledby="about">
          <h2 id="about" className="sr-only">
            {t("about")}
          </h2>
          <FactList
            facts={[
              {
                label: t("company"),
                value: company ? (
                  <>
                    <bdi className="font-medium">{company}</bdi> · {address}
                  </>
                ) : (
                  address
                ),
              },
              { label: t("merchant"), value: <bdi>{merchantName}</bdi> },
              { label: t("platform"), value: platform ? <bdi>{platformLabel(platforms, platform)}</bdi> : t("anyPlatform") },
              ...(store ? [{ label: t("store"), value: store.name ? <bdi>{store.name}</bdi> : t("unnamed") }] : []),
              { label: t("until"), value: <ExactTime at={expiresAt} show="exact" /> },
            ]}
          />
        </Card>
        {signedIn ? <OtherAccount {...signedIn} merchant={merchantName} go={form} /> : form}
        <p className="text-sm text-muted">{t(again ? "yours" : "once")}</p>
      </div>
    </>
  );
}
