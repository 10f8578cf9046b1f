// The admin's pages stand in the staff's frame, and so does what is not among them.
export { default, generateMetadata } from "@/app/(staff)/not-found";
