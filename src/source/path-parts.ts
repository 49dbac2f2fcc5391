// Splits and joins paths, for code that resolves them component by component with O_PATH descriptors.
export const O_PATH = 0o10000000
export const SLASH = 0x2f
export const DOT = Buffer.from('.')

/** A path to the file of a descriptor. */
export function fdPath(fd: number): string {
  return `/proc/self/fd/${fd}`
}

/** The components of a path; a trailing slash adds '.', so that the path must be a folder. */
export function partsOf(path: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let from = 0; from < path.length; ) {
    const slash = path.indexOf(SLASH, from)
    const to = slash < 0 ? path.length : slash
    if (to > from) parts.push(path.subarray(from, to))
    from = to + 1
  }
  return path.length === 0 || path.at(-1) === SLASH ? [...parts, DOT] : parts
}

/** The path of a name (bytes) in a folder. */
export function nameIn(folder: string, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), name])
}
