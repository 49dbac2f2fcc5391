// Writes the compiled code of the joined scripts: of the functions that a usual command runs. Argument: the root of the checkout.
import { join } from 'node:path'
import { loadScript, writeCompiledCode } from '../code-cache.js'
import { Usr1 } from '../usr1.js'

const root = process.argv[2] as string
const { main } = loadScript(join(root, '.build/js/src/joined/main.cjs')) as typeof import('../cli/main.js')
await main(['-r', join(root, 'captures/shell.ksys'), '-n', '1000'], new Usr1(false))
writeCompiledCode()
