export class Random {
  constructor(seed: number);
}
