// Paths as a process gives them to absolute, normalised ones.

/**
 * Joins `path` to the directory `dir` (used when path is relative) and removes `.`, `..`, doubled and trailing slashes.
 * A relative path whose directory is unknown ('') stays relative.
 */
export function resolvePath(dir: string, path: string): string {
  if (path.charCodeAt(0) !== 47) {
    if (dir === '' || dir.charCodeAt(0) !== 47) return path
    if (path === '' || path === '.') return dir
    if (path !== '..' && !path.includes('/') && dir !== '/' && isKnownNormal(dir)) return `${dir}/${path}`
    path = dir === '/' ? `/${path}` : `${dir}/${path}`
  }
  return isNormal(path) ? path : normalise(path)
}

/** the last directory that was found to be normal: the paths that follow mostly start there too */
let lastNormal = '/'

function isKnownNormal(dir: string): boolean {
  if (dir === lastNormal) return true
  if (!isNormal(dir)) return false
  lastNormal = dir
  return true
}

const DOTS = /\/\.\.?(?:\/|$)/
const SLASH = 47
const DOT = 46

/** Whether nothing is to be removed. */
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

function normalise(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `/${out.join('/')}`
}
