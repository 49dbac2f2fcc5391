// Loads ksys's modules that are joined as scripts (src/setup/bundle.ts), with the code that V8 compiled of them in an earlier run: compiling
// takes a fifth of a short run. Node before 22 has no such cache for modules.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** Versions of Node do not understand each other's compiled code. V8 does not notice if it has the same version in both. */
const SUFFIX = `.${process.version}.cache`

/** The length of the checksum before the code in a file. */
const CHECKSUM_BYTES = 4

/**
 * Modules of Node that take milliseconds to load and that few commands use, although joined scripts import them at their top. They are
 * loaded at the first access to something in them. None is imported as a whole (`import net from 'node:net'`).
 */
const LAZY = new Set([
  'node:child_process',
  'node:crypto',
  'node:http',
  'node:https',
  'node:net',
  'node:worker_threads',
])

interface Loaded {
  readonly script: Script
  readonly exports: object
}

const loaded = new Map<string, Loaded>()

/** What scripts call instead of import(), which is experimental in scripts. */
const importModule = (url: string) => import(url)

/** Loads a script file and those that it requires. Files of other extensions and packages are loaded by Node. */
export function loadScript(file: string): object {
  const known = loaded.get(file)
  if (known !== undefined) return known.exports
  const text = `(function (exports, require, module, __filename, __dirname, importModule) {${readFileSync(file, 'utf8')}\n})`
  const script = new Script(text, { filename: file, cachedData: compiledCode(file) })
  const module = { exports: {} }
  loaded.set(file, { script, exports: module.exports })
  const folder = dirname(file)
  const nodes = createRequire(file)
  const require = (id: string) => {
    if (/^\.\/.*\.cjs$/.test(id)) return loadScript(join(folder, id))
    return LAZY.has(id) ? lazily(() => nodes(id)) : nodes(id)
  }
  try {
    script.runInThisContext()(module.exports, Object.assign(require, nodes), module, file, folder, importModule)
  } catch (e) {
    // a later attempt must not get a half-loaded module
    loaded.delete(file)
    throw e
  }
  return module.exports
}

/** The exports of a module that is loaded when one of them is read. */
function lazily(load: () => object): object {
  let exports: object | undefined
  return new Proxy(
    {},
    {
      get(_, name) {
        exports ??= load()
        return Reflect.get(exports, name)
      },
    },
  )
}

/**
 * The compiled code of a script, unless the script is newer, or the code is damaged or cannot be read. V8 rejects the code of other
 * settings, and compiles again.
 */
function compiledCode(file: string): Buffer | undefined {
  const cache = `${file}${SUFFIX}`
  try {
    const written = statSync(cache, { throwIfNoEntry: false })
    if (written === undefined || written.mtimeMs < statSync(file).mtimeMs) return undefined
    const stored = readFileSync(cache)
    const code = stored.subarray(CHECKSUM_BYTES)
    // V8 tests only the length: damaged code would end Node
    return checksum(code).equals(stored.subarray(0, CHECKSUM_BYTES)) ? code : undefined
  } catch {
    return undefined
  }
}

/** Writes what was compiled of all scripts so far beside them, each after its checksum. */
export function writeCompiledCode(): void {
  for (const [file, { script }] of loaded) {
    const code = script.createCachedData()
    writeFileSync(`${file}${SUFFIX}`, Buffer.concat([checksum(code), code]))
  }
}

function checksum(code: Uint8Array): Buffer {
  const bytes = Buffer.alloc(CHECKSUM_BYTES)
  bytes.writeUInt32LE(crc32(code))
  return bytes
}
