// Values by key up to a weight of all together: beyond, those that were kept first go. The newest stays whatever its weight.

export class Keeping<K, V> {
  private readonly values = new Map<K, { readonly value: V; weight: number }>()
  private sum = 0

  /** @param most weight of all together */
  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    return this.values.get(key)?.value
  }

  /** Keeps a value, or notes the weight of one that is kept. */
  keep(key: K, value: V, weight: number): void {
    this.forget(key)
    this.values.set(key, { value, weight })
    this.sum += weight
    for (const first of this.values.keys()) {
      if (this.sum <= this.most || first === key) break
      this.forget(first)
    }
  }

  forget(key: K): void {
    this.sum -= this.values.get(key)?.weight ?? 0
    this.values.delete(key)
  }
}
