/** What an attempt's starter is called where a link began it. */
export const isLinkId = (id: string): boolean => /^lnk_[0-9a-z]{20}$/.test(id);
