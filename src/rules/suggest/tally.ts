// Counts the alerts of one rule by the values of its stable fields.

/** Alerts with the same values. */
export interface AlertGroup {
  /** of the fields, in their order; undefined: absent */
  readonly values: readonly (string | undefined)[]
  count: number
}

/** combinations of values that are distinguished; alerts with further ones are only counted in `beyond` */
const MOST = 10_000

export class Tally {
  total = 0
  /** alerts that are in no group */
  beyond = 0
  private readonly known = new Map<string, AlertGroup>()

  constructor(
    readonly fields: readonly string[],
    private readonly most = MOST,
  ) {}

  add(values: AlertGroup['values']): void {
    this.total++
    const key = JSON.stringify(values.map((v) => v ?? null))
    const group = this.known.get(key)
    if (group !== undefined) group.count++
    else if (this.known.size < this.most) this.known.set(key, { values, count: 1 })
    else this.beyond++
  }

  get groups(): AlertGroup[] {
    return [...this.known.values()]
  }
}
