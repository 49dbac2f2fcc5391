// Writes the compiled code of the joined scripts: of the functions that usual commands run. Argument: the root of the checkout.
import { join } from 'node:path'
import { loadScript, writeCompiledCode } from '../code-cache.js'
import { Usr1 } from '../usr1.js'
import { setV8Flags } from '../v8-flags.js'

const root = process.argv[2] as string
setV8Flags()
const { main } = loadScript(join(root, '.build/js/src/joined/main.cjs')) as typeof import('../cli/main.js')
const capture = join(root, 'captures/shell.ksys')
await main(['-r', capture, '-n', '1000'], new Usr1(false))
// rules are read on each start of a service, and compiling takes a third of that
await main(['rules', '-q', '-f', join(root, 'src/setup/rules.yaml'), '-r', capture], new Usr1(false))
writeCompiledCode()
