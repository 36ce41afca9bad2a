/** The source of src/profiler/NAME.ts, bundled as a CommonJS script for a worker thread. */
declare module "thread:*" {
  const script: string;
  export default script;
}
