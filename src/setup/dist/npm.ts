// Runs npm without the environment variables of an outer npm, and downloads Node from npm.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Arch, NPM_ARCH } from './arch.js'
import { cached } from './debian.js'

const run = promisify(execFile)
const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('npm_')))

/** Runs npm in a folder and returns its standard output. */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const options = { cwd, env, maxBuffer: 1 << 26 }
  return (await run('npm', [...args, '--loglevel=error'], options)).stdout
}

/** The unpacked folder of npm's newest Node package of a version (20, 20.19, 24.21.0) for a processor. */
export function nodePackage(version: number | string, arch: Arch): Promise<string> {
  const name = `node-linux-${NPM_ARCH[arch]}`
  return cached(`${name}-${version}`, async (to) => {
    await npm(to, 'pack', `${name}@${version}`)
    await run('sh', ['-c', 'tar -xzf *.tgz --strip-components=1 && rm *.tgz'], { cwd: to })
  })
}

/** The path of that Node. */
export async function npmNode(version: number | string, arch: Arch): Promise<string> {
  return join(await nodePackage(version, arch), 'bin/node')
}
