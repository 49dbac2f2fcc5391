// Converts paths as a process gives them to absolute, normalised ones.

/** Prefix of a directory whose path was too long or too deep for the kernel side: its leading components are not known. */
const CUT = '.../'

/**
 * Joins `path` to the directory `dir` (used if path is relative) and removes `.`, `..`, doubled and trailing slashes.
 * A relative path whose directory is unknown ('') stays relative, normalised as far as possible.
 */
export function resolvePath(dir: string, path: string): string {
  if (path.charCodeAt(0) !== 47) {
    if (dir.startsWith(CUT)) return `...${resolvePath(dir.slice(CUT.length - 1), path)}`
    if (dir === '' || dir.charCodeAt(0) !== 47) return isName(path) ? path : relative(path)
    if (path === '' || path === '.') return dir
    if (path !== '..' && isName(path) && dir !== '/' && straight(dir) === dir) return `${dir}/${path}`
    path = dir === '/' ? `/${path}` : `${dir}/${path}`
  }
  return straight(path)
}

/** Cache of absolute paths and their normalised forms: most paths recur, as the very same string. */
const KNOWN = 512
const seen: string[] = new Array<string>(KNOWN).fill('/')
const direct: string[] = new Array<string>(KNOWN).fill('/')

/** The normalised form of an absolute path. */
function straight(path: string): string {
  const { length } = path
  const slot = (length + 7 * path.charCodeAt(length - 1) + 31 * path.charCodeAt(length >> 1)) & (KNOWN - 1)
  if (path !== seen[slot]) {
    seen[slot] = path
    direct[slot] = isNormal(path) ? path : normalise(path)
  }
  return direct[slot] as string
}

/** Whether it contains no slash. */
function isName(path: string): boolean {
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === SLASH) return false
  return true
}

const DOTS = /\/\.\.?(?:\/|$)/
const SLASH = 47
const DOT = 46

/** Whether it is normalised already. */
function isNormal(path: string): boolean {
  let before = 0
  let dots = false
  for (let i = 0; i < path.length; i++) {
    const c = path.charCodeAt(i)
    if (before === SLASH) {
      if (c === SLASH) return false
      if (c === DOT) dots = true
    }
    before = c
  }
  return (before !== SLASH || path.length === 1) && !(dots && DOTS.test(path))
}

/** Normalises a relative path; `..` components that lead above its start remain at its beginning. */
function relative(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return out.length === 0 ? '.' : out.join('/')
}

function normalise(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `/${out.join('/')}`
}
