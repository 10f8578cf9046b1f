/**
 * The name of Arabic in Arabic, drawn (Noto Sans Arabic, SIL Open Font License). As text it would be the only word of a Latin page for which a
 * browser has to search the system's fonts, which costs a cheap phone more time than all other layout of the page.
 */
export function ArabicName() {
  return (
    <svg aria-hidden="true" viewBox="0 -80 251 115" className="h-[1.15em]" fill="currentColor">
      <path d="M31-63q-2 0-3-2-2-1-2-3t2-3q1-2 3-2l4 2 1 3-1 3zm-13 0-4-2-1-3 1-3 4-2q2 0 3 2 2 1 2 3t-2 3q-1 2-3 2M49 1q-6 0-10-2l-7-5q-2-4-2-11l-2-35h8l2 33q0 5 2 7l3 4h7l3 1 1 3q0 2-2 3-1 2-3 2M34-10 22-9l-9-1q-5-2-7-5-3-3-3-7l2-8q2-4 6-7l9-5 10-2 2 8-9 1-7 3-4 4-1 4q0 3 2 4l4 2 5 1h6l5-1zm40 29-4-1-1-3 1-4 4-1 3 1 2 4q0 2-2 3zm-14 0-3-1q-2-1-2-3l2-4 3-1 4 1 1 4-1 3zM49 1l1-9h7l5-3 2-7 2-10 8 1-1 4-1 5v6l2 2 4 2h9l3 1 1 3-1 3-4 2-10-1-5-2-3-3-1-5h3l-3 6-5 3-5 1zm48 18-4-1-1-4 1-3 4-2q2 0 3 2 2 1 2 3l-2 4zM86 1l1-9h8l4-3 1-5-1-6-2-8-2-7 8-3 2 7 2 8 1 7-1 7-3 5q-1 3-4 4l-6 2zm24 22-3-7 12-6 8-6 4-8 1-7-2-10-4-9 7-4 3 7 3 6 2 6 3 6 6 1 3 1 1 3-1 3q-1 2-4 2-4 0-7-2l-4-4-2-5 3 1q0 7-3 12-2 6-7 10l-10 7zm39-22 1-9 12-1 9-3 8-4 5-6q2-2 2-5l-1-3-3-2-6-1-5 1-5 1-4 3 5 4 5 4 5 6 5 3 7 2 7 1h7l3 1 1 3q0 2-2 3-1 2-3 2l-12-2-10-3-9-5-4-5-4-4-6-4-1-2-1-3v-2l2-3 5-5 7-3 9-1q5 0 9 2 3 1 5 4l2 6-2 8-7 9-9 6-13 5q-6 2-14 2m53 0v-9l8-1q3-1 3-4v-7l-2-51h8l2 50v9q0 4-3 7-2 3-6 4-4 2-10 2m35-1-2-71h8l2 71z" />
    </svg>
  );
}
