// Joins all modules of ksys and the npm packages that they need into a self-contained tree. Modules that are loaded by path (commands, workers,
// chisels, the API for users' chisels) remain separate files.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown'
import { chunks, declared } from '../chunks.js'
import { ROOT } from './root.js'

const JS = join(ROOT, '.build/js')

/** Packages that are loaded by require(), synchronously: they remain packages, with one file each. */
export const REQUIRED = ['dns-packet', 're2js', 'string-width'] as const

const OPTIONS = {
  platform: 'node',
  cwd: ROOT,
  external: ['react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
} satisfies InputOptions

/** Files that run before the joined modules and import them. */
const FIRST = ['main.js', 'opens-ui.js', 'node-version.js', 'inspector.js', 'v8-flags.js', 'usr1.js']

/** Files of a compiled folder that are loaded by path, with their paths in the tree without extension. */
function compiledFiles(folder: string, like = /^[\w-]+\.js$/): [string, string][] {
  const files = readdirSync(join(JS, folder)).filter((f) => like.test(f))
  return files.sort().map((f) => [`${folder}/${f.slice(0, -3)}`, join(JS, folder, f)])
}

/** The inputs, by the paths of their outputs without extension. Joined files are at the same depth as the modules' folders. */
function inputs(): Record<string, string> {
  return {
    'src/joined/main': join(JS, 'src/cli/main.js'),
    'src/joined/worker': join(JS, 'src/tui/worker.js'),
    'src/joined/symbol-worker': join(JS, 'src/stacks/symbol-worker.js'),
    ...Object.fromEntries(compiledFiles('chisels')),
    ...Object.fromEntries(compiledFiles('src/chisel', /^(index|resolver)\.js$/)),
  }
}

/** Joins modules and returns the files that were included. */
async function joined(input: InputOptions['input'], output: OutputOptions, plugins: Plugin[] = []): Promise<string[]> {
  const bundle = await rolldown({ ...OPTIONS, input, plugins })
  const { output: chunks } = await bundle.write(output)
  await bundle.close()
  return chunks.flatMap((c) => (c.type === 'chunk' ? Object.keys(c.modules) : []))
}

/** Writes the joined modules below `to`, in the layout of the package; returns the folders of the npm packages included. */
export async function joinModules(to: string): Promise<string[]> {
  const names = { entryFileNames: '[name].js', chunkFileNames: 'src/joined/[name].js' }
  const used = await joined(inputs(), { dir: join(to, '.build/js'), ...names, ...chunks(JS) }, [declared(JS)])
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

interface PackageJson {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly description?: string
  readonly type?: string
}

export function packageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** The folder of the npm package of a module; undefined for ksys's own modules and those that rolldown adds. */
function packageOf(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]
}
