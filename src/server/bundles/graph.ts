export { default as script } from "client:graph";
