export { default as script } from "client:app";
