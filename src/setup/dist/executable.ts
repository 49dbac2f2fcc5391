// Builds the single executable: Node, the start code (src/executable), and an archive of all files of the tree.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { ARCHIVE, archiveOf, type PackedFile, START, sha256 } from '../../executable/manifest.js'
import { NODE_FLAGS } from '../../inspector.js'
import { type Arch, HOST_ARCH } from './arch.js'
import { npmNode } from './npm.js'
import { SHIPPED_NODE } from './pins.js'
import { executablePath, VERSION, WORK } from './places.js'
import { ROOT } from './root.js'
import { run } from './run.js'
import { stripFor } from './tree.js'

const POSTJECT = join(ROOT, 'node_modules/postject/dist/cli.js')
/** Names that Node searches in its own file (see its documentation of single executables). */
const RESOURCE = 'NODE_SEA_BLOB'
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** The pinned Node for a processor, from npm. */
async function pinnedNode(arch: Arch): Promise<string> {
  const { version, sha256: pinned } = SHIPPED_NODE
  const file = await npmNode(version, arch)
  const found = sha256(readFileSync(file))
  if (found !== pinned[arch])
    throw new Error(`${file} is not the Node ${version} pinned in pins.ts: its SHA-256 is ${found}`)
  return file
}

/** The same without symbols, which are a tenth of its size. */
export async function shippedNode(arch: Arch): Promise<string> {
  const file = join(WORK, `node-${arch}`)
  await run(stripFor(arch), ['-o', file, await pinnedNode(arch)])
  return file
}

/** All files below a folder, as sorted relative paths. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(folder.length + 1))
  return files.sort()
}

/** Writes the archive of a tree. */
function writeArchive(tree: string, to: string): void {
  const start = { path: START, bytes: readFileSync(join(ROOT, 'src/executable', START)) }
  const contents = [start, ...filesBelow(tree).map((path) => ({ path, bytes: readFileSync(join(tree, path)) }))]
  const files = contents.map(
    ({ path, bytes }): PackedFile => ({
      path,
      size: bytes.length,
      sha256: sha256(bytes),
      executable: path.endsWith('.node'),
    }),
  )
  const archive = archiveOf(
    { version: VERSION, files },
    contents.map((c) => c.bytes),
  )
  writeFileSync(join(to, ARCHIVE), archive)
}

async function joinStart(file: string): Promise<void> {
  const input = join(ROOT, '.build/js/src/executable/main.js')
  const bundle = await rolldown({ input, platform: 'node', cwd: ROOT })
  await bundle.write({ file, format: 'cjs' })
  await bundle.close()
}

/** Node's configuration for the blob. The names are relative to the working directory, as paths would become part of the blob. */
const CONFIG = {
  main: 'first.cjs',
  output: 'blob',
  disableExperimentalSEAWarning: true,
  // the build may run on another processor
  useCodeCache: false,
  execArgv: NODE_FLAGS,
  // NODE_OPTIONS is meant for other programs
  execArgvExtension: 'none',
  assets: { [ARCHIVE]: ARCHIVE },
}

/** Builds the executable from a tree and returns its path. */
export async function makeExecutable(arch: Arch, tree: string): Promise<string> {
  const dir = join(WORK, `executable-${arch}`)
  mkdirSync(dir, { recursive: true })
  writeArchive(tree, dir)
  await joinStart(join(dir, CONFIG.main))
  writeFileSync(join(dir, 'sea.json'), JSON.stringify(CONFIG))
  await run(await pinnedNode(HOST_ARCH), ['--experimental-sea-config', 'sea.json'], dir)
  const file = executablePath(arch)
  copyFileSync(await shippedNode(arch), file)
  await run(process.execPath, [POSTJECT, file, RESOURCE, join(dir, CONFIG.output), '--sentinel-fuse', FUSE])
  chmodSync(file, 0o755)
  return file
}
