// A cache with a limit on the total weight of its values: the oldest are dropped, except the newest whatever its weight.

export class BoundedCache<K, V> {
  private readonly values = new Map<K, { readonly value: V; weight: number }>()
  private sum = 0

  /** @param most limit of the total weight */
  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    return this.values.get(key)?.value
  }

  /** Adds a value, or updates the weight of a cached one. */
  set(key: K, value: V, weight: number): void {
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
