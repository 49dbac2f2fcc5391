// Alerts of one rule, counted by the values of its stable fields.

/** Alerts with the same values. */
export interface Alike {
  /** of the fields, in their order; undefined: absent */
  readonly values: readonly (string | undefined)[]
  count: number
}

/** combinations of values that are told apart; more are only counted */
const MOST = 10_000

export class Tally {
  total = 0
  /** alerts that were counted only */
  beyond = 0
  private readonly known = new Map<string, Alike>()

  constructor(
    readonly fields: readonly string[],
    private readonly most = MOST,
  ) {}

  add(values: Alike['values']): void {
    this.total++
    const key = JSON.stringify(values.map((v) => v ?? null))
    const alike = this.known.get(key)
    if (alike !== undefined) alike.count++
    else if (this.known.size < this.most) this.known.set(key, { values, count: 1 })
    else this.beyond++
  }

  get alike(): Alike[] {
    return [...this.known.values()]
  }
}
