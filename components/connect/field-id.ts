/** The id and name of a platform's field in its form: apart from the form's own fields. */
export const fieldId = (name: string): string => `value-${name}`;
