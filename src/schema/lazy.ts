// Values that are computed when they are first needed: most runs use few of the tables that the schema declares.

/** A function that returns what `make` returns; `make` runs once, at the first call. */
export function once<T extends {}>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Adds a property to an object; its value is made when it is first read. A spread of the object reads it. */
export function lazily<T extends object, K extends string, V>(
  object: T,
  key: K,
  make: () => V,
): T & Readonly<Record<K, V>> {
  const get = () => {
    const value = make()
    Object.defineProperty(object, key, { value })
    return value
  }
  return Object.defineProperty(object, key, { configurable: true, enumerable: true, get }) as T & Readonly<Record<K, V>>
}
