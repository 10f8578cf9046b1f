import { after } from "next/server";
import type { EmailConfig } from "next-auth/providers";
import { localeCookie, negotiateLocale } from "@/lib/locale";
import { log } from "@/lib/log";
import { sendMail } from "@/lib/mail/send-mail";
import { signInMail } from "@/lib/mail/sign-in-mail";
import { mayComeIn } from "./may-come-in";
import { signInLinkUrl } from "./sign-in-link";

/** Works after the answer has gone out, so that its time does not tell whether the address is known. */
export const mailSignInLink: EmailConfig["sendVerificationRequest"] = ({ identifier, token, url, request }) => {
  const wanted = request.headers.get("cookie")?.match(new RegExp(`(?:^|;\\s*)${localeCookie}=(\\w+)`))?.[1];
  const locale = negotiateLocale(wanted, request.headers.get("accept-language"));
  const back = URL.parse(new URL(url).searchParams.get("callbackUrl") ?? "");
  const link = signInLinkUrl(identifier, token, back ? back.pathname + back.search : undefined);
  after(async () => {
    try {
      if (!(await mayComeIn(identifier))) return log.info("sign_in_link_withheld");
      await sendMail(signInMail(identifier, link, locale), `Sign-in link for ${identifier}: ${link}`);
    } catch (error) {
      log.error("sign_in_mail_failed", error);
    }
  });
};
