// npm as a command, without what an outer npm has put into the environment; and npm's Nodes.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Arch, NPM_ARCH } from './arch.js'
import { cached } from './debian.js'

const run = promisify(execFile)
const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('npm_')))

/** Runs npm in a folder; what it says on standard output. */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const options = { cwd, env, maxBuffer: 1 << 26 }
  return (await run('npm', [...args, '--loglevel=error'], options)).stdout
}

/** npm's newest package of Node of a version (20, 20.19, 24.21.0) for that processor: its folder, unpacked. */
export function nodePackage(version: number | string, arch: Arch): Promise<string> {
  const name = `node-linux-${NPM_ARCH[arch]}`
  return cached(`${name}-${version}`, async (to) => {
    await npm(to, 'pack', `${name}@${version}`)
    await run('sh', ['-c', 'tar -xzf *.tgz --strip-components=1 && rm *.tgz'], { cwd: to })
  })
}

/** The path of such a Node. */
export async function npmNode(version: number | string, arch: Arch): Promise<string> {
  return join(await nodePackage(version, arch), 'bin/node')
}
