export { default } from "@/app/sign-in/layout";
