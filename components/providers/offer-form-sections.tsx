import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { type FormSection, OfferForm } from "./offer-form";
import type { FormField } from "./offer-form-field";
import { RedirectUri } from "./redirect-uri";

type Props = Pick<ComponentProps<typeof OfferForm>, "action" | "slug" | "values"> & {
  // where consents will come back to, with "…" where the short name is not known yet
  redirectUri: string;
  // none is kept: it is asked for here, where another one is added beside it
  secretless: boolean;
};

const FIELD_HINTS = [
  "name",
  "slug",
  "monogram",
  "issuer",
  "authorizeUrl",
  "tokenUrl",
  "revokeUrl",
  "introspectUrl",
  "userinfoUrl",
  "testUrl",
  "apiUrl",
  "clientId",
  "clientSecret",
  "scopes",
  "authorizeParams",
  "helpEn",
  "allowsEn",
] as const;

// The form for a platform that follows OAuth 2.0, new or to be changed, in the order in which its documentation is read.
export function OfferFormSections({ action, slug, values, redirectUri, secretless }: Props) {
  const t = useTranslations("providers.form");
  const form = useTranslations("form");
  const named = (id: Name, kind: FormField["kind"], more: Partial<FormField> = {}): FormField => {
    const hint = FIELD_HINTS.find((name) => name === id);
    return { id, kind, label: t(`field.${id}`), ...(hint && { hint: t(`hint.${hint}`) }), ...more };
  };
  const option = (value: string, text: Option) => ({ value, label: t(`option.${text}`) });
  const sections: FormSection[] = [
    {
      title: t("section.platform"),
      fields: [named("name", "text"), ...(slug === null ? [named("slug", "code")] : []), named("monogram", "text")],
    },
    {
      title: t("section.endpoints"),
      hint: (
        <>
          <p>{t("endpointsHint")}</p>
          <p className="mt-2">{t.rich("redirect", { uri: () => <RedirectUri uri={redirectUri} /> })}</p>
        </>
      ),
      fields: (["issuer", "authorizeUrl", "tokenUrl", "revokeUrl", "introspectUrl", "userinfoUrl", "testUrl", "apiUrl"] as const).map(
        (id) => named(id, "code"),
      ),
    },
    {
      title: t("section.client"),
      hint: secretless ? undefined : <p>{t("secretKept")}</p>,
      fields: [
        named("clientId", "code"),
        ...(secretless ? [named("clientSecret", "secret")] : []),
        named("authMethod", "choice", { options: [option("basic", "basic"), option("post", "post"), option("none", "none")] }),
        named("scopes", "code"),
      ],
    },
    {
      title: t("section.words"),
      fields: [
        named("allowsEn", "lines", { language: "en" }),
        named("allowsAr", "lines", { language: "ar" }),
        named("helpEn", "lines", { language: "en" }),
        named("helpAr", "lines", { language: "ar" }),
      ],
    },
    {
      title: t("section.more"),
      fields: [
        named("pkce", "choice", { options: [option("1", "pkceOn"), option("", "pkceOff")] }),
        named("scopeSeparator", "choice", { options: [option("space", "space"), option("comma", "comma")] }),
        named("authorizeParams", "code"),
        named("revokeEndsAll", "choice", { options: [option("", "endsOne"), option("1", "endsAll")] }),
      ],
    },
  ];
  const texts = {
    problem: form("problem"),
    save: t(slug === null ? "save" : "saveEdit"),
    discover: t("discover"),
    check: t("check"),
    checked: t("checked"),
  };
  return <OfferForm action={action} slug={slug} values={values} sections={sections} texts={texts} />;
}

type Name = (typeof FIELD_HINTS)[number] | "authMethod" | "scopeSeparator" | "helpAr" | "allowsAr" | "pkce" | "revokeEndsAll";
type Option = "basic" | "post" | "none" | "space" | "comma" | "pkceOn" | "pkceOff" | "endsOne" | "endsAll";
