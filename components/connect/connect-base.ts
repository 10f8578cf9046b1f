// Where the pages of connecting are: those of whoever is signed in, or a connect link's own.
export const connectBase = (link: string | null): string => (link === null ? "/connect" : `/by-link/${link}`);
