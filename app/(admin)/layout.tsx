// The admin's pages stand in the staff's frame: support sees it around the page that says which role is needed.
export { default } from "@/app/(staff)/layout";
