/** What is used of jStat, which comes without types. */
declare module "jstat" {
  interface Distribution {
    inv(p: number, ...parameters: number[]): number;
  }
  const jstat: { beta: Distribution; studentt: Distribution };
  export default jstat;
}
