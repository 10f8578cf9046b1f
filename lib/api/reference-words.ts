/** The words between what the routes say of themselves. English, as all of the API is. */
export const referenceWords = {
  needs: "The key needs",
  parameters: "In the address",
  body: "Body",
  answers: "Answers",
  required: "required",
  example: "Example",
  call: "With curl",
  shapes: "Shapes",
} as const;
