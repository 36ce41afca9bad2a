export { default as script } from "client:engine";
