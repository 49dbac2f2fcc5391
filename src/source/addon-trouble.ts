// Why the addon does not load, by what its loader threw.

const BUILD = 'build it here with npm start, or install the package that is made for this system'

/** What the loaders of glibc and musl say, what it means, and what to do when that is not to build or install. */
const REASONS: readonly (readonly [said: RegExp, means: (found: RegExpExecArray) => string, remedy?: string])[] = [
  [/version [`'](GLIBC(?:XX)?_[\w.]+)' not found/, (m) => `which needs a newer C library than this system's (${m[1]})`],
  [
    /failed to map segment/,
    () => 'which may not run from where it lies (a file system mounted noexec), or gets no memory (ulimit -v)',
    'install ksys elsewhere, or raise the limit',
  ],
  [/\.node: cannot open shared object file: Permission denied/, () => 'which this user may not read'],
  [
    /(?:shared library |: |^)(\S+?)(?:: cannot open shared object file|: No such file or directory \(needed by)/,
    (m) => `and the library ${m[1]}, which it is linked with, is missing`,
  ],
  [
    /wrong ELF class|invalid ELF header|file too short|ELF load command|Exec format/,
    () => 'which is damaged or made for another processor',
  ],
]

/** The end of a sentence about the addon: why it does not load, by what its loader threw. */
export function whyNot(e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException
  if (code === 'MODULE_NOT_FOUND') return `which is not there: ${BUILD}`
  for (const [said, means, remedy = BUILD] of REASONS) {
    const found = said.exec(message)
    if (found !== null) return `${means(found)}: ${remedy}`
  }
  return `which does not load here: ${BUILD}`
}
