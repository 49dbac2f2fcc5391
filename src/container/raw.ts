// Reads JSON of unknown structure from outside, with neutral values for what is missing or has a wrong type.

export type Raw = Readonly<Record<string, unknown>>

export const object = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
export const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : [])
export const text = (v: unknown): string => (typeof v === 'string' ? v : '')
export const flag = (v: unknown): boolean | undefined => (typeof v === 'boolean' ? v : undefined)
export const number = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0)

/** The members of an object whose values are texts. */
export const texts = (v: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(object(v)).filter((e): e is [string, string] => typeof e[1] === 'string'))

/** Parses JSON; undefined if it is invalid. */
export function json(source: string): unknown {
  try {
    return JSON.parse(source) as unknown
  } catch {
    return undefined
  }
}

/** Seconds since the epoch from an ISO time; 0 if it is invalid. */
export function seconds(iso: unknown): number {
  const ms = Date.parse(text(iso))
  return Number.isFinite(ms) && ms > 0 ? ms / 1000 : 0
}
