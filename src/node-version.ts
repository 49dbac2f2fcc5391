// Which versions of Node ksys runs on. main.ts checks it before it imports anything else, whose syntax or modules an older Node may lack.

/** The first release of each supported line; later lines are supported from their first release. As `engines` in package.json. */
const FIRST: ReadonlyMap<number, number> = new Map([
  [20, 19],
  [22, 13],
  [23, 5],
])

function fits(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const first = FIRST.get(major)
  return first === undefined ? major > Math.max(...FIRST.keys()) : minor >= first
}

/** Why ksys does not run on this version of Node; undefined if it does. */
export function unfitNode(version: string): string | undefined {
  return fits(version) ? undefined : `Node.js 20.19, 22.13, 24 or newer is needed, and this is ${version}`
}
