// Joins all modules of ksys, and the npm packages that they need, into the files of a tree that needs no other: what is named by
// its place (commands, workers, chisels, views, formats of output, the surface for chisels of users) stays a file of its own there.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown'
import { chunks, outputs } from '../chunks.js'
import { ROOT } from './root.js'

const JS = join(ROOT, '.build/js')

/** Packages that are loaded by require(), which does not wait: they stay packages, of one file each. */
export const REQUIRED = ['dns-packet', 're2js', 'string-width'] as const

const OPTIONS = {
  platform: 'node',
  cwd: ROOT,
  external: ['react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
} satisfies InputOptions

/** What runs before the joined modules, and imports them. */
const FIRST = ['main.js', 'inspector.js', 'usr1.js']

/** Files of a compiled folder that somebody looks for there, by their paths in the tree without the ending. */
function named(folder: string, like = /^[\w-]+\.js$/): [string, string][] {
  const files = readdirSync(join(JS, folder)).filter((f) => like.test(f))
  return files.sort().map((f) => [`${folder}/${f.slice(0, -3)}`, join(JS, folder, f)])
}

/** The inputs, by the paths of their outputs without the ending; joined files lie as deep as the rooms do. */
function inputs(): Record<string, string> {
  return {
    'src/joined/main': join(JS, 'src/cli/main.js'),
    'src/joined/worker': join(JS, 'src/tui/worker.js'),
    'src/joined/symbol-worker': join(JS, 'src/stacks/symbol-worker.js'),
    ...Object.fromEntries(named('src/views')),
    ...Object.fromEntries(named('chisels')),
    ...Object.fromEntries(named('src/chisel', /^(index|resolver)\.js$/)),
  }
}

/** Joins; the files that went in. */
async function joined(input: InputOptions['input'], output: OutputOptions, plugins: Plugin[] = []): Promise<string[]> {
  const bundle = await rolldown({ ...OPTIONS, input, plugins })
  const { output: chunks } = await bundle.write(output)
  await bundle.close()
  return chunks.flatMap((c) => (c.type === 'chunk' ? Object.keys(c.modules) : []))
}

/** Writes the joined modules below `to`, as they lie in the package; the npm packages' folders that are in them. */
export async function joinModules(to: string): Promise<string[]> {
  const names = { entryFileNames: '[name].js', chunkFileNames: 'src/joined/[name].js' }
  const used = await joined(inputs(), { dir: join(to, '.build/js'), ...names, ...chunks(JS) }, [outputs(JS)])
  for (const file of FIRST) cpSync(join(JS, 'src', file), join(to, '.build/js/src', file))
  for (const name of REQUIRED) used.push(...(await joinPackage(name, to)))
  return [...new Set(used.flatMap((file) => packageOf(file) ?? []))].sort()
}

async function joinPackage(name: string, to: string): Promise<string[]> {
  const file = createRequire(join(ROOT, 'package.json')).resolve(name)
  const folder = join(to, 'node_modules', name)
  const { version, license, type: declared } = packageJson(join(ROOT, 'node_modules', name))
  const type = declared === 'module' && !file.endsWith('.cjs') ? 'module' : 'commonjs'
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type })}\n`)
  const format = type === 'module' ? 'esm' : 'cjs'
  return joined({ index: file }, { dir: folder, format, entryFileNames: '[name].js' })
}

export interface PackageJson {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly type?: string
}

export function packageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** The folder of the npm package that a module belongs to; undefined for ksys's own and for what rolldown adds. */
function packageOf(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]
}
