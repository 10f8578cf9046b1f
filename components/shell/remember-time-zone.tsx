import { timeZoneCookie } from "@/lib/time-zone";

// Times are written by the server in the reader's zone, which only the browser knows: it leaves a cookie for the next page. The first page of
// a new visitor is in UTC and says so beside each time. Asking for the zone's name holds a phone up for a tenth of a second, so a browser is
// asked again only when its clock is another one's: what it is ahead of UTC stands behind the name.
const script = `try{let o="~"+new Date().getTimezoneOffset();if(!RegExp("${timeZoneCookie}=[^;]*"+o+"(;|$)").test(document.cookie))document.cookie="${timeZoneCookie}="+Intl.DateTimeFormat().resolvedOptions().timeZone+o+";path=/;max-age=31536000;samesite=lax"}catch{}`;

export function RememberTimeZone({ nonce }: { nonce: string | undefined }) {
  return (
    <script
      nonce={nonce}
      // Browsers hide a nonce from the page once it is read, so hydration finds an empty one.
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file
      dangerouslySetInnerHTML={{ __html: script }}
    />
  );
}
