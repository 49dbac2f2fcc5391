// Sizes as users write them: 500K, 64M, 1.5G. K is 1000 for disks and 1024 for memory; Ki is always 1024.

const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 }

/** Parses a size to bytes; undefined if it is invalid. */
function sizeOf(text: string, base: 1000 | 1024): number | undefined {
  const m = /^(\d+(?:\.\d+)?)([kmgt]?)(i?)b?$/i.exec(text)
  if (m === null) return undefined
  const [, digits, unit = '', binary] = m
  const bytes = Number(digits) * (binary === '' ? base : 1024) ** (POWERS[unit.toLowerCase()] as number)
  return unit === '' && !Number.isInteger(bytes) ? undefined : Math.round(bytes)
}

export const diskSize = (text: string): number | undefined => sizeOf(text, 1000)

export const memorySize = (text: string): number | undefined => sizeOf(text, 1024)
