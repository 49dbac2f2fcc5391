// Reads JSON from outside, of any structure, with neutral values for what is missing or of a wrong type.

export type Raw = Readonly<Record<string, unknown>>

export const object = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
export const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : [])
export const text = (v: unknown): string => (typeof v === 'string' ? v : '')
export const flag = (v: unknown): boolean | undefined => (typeof v === 'boolean' ? v : undefined)
export const number = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0)

/** Texts by key, of an object's own keys. */
export const texts = (v: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(object(v)).filter((e): e is [string, string] => typeof e[1] === 'string'))

/** JSON to a value, undefined when it is none. */
export function json(source: string): unknown {
  try {
    return JSON.parse(source) as unknown
  } catch {
    return undefined
  }
}

/** Seconds since the epoch of an ISO time, 0 when it is none. */
export function seconds(iso: unknown): number {
  const ms = Date.parse(text(iso))
  return Number.isFinite(ms) && ms > 0 ? ms / 1000 : 0
}
