"use client";

import dynamic from "next/dynamic";

// Written by the server with the page; its script comes only where there is something to paste.
export const CredentialsLate = dynamic(() => import("./credentials-form").then(({ CredentialsForm }) => CredentialsForm));
