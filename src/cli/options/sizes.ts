// Sizes as people write them: 500K, 64M, 1.5G. Of disks K is 1000, of memory 1024, and Ki always 1024.

const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 }

/** Bytes of a size; undefined when it is none. */
function sizeOf(text: string, base: 1000 | 1024): number | undefined {
  const m = /^(\d+(?:\.\d+)?)([kmgt]?)(i?)b?$/i.exec(text)
  if (m === null) return undefined
  const [, digits, unit = '', binary] = m
  const bytes = Number(digits) * (binary === '' ? base : 1024) ** (POWERS[unit.toLowerCase()] as number)
  return unit === '' && !Number.isInteger(bytes) ? undefined : Math.round(bytes)
}

export const diskSize = (text: string): number | undefined => sizeOf(text, 1000)

export const memorySize = (text: string): number | undefined => sizeOf(text, 1024)
